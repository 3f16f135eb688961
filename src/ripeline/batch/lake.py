"""The lake: committed events, acts, transitions, clocks and outcomes as Parquet files that never change.

    events/000000000001-000000010000.parquet    a segment: the log's sequence numbers 1 to 10,000
    sorted-000000010000/00000.parquet …         the same events by ranges of identities, up to that number
    transitions/000000000001-000000000090.parquet …

Names say what is there, so there is no list that could disagree with it: a file is whole or absent, a segment counts
until a sorted folder holds its numbers, and of two sorted folders the further one counts. One process mirrors and
compacts; any number may read meanwhile.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ripeline.batch.records import RECORDS
from ripeline.batch.sealing import UNFINISHED, event_table, numbers, order, sealed

EVENTS = "events"
SORTED = "sorted-"
DIGITS = 12
READ_LATER = ".read-"


class LoggedEvent(NamedTuple):
    """A committed event as the log has it; instants are microseconds since 1970, `source` is its name.

    `identity` is the id it came under, `message_id` as its sender wrote it, `body` the whole message.
    """

    identity: int
    occurred_at: int
    source: str
    message_id: str
    seq: int
    received_at: int
    kind: str
    name: str
    body: bytes


class Contents(NamedTuple):
    """The files that hold every mirrored event once: `parts` by ranges of identities, then `segments` since."""

    parts: tuple[Path, ...]
    segments: tuple[Path, ...]

    @property
    def files(self) -> tuple[Path, ...]:
        return self.parts + self.segments


class Lake:
    """A lake in `folder`, which need not exist yet."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self._mirrored: dict[str, int] = {}

    def mirrored_to(self, table: str = EVENTS) -> int:
        """The last number that is here to stay, 0 for none: go on mirroring after it."""
        if table not in self._mirrored:
            ends = [_range(path)[1] for path in _segments(self.folder / table)]
            if table == EVENTS:
                newest = newest_sorted(self.folder)
                ends += [sorted_through(newest)] if newest else []
            self._mirrored[table] = max(ends, default=0)
        return self._mirrored[table]

    def mirror(self, rows: Sequence[LoggedEvent] | Sequence[Sequence[Any]]) -> Path | None:
        """Seal the events with numbers after `mirrored_to`, as `LoggedEvent` or tuples in its order.

        Rows mirrored before are left out, so a caller that crashed may simply begin again. Returns the new segment.
        Thousands of rows at once cost about 3 µs of CPU each; a file of its own for a few costs milliseconds.
        """
        end = self.mirrored_to()
        return self.mirror_table(event_table([row for row in rows if row[4] > end]))

    def mirror_table(self, table: pa.Table) -> Path | None:
        """As `mirror`, of a table of schema `EVENT`, and columns read of it already, whose numbers are all new."""
        if not table.num_rows:
            return None
        seq = numbers(table["seq"])
        path = self._new_segment(EVENTS, int(seq.min()), int(seq.max()))
        sealed(path, [table.take(order(table))], table.schema)
        self._mirrored[EVENTS] = int(seq.max())
        return path

    def record(self, table: str, rows: Sequence[Sequence[Any]], *, through: int) -> Path | None:
        """Seal rows of `records.RECORDS[table]`, in its order of columns: all that changed up to number `through`.

        A row replaces an earlier one with the same `id`. `through` counts whatever the caller counts, and rises.
        """
        if not rows or through <= self.mirrored_to(table):
            return None
        schema = RECORDS[table]
        columns = [_column(told, field.type) for told, field in zip(zip(*rows, strict=True), schema, strict=True)]
        path = self._new_segment(table, self.mirrored_to(table) + 1, through)
        sealed(path, [pa.Table.from_arrays(columns, schema=schema)], schema)
        self._mirrored[table] = through
        return path

    def records(self, table: str) -> pa.Table:
        """The rows of `table` as they stand: of each `id` the one mirrored last, in order of `id`, but the dropped."""
        schema = RECORDS[table]
        tables = [pq.read_table(path, schema=schema) for path in _segments(self.folder / table)]
        rows = pa.concat_tables(tables) if tables else schema.empty_table()
        last = {number: place for place, number in enumerate(numbers(rows["id"]).tolist())}
        rows = rows.take(pa.array([last[number] for number in sorted(last)], pa.int64()))
        return rows.filter(pc.invert(rows["dropped"])) if "dropped" in schema.names else rows

    def contents(self) -> Contents:
        """The files to read now. One may be gone a moment later, when a compaction has ended: ask again then.

        A compaction renames its folder before it deletes what that replaces. So if the folder that counts is the same
        after the files were listed as before, nothing had been deleted when they were.
        """
        newest = newest_sorted(self.folder)
        while True:
            listed = self._beside(newest)
            before, newest = newest, newest_sorted(self.folder)
            if listed is not None and newest == before:
                return listed

    def _beside(self, newest: Path | None) -> Contents | None:
        """What lies in the sorted folder and the segments it does not hold; None if the folder is gone."""
        try:
            parts = tuple(sorted(path for path in newest.iterdir() if is_main(path))) if newest else ()
        except FileNotFoundError:
            return None
        through = sorted_through(newest) if newest else 0
        return Contents(parts, tuple(path for path in _segments(self.folder / EVENTS) if _range(path)[0] > through))

    def _new_segment(self, table: str, first: int, last: int) -> Path:
        folder = self.folder / table
        if first <= self.mirrored_to(table):
            raise ValueError(f"{table} are mirrored up to {self.mirrored_to(table)}; {first} is not new")
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(f"*{UNFINISHED}"):  # of a mirror that died; what it held comes again
            if READ_LATER not in left.name:  # which somebody may be writing now
                left.unlink()
        return folder / f"{first:0{DIGITS}}-{last:0{DIGITS}}.parquet"


def _column(told: Sequence[Any], type_: pa.DataType) -> pa.Array:
    """SQLite, where rows come from, tells truth as 0 and 1."""
    if pa.types.is_boolean(type_):
        told = [None if value is None else bool(value) for value in told]
    return pa.array(told, type_)


def is_main(path: Path) -> bool:
    """Whether `path` holds events, and not columns read of them later (`….read-….parquet`)."""
    return path.suffix == ".parquet" and "." not in path.stem


def _segments(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.parquet") if is_main(path))


def _range(segment: Path) -> tuple[int, int]:
    first, _, last = segment.stem.partition("-")
    return int(first), int(last)


def newest_sorted(folder: Path) -> Path | None:
    """The sorted folder that counts in the lake at `folder`."""
    found = [each for each in folder.glob(f"{SORTED}*") if each.is_dir() and not each.name.endswith(UNFINISHED)]
    return max(found, key=sorted_through, default=None)


def sorted_through(sorted_: Path) -> int:
    """The last number that a sorted folder holds."""
    return int(sorted_.name.removeprefix(SORTED))


def through(contents: Contents) -> int:
    """The last number that `contents` hold."""
    ends = [_range(path)[1] for path in contents.segments] + [
        sorted_through(path.parent) for path in contents.parts[:1]
    ]
    return max(ends, default=0)


def segments_through(folder: Path, end: int) -> list[Path]:
    """The segments of events in the lake at `folder` whose numbers are all at most `end`."""
    return [path for path in _segments(folder / EVENTS) if _range(path)[1] <= end]


def sorted_folder(folder: Path, end: int) -> Path:
    """Where in the lake at `folder` the sorted events up to number `end` are kept."""
    return folder / f"{SORTED}{end:0{DIGITS}}"
