"""What the lake keeps beside events: acts, transitions, clocks and outcomes, one row each, by their `id`."""

import pyarrow as pa

from ripeline.batch.sealing import INSTANT


def _schema(**types: pa.DataType) -> pa.Schema:
    return pa.schema([pa.field(name, kind, nullable=name not in ("id", "lead")) for name, kind in types.items()])


# Instants are given as microseconds since 1970. `definition` is its lasting key's number, `version` the published one.
# A clock that is `dropped` never ran after all.
RECORDS = {
    "acts": _schema(
        id=pa.int64(), lead=pa.int64(), act=pa.string(), at=INSTANT, by=pa.string(), reason=pa.string(),
        note=pa.string(), undone=pa.bool_(),
    ),
    "transitions": _schema(
        id=pa.int64(), lead=pa.int64(), definition=pa.int64(), cycle=pa.int64(), from_stage=pa.string(),
        to_stage=pa.string(), crossed_at=INSTANT, moved_at=INSTANT, version=pa.int64(), cause=pa.string(),
        event=pa.string(), by=pa.string(), reason=pa.string(), undoes=pa.int64(),
    ),
    "clocks": _schema(
        id=pa.int64(), lead=pa.int64(), definition=pa.int64(), cycle=pa.int64(), stage=pa.string(),
        assignment=pa.int64(), rep=pa.string(), started_at=INSTANT, due_at=INSTANT, stopped_at=INSTANT,
        stopped_as=pa.string(), breached_at=INSTANT, dropped=pa.bool_(),
    ),
    "outcomes": _schema(
        id=pa.int64(), lead=pa.int64(), outcome=pa.string(), at=INSTANT, by=pa.string(), amount=pa.float64(),
        currency=pa.string(), reason=pa.string(), undone=pa.bool_(),
    ),
}  # fmt: skip
