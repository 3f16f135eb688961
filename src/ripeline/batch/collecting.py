"""Events of files as columns: in memory while they are few, else in a lake that lasts as long as it is needed."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ripeline.batch.backfill import typed_columns, with_fields
from ripeline.batch.filed import Filed, RefusedRow
from ripeline.batch.identities import Identities, Named
from ripeline.batch.lake import Lake
from ripeline.batch.layers import Layers
from ripeline.batch.sealing import EVENT, numbers, order
from ripeline.events.event import Event
from ripeline.events.instants import micros

EVENTS_IN_MEMORY = 1 << 18


class Collection:
    """Takes events, keeps columns of `fields`, and learns whose they are. `folder` is for what memory must not hold."""

    def __init__(self, fields: Sequence[str], folder: Path) -> None:
        self._fields = list(fields)
        self._identities = Identities()
        self._events: list[Event] = []
        self._under: list[int] = []
        self._count = 0
        self.lake = Lake(folder)
        self.table: pa.Table | None = None

    def take(self, told: Iterable[Filed | RefusedRow], refused: Callable[[RefusedRow], None]) -> Named:
        """Take all events, and answer whose they are. Then `table` or, of many, `lake` holds them."""
        for each in told:
            if isinstance(each, RefusedRow):
                refused(each)
                continue
            self._count += 1
            at = micros(each.event.occurred_at)
            self._under.append(self._identities.under(each.lead, each.event, at, self._count))
            self._events.append(each.event)
            if len(self._events) >= EVENTS_IN_MEMORY:
                self.lake.mirror_table(self._taken())
        rest = self._taken()
        if self._count >= EVENTS_IN_MEMORY:
            self.lake.mirror_table(rest)
        else:
            self.table = rest.take(order(rest))
        return self._identities.named(self._texts)

    def _taken(self) -> pa.Table:
        """The events at hand as a table, which are no longer at hand."""
        events, under, count = self._events, self._under, len(self._events)
        self._events, self._under = [], []
        columns = [
            pa.array(under, pa.int64()),
            pa.array([micros(event.occurred_at) for event in events], pa.int64()),
            pa.array([event.source for event in events], pa.string()),
            pa.array([event.message_id for event in events], pa.string()),
            pa.array(np.arange(self._count - count + 1, self._count + 1)),
            pa.array([micros(event.received_at) for event in events], pa.int64()),
            pa.array([event.kind for event in events], pa.string()),
            pa.array([event.name for event in events], pa.string()),
            pa.repeat(pa.scalar(b"", pa.binary()), count),  # nobody reads the message again
        ]
        read = typed_columns(events, self._fields, count)
        schema = with_fields(pa.schema([*EVENT, *read.schema]), self._fields)
        arrays = [column.cast(field.type) for column, field in zip(columns, EVENT, strict=True)]
        return pa.Table.from_arrays([*arrays, *read.columns], schema=schema)

    def _texts(self, rows: NDArray[np.int64]) -> list[tuple[str, str]]:
        """Source and message id of `rows`, counted from 1 in the order of the files."""
        found: dict[int, tuple[str, str]] = {}
        wanted = np.unique(rows)
        for table in self._tables():
            chosen = table.filter(pa.array(np.isin(numbers(table["seq"]), wanted)))
            told = zip(chosen["source"].to_pylist(), chosen["message_id"].to_pylist(), strict=True)
            found |= zip(numbers(chosen["seq"]).tolist(), told, strict=True)
        return [found[row] for row in rows.tolist()]

    def _tables(self) -> Iterable[pa.Table]:
        if self.table is not None:
            return [self.table]
        paths = self.lake.contents().files
        return (table for path in paths for table in Layers(path).groups(["seq", "source", "message_id"]))
