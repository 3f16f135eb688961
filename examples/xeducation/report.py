"""How often enquiries of each score band were converted.

python examples/xeducation/report.py FOLDER         with leads_labelled.csv.gz in it
"""

import csv
import gzip
import sys
from datetime import UTC, datetime
from pathlib import Path

from ripeline.batch.mapping_text import read_mapping
from ripeline.batch.score import score_files
from ripeline.definition.load import read
from ripeline.stats.bands import Band, by_band

HERE = Path(__file__).parent
AS_OF = datetime(2022, 1, 1, tzinfo=UTC)  # the instant that the mapping gives every row
EDGES = (10, 25, 50, 75)
TYPED_BY_STAFF = "Lead Add Form"  # nine of ten of them convert: they were entered because they would


def conversions(folder: Path) -> dict[str, list[Band]]:
    """The bands of all leads, and of those who came by themselves."""
    file = folder / "leads_labelled.csv.gz"
    scores = score_files(read(HERE / "definition.yaml"), file, read_mapping(HERE / "map.yaml"), as_of=AS_OF)
    score_of = dict(zip(scores["lead"].to_pylist(), scores["score"].to_pylist(), strict=True))
    with gzip.open(file, "rt", encoding="utf-8", newline="") as text:
        rows = [
            (score_of[row["Prospect ID"]], row["Converted"] == "1", row["Lead Origin"]) for row in csv.DictReader(text)
        ]
    return {
        "all leads": by_band([(score, won) for score, won, _ in rows], EDGES),
        "who came by themselves": by_band([(score, won) for score, won, by in rows if by != TYPED_BY_STAFF], EDGES),
    }


def report(found: dict[str, list[Band]]) -> str:
    """The bands as a table, the highest first."""
    lines = ["Converted, by score (95 % interval)"]
    for title, bands in found.items():
        lines.append(title)
        for band in reversed(bands):
            low = "" if band.at_least is None else f"{band.at_least:g}"
            high = "" if band.below is None else f"{band.below:g}"
            lines.append(f"  {low:>3} to {high:<4}  {band.won}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(report(conversions(Path(sys.argv[1]))) + "\n")
