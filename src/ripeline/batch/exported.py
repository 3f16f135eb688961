"""Tables of a workspace as Parquet files that any tool can read, and their rows again."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from ripeline.batch.sealing import INSTANT, sealed

ROWS_AT_ONCE = 2_048  # of messages that may be large
NEVER = -(2**63)  # an instant that did not come: no tool could show it as one
EVENTS = {b"ripeline": b"events"}  # what a file of exported events says of itself

Kind = Literal["number", "float", "truth", "instant", "text", "json", "bytes"]
_TYPES: dict[Kind, pa.DataType] = {
    "number": pa.int64(),
    "float": pa.float64(),
    "truth": pa.bool_(),
    "instant": INSTANT,
    "text": pa.string(),
    "json": pa.string(),
    "bytes": pa.binary(),
}
Row = Sequence[Any]


class Column(msgspec.Struct, frozen=True):
    """A column of an exported table. Instants are microseconds since 1970; JSON is bytes in the log and text here."""

    name: str
    kind: Kind


def write(
    path: Path, columns: Sequence[Column], rows: Iterable[Row], *, metadata: dict[bytes, bytes] | None = None
) -> int:
    """Writes rows whole or not at all, in bounded memory; how many they were."""
    schema = pa.schema([pa.field(column.name, _TYPES[column.kind]) for column in columns], metadata=metadata)
    count = 0

    def tables() -> Iterator[pa.Table]:
        nonlocal count
        for part in _parts(rows):
            count += len(part)
            yield _table(schema, columns, part)

    sealed(path, tables(), schema)
    return count


def read(path: Path, columns: Sequence[Column]) -> Iterator[list[tuple[Any, ...]]]:
    """The rows again, as they were, some thousand at a time. Raises LookupError where a column is not there."""
    with pq.ParquetFile(path) as file:
        missing = [column.name for column in columns if column.name not in file.schema_arrow.names]
        if missing:
            raise LookupError(f"{path.name}: {', '.join(missing)}")
        for batch in file.iter_batches(ROWS_AT_ONCE, columns=[column.name for column in columns]):
            found = [_cells(batch.column(column.name), column) for column in columns]
            yield list(zip(*found, strict=True))


def is_events(path: Path) -> bool:
    """Whether a Parquet file holds the events of an exported workspace. Raises what pyarrow raises."""
    return (pq.read_metadata(path).metadata or {}).get(b"ripeline") == EVENTS[b"ripeline"]


def _parts(rows: Iterable[Row]) -> Iterator[list[Row]]:
    part: list[Row] = []
    for row in rows:
        part.append(row)
        if len(part) >= ROWS_AT_ONCE:
            yield part
            part = []
    if part:
        yield part


def _table(schema: pa.Schema, columns: Sequence[Column], part: list[Row]) -> pa.Table:
    told = zip(*part, strict=True)
    arrays = [
        pa.array([_outside(value, column.kind) for value in values], field.type)
        for values, column, field in zip(told, columns, schema, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _outside(value: Any, kind: Kind) -> Any:
    if value is None or (kind == "instant" and value == NEVER):
        return None
    if kind == "truth":
        return bool(value)
    if kind == "json" and isinstance(value, bytes):
        return value.decode()
    return value.encode() if kind == "bytes" and isinstance(value, str) else value


def _cells(cells: pa.Array, column: Column) -> list[Any]:
    if column.kind == "instant":
        cells = cells.cast(INSTANT).view(pa.int64())
    found: list[Any] = cells.to_pylist()
    if column.kind == "json":
        return [None if value is None else value.encode() for value in found]
    return found
