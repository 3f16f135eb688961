"""Parquet files that are whole or not there at all, and how rows of the lake are laid out in them."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

UNFINISHED = ".unfinished"
ROWS_IN_A_GROUP = 1 << 17

INSTANT = pa.timestamp("us", tz="UTC")

# One committed event, as the log has it. `body` is the whole message. Rows are sorted by the first four columns.
EVENT = pa.schema(
    [
        pa.field("identity", pa.int64(), nullable=False),
        pa.field("occurred_at", INSTANT, nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("message_id", pa.string(), nullable=False),
        pa.field("seq", pa.int64(), nullable=False),
        pa.field("received_at", INSTANT, nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("body", pa.binary(), nullable=False),
    ]
)
ORDER = ("identity", "occurred_at", "source", "message_id")

# Differences of neighbours are small where rows are sorted; what repeats goes into a dictionary. Both read in a few
# nanoseconds a value, where unpacking zstd takes thirteen.
_DELTAS = ("occurred_at", "received_at", "seq")
_PLAIN = ("message_id", "body")


def order(table: pa.Table) -> NDArray[np.int64]:
    """The positions of `table`'s rows in the order of the lake.

    Numbers sort in numpy; text is looked at only where identity and instant are equal, which is rare.
    """
    identity, at = numbers(table["identity"]), numbers(table["occurred_at"])
    positions = np.lexsort((at, identity))
    same = (np.diff(identity[positions]) == 0) & (np.diff(at[positions]) == 0)
    if same.any():
        _order_ties(positions, same, table)
    return positions


def _order_ties(positions: NDArray[np.int64], same: NDArray[np.bool_], table: pa.Table) -> None:
    """Sort each run of rows of one identity and instant by source and message id, in place."""
    tied = np.zeros(len(positions), bool)
    tied[1:] |= same
    tied[:-1] |= same
    places = np.flatnonzero(tied)
    runs = np.cumsum(~np.concatenate(([False], same))[places])
    text = table.select(["source", "message_id"]).take(positions[places])
    keys = [("run", "ascending"), ("source", "ascending"), ("message_id", "ascending")]
    by_text = pc.sort_indices(text.append_column("run", pa.array(runs)), sort_keys=keys)
    positions[places] = positions[places][np.asarray(by_text)]


def numbers(column: pa.ChunkedArray | pa.Array) -> NDArray[np.int64]:
    """A column without nulls as int64; instants as microseconds since 1970."""
    if isinstance(column, pa.ChunkedArray):
        column = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    return np.asarray(column.view(pa.int64()))


def sealed(path: Path, tables: Iterable[pa.Table], schema: pa.Schema, *, group: int = ROWS_IN_A_GROUP) -> Path:
    """Write `path` whole. Each table begins a row group."""
    with whole(path) as file, pq.ParquetWriter(file, schema, **_layout(schema)) as writer:
        for table in tables:
            writer.write_table(table, row_group_size=group)
        if schema.metadata:
            writer.add_key_value_metadata(schema.metadata)
    return path


@contextmanager
def whole(path: Path) -> Iterator[IO[bytes]]:
    """What is written within is at `path` afterwards: under a name of its own first, forced to disk, then renamed.

    After an error there is what was there before. Of two that write at once, each is whole, and the later one stays.
    """
    unfinished = path.with_name(f"{path.name}.{uuid4().hex[:8]}{UNFINISHED}")
    try:
        with unfinished.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    forced(path.parent)


def _layout(schema: pa.Schema) -> dict[str, object]:
    encodings = {name: "DELTA_BINARY_PACKED" for name in schema.names if name in _DELTAS}
    plain = [name for name in schema.names if name in _PLAIN or pa.types.is_floating(schema.field(name).type)]
    return {
        "compression": {name: "zstd" if name in _PLAIN else "lz4" for name in schema.names},
        "compression_level": {name: 1 for name in schema.names if name in _PLAIN},
        "use_dictionary": [name for name in schema.names if name not in encodings and name not in plain],
        "column_encoding": encodings or None,
        "write_statistics": [name for name in ("identity", "occurred_at", "seq") if name in schema.names],
        "store_schema": False,
    }


def forced(folder: Path) -> None:
    """Force a folder's list of names to disk, so that a rename in it survives power loss."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def event_table(rows: Sequence[Sequence[object]]) -> pa.Table:
    """`rows` in the order of `EVENT`'s columns as a table; instants are microseconds."""
    columns = list(zip(*rows, strict=True)) or [()] * len(EVENT)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, EVENT, strict=True)]
    return pa.Table.from_arrays(arrays, schema=EVENT)
