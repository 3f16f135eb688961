"""A file of the lake together with the columns that were read out of its messages later."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ripeline.batch.backfill import MESSAGE, STATEMENTS, columns_of, fields_of, write_columns
from ripeline.batch.lake import READ_LATER
from ripeline.batch.sealing import numbers

_REPEATING = ("source", "kind", "name")


class Layers:
    """`X.parquet` with `X.read-….parquet`: the same rows in the same row groups, more columns.

    A layer is named by the fields it has. So whoever reads the same fields writes the same file, and whoever reads
    others another one; what two layers have is taken from the first.
    """

    def __init__(self, main: Path) -> None:
        self.main = main
        self.paths = [main, *sorted(main.parent.glob(f"{main.stem}{READ_LATER}*.parquet"))]
        self.fields: frozenset[str] = frozenset()
        self._columns: list[list[str]] = []
        for path in self.paths:
            schema = pq.read_schema(path)
            told = [name for name in schema.names if field_of(name) not in self.fields]
            self._columns.append(told)
            self.fields |= set(fields_of(schema))

    def filled(self, fields: Iterable[str]) -> "Layers":
        """These layers with columns for all of `fields`; what is missing is read out of the messages now."""
        missing = sorted(set(fields) - self.fields)
        if not missing:
            return self
        taken = (columns_of(group, missing) for group in self.groups(MESSAGE))
        write_columns(self.main.with_name(f"{self.main.stem}{READ_LATER}{_named(missing)}.parquet"), taken, missing)
        return Layers(self.main)

    def groups(self, columns: Sequence[str], *, fields: Iterable[str] = ()) -> Iterator[pa.Table]:
        """The row groups one after the other, with `columns` and the typed columns of `fields`."""
        opened = self._opened(columns, list(fields))
        for group in range(opened[0][0].num_row_groups):
            yield self._group(opened, group)

    def table(self, columns: Sequence[str], *, fields: Iterable[str] = ()) -> pa.Table:
        """All rows at once."""
        return pa.concat_tables(list(self.groups(columns, fields=fields)))

    def texts(self, rows: NDArray[np.int64]) -> pa.Table:
        """Source and message id of `rows`, by their place in the file."""
        return pq.read_table(self.main, columns=["source", "message_id"]).take(rows)

    def identities(self) -> list[tuple[int, int, int]]:
        """The lowest and highest identity and the number of rows of each row group."""
        told = pq.read_metadata(self.main)
        place = told.schema.names.index("identity")
        groups = [told.row_group(group) for group in range(told.num_row_groups)]
        ends = [(group.column(place).statistics, group.num_rows) for group in groups]
        return [(statistics.min, statistics.max, rows) for statistics, rows in ends]

    def between(self, low: int, high: int, columns: Sequence[str], *, fields: Iterable[str]) -> pa.Table:
        """The rows of identities from `low` to below `high`."""
        opened = self._opened(columns, list(fields))
        touched = [place for place, ends in enumerate(self.identities()) if ends[0] < high and ends[1] >= low]
        return pa.concat_tables(
            [_cut(self._group(opened, group), low, high) for group in touched] or [self._none(opened)]
        )

    def _opened(self, columns: Sequence[str], fields: list[str]) -> list[tuple[pq.ParquetFile, list[str]]]:
        opened = []
        for path, names in zip(self.paths, self._columns, strict=True):
            wanted = [name for name in names if name in columns or field_of(name) in fields]
            if wanted:
                repeating = [name for name in wanted if name in _REPEATING or name.endswith(":text")]
                told = pq.read_metadata(path, memory_map=True)
                _must_have(told, wanted, path)
                opened.append((pq.ParquetFile(path, metadata=told, memory_map=True, read_dictionary=repeating), wanted))
        return opened

    def _group(self, opened: list[tuple[pq.ParquetFile, list[str]]], group: int) -> pa.Table:
        table, *others = (file.read_row_group(group, columns=wanted, use_threads=False) for file, wanted in opened)
        for other in others:
            for name in other.column_names:
                table = table.append_column(name, other[name])
        return table

    def _none(self, opened: list[tuple[pq.ParquetFile, list[str]]]) -> pa.Table:
        return self._group(opened, 0).slice(0, 0)


def _cut(group: pa.Table, low: int, high: int) -> pa.Table:
    start, end = np.searchsorted(numbers(group["identity"]), [low, high])
    return group.slice(start, end - start)


def _must_have(told: pq.FileMetaData, columns: list[str], path: Path) -> None:
    """Parquet leaves out in silence what a file does not have, and every value of it would count as absent."""
    lacking = set(columns).difference(told.schema.to_arrow_schema().names)
    if lacking:
        raise LookupError(f"{path} no longer has {', '.join(sorted(lacking))}")


def _named(fields: Sequence[str]) -> str:
    return sha256("\0".join(sorted(fields)).encode()).hexdigest()[:16]


def field_of(column: str) -> str:
    """The field that a typed column belongs to.

    >>> field_of("event.company.size:number")
    'event.company.size'
    """
    return column if column == STATEMENTS else column.rpartition(":")[0]
