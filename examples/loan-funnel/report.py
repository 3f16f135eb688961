"""What became of loan applications that were still open a day, three days and a week after they came in.

python examples/loan-funnel/report.py FOLDER        with cases.parquet and events.parquet in it
"""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from ripeline.batch.mapping_text import read_mapping
from ripeline.batch.score import score_files
from ripeline.definition.load import read
from ripeline.stats.landmark import Comparison, Fate, Standing, compared

HERE = Path(__file__).parent
LANDMARKS = (1, 3, 7)  # days after registration
AFTER_THE_LAST = datetime(2012, 4, 1, tzinfo=UTC)
DECIDED_BY = ("A_DECLINED", "A_CANCELLED", "A_APPROVED", "A_REGISTERED", "A_ACTIVATED")
FATES: dict[str, Fate] = {"won": "won", "declined": "not won", "cancelled": "not won", "open": "open"}


def comparisons(folder: Path) -> dict[int, Comparison]:
    """For each landmark, who was won later among the cases open at it, by whether they had qualified by then.

    A case's first crossing turns on nothing that came after it, so one scoring at the end answers for every landmark.
    """
    scores = score_files(read(HERE / "definition.yaml"), folder, read_mapping(HERE / "map.yaml"), as_of=AFTER_THE_LAST)
    qualified_at = dict(zip(scores["lead"].to_pylist(), scores["qualified_at"].to_pylist(), strict=True))
    cases = pq.read_table(folder / "cases.parquet").to_pylist()
    decided_at = first_decisions(folder)
    return {days: compared(standings(cases, decided_at, qualified_at, days)) for days in LANDMARKS}


def first_decisions(folder: Path) -> dict[str, datetime]:
    """When each case was first declined, cancelled or approved."""
    steps = pq.read_table(folder / "events.parquet", filters=[("activity", "in", DECIDED_BY)])
    first = steps.group_by("case_id").aggregate([("timestamp", "min")])
    return dict(zip(first["case_id"].to_pylist(), first["timestamp_min"].to_pylist(), strict=True))


def standings(
    cases: list[dict[str, Any]], decided_at: dict[str, datetime], qualified_at: dict[str, datetime | None], days: int
) -> list[Standing]:
    """The cases that were open so many days after they were registered."""
    found = []
    for case in cases:
        landmark = case["reg_date"] + timedelta(days=days)
        decided = decided_at.get(case["case_id"])
        if decided is None or decided > landmark:
            crossed = qualified_at[case["case_id"]]
            found.append(Standing(crossed is not None and crossed <= landmark, FATES[case["outcome"]]))
    return found


def report(found: dict[int, Comparison]) -> str:
    """The comparisons as a table."""
    lines = ["Won later, among the cases still open (95 % interval); cases open to this day apart"]
    for days, comparison in found.items():
        lines += [
            f"day {days}",
            f"  qualified by then    {comparison.qualified.won}; still open {comparison.qualified.still_open}",
            f"  not qualified        {comparison.not_qualified.won}; still open {comparison.not_qualified.still_open}",
            f"  all                  {comparison.everybody.won}; still open {comparison.everybody.still_open}",
        ]
        difference = comparison.difference
        if difference.value is not None and difference.low is not None and difference.high is not None:
            points = [f"{100 * bound:.1f}" for bound in (difference.value, difference.low, difference.high)]
            lines.append(f"  difference           {points[0]} points ({points[1]} to {points[2]})")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(report(comparisons(Path(sys.argv[1]))) + "\n")
