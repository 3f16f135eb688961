"""What a file says before any of it is imported: its columns, its first rows as events, and what is wrong with them."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from ripeline.batch.csv_records import BrokenRow
from ripeline.batch.filed import Filed, RefusedRow
from ripeline.batch.history import History
from ripeline.batch.mapping import Mapping
from ripeline.batch.tables import Row, columns, rows

SAMPLED = 200  # rows the guess looks at
SHOWN = 20  # events
TRIED = 1_000  # rows problems are looked for in
PROBLEMS = 20
MOST_COLUMNS = 200


class Sample(msgspec.Struct, frozen=True):
    """The columns of a file and its first rows."""

    columns: list[str]
    rows: list[dict[str, Any]]

    def example(self, column: str) -> str:
        """The first cell of a column that says something, short enough for a table."""
        told = next((cell for row in self.rows if (cell := row.get(column)) not in (None, "")), "")
        return str(told)[:60]


class Preview(msgspec.Struct, frozen=True):
    """The first events, the first problems, and how many of the rows that were `tried` have one."""

    events: list[Filed]
    problems: list[RefusedRow]
    refused: int
    tried: int


def sampled(path: Path) -> Sample:
    """Raises UnreadableFile."""
    told = [row.cells for row in islice(_whole(path), SAMPLED)]
    names = columns(path)
    if names is None:  # JSONL declares none
        names = list(dict.fromkeys(name for cells in told for name in cells))
    return Sample([name for name in names if name][:MOST_COLUMNS], told)


def preview(path: Path, mapping: Mapping | None, *, source: str) -> Preview:
    """Raises UnreadableFile and MappingError."""
    history = History(path, mapping, source=source)
    events: list[Filed] = []
    problems: list[RefusedRow] = []
    refused = 0
    for each in history:
        if isinstance(each, Filed):
            events += [each] if len(events) < SHOWN else []
        else:
            refused += 1
            problems += [each] if len(problems) < PROBLEMS else []
        if history.rows >= TRIED:
            break
    return Preview(events, problems, refused, history.rows)


def _whole(path: Path) -> Iterator[Row]:
    return (row for row in rows(path) if not isinstance(row, BrokenRow))
