"""Columns for what a definition reads, taken out of the whole messages on first use and kept beside them."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa

from ripeline.batch import typed
from ripeline.batch.sealing import numbers, sealed
from ripeline.criteria.condition import Value
from ripeline.events.decode import restored
from ripeline.events.event import KINDS, Event
from ripeline.events.facts import hints, statements
from ripeline.events.instants import instant
from ripeline.events.names import folded
from ripeline.events.reading import reader

READ = b"ripeline.fields"  # the fields a file has columns of; one without a value has none
MESSAGE = ["source", "message_id", "kind", "name", "occurred_at", "received_at", "body"]


# Beside the fields of events: what each states about its lead, or suggests (`hint`), one field and value after the
# other. At most one of the types has a value; where none has, the fact was stated to be nothing.
# Its name counts up when the same messages begin to state more: then it is read out of them again.
STATEMENTS = "statements-2"
_FORMER = frozenset(("statements",))
STATEMENT = pa.struct([("field", pa.string()), ("hint", pa.bool_()), *typed.STORED.items()])


def event_field(name: str) -> str:
    """The field of the lake for what a condition on an event reads as `name`."""
    return f"event.{folded(name)}"


def fields_of(schema: pa.Schema) -> list[str]:
    """The fields that a file of this schema has columns of."""
    told = (schema.metadata or {}).get(READ)
    return [field for field in msgspec.json.decode(told, type=list[str]) if field not in _FORMER] if told else []


def with_fields(schema: pa.Schema, fields: Iterable[str]) -> pa.Schema:
    """`schema` which says that it has columns of `fields`."""
    return schema.with_metadata({READ: msgspec.json.encode(sorted(fields))})


def write_columns(path: Path, groups: Iterator[pa.Table], fields: Sequence[str]) -> None:
    """Seal typed columns, one table a row group, under the union of their columns."""
    tables = list(groups)
    names = sorted({name for table in tables for name in table.column_names})
    schema = with_fields(pa.schema([(name, column_type(name)) for name in names]), fields)
    sealed(path, (padded(table, schema) for table in tables), schema)


def column_type(name: str) -> pa.DataType:
    """The type of a column read of messages."""
    return pa.list_(STATEMENT) if name == STATEMENTS else typed.STORED[name.rpartition(":")[2]]


def padded(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """`table` with a column of nulls for each that only `schema` has."""
    return pa.Table.from_arrays(
        [
            table[field.name] if field.name in table.column_names else pa.nulls(table.num_rows, field.type)
            for field in schema
        ],
        schema=schema,
    )


def columns_of(messages: pa.Table, fields: Sequence[str]) -> pa.Table:
    """Typed columns of `fields` for each of `messages`, which are rows of the lake with their bodies."""
    return typed_columns(_events(messages), fields, messages.num_rows)


def typed_columns(events: Iterable[Event | None], fields: Sequence[str], rows: int) -> pa.Table:
    """Typed columns of `fields` for each of `events`; nothing where there is none."""
    readers = [(field, reader(field.partition(".")[2])) for field in fields if field != STATEMENTS]
    values: dict[str, list[Value]] = {field: [None] * rows for field in fields}
    told: list[list[tuple[str, bool, Value]] | None] = [None] * rows
    for place, event in enumerate(events):
        if event is None:
            continue
        for field, read in readers:
            values[field][place] = read(event)
        if event.facts or event.hints:
            told[place] = _told(event)
    columns = {name: column for field, _ in readers for name, column in typed.columns(field, values[field]).items()}
    if STATEMENTS in fields and any(told):
        columns[STATEMENTS] = _statement_column(told)
    return pa.table(columns) if columns else pa.table({"nothing": pa.nulls(rows)}).select([])


def _told(event: Event) -> list[tuple[str, bool, Value]]:
    told: list[tuple[str, bool, Value]] = [(field, False, value) for field, value in statements(event)]
    told += [(field, True, value) for field, value in hints(event)]
    return told


def _statement_column(told: list[list[tuple[str, bool, Value]] | None]) -> pa.ListArray:
    flat = [statement for each in told if each for statement in each]
    fields, hinted, values = zip(*flat, strict=True)
    children = [pa.array(fields, pa.string()), pa.array(hinted, pa.bool_())]
    children += [typed.of_type(name, values) for name in typed.STORED]
    ends = np.cumsum([0, *(len(each) if each else 0 for each in told)])
    statements_of_all = pa.StructArray.from_arrays(children, fields=list(STATEMENT))
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), statements_of_all)


def _events(messages: pa.Table) -> Iterator[Event | None]:
    """The events that were sent; None for what is ours, of which nothing is read."""
    texts = (messages[name].to_pylist() for name in ("body", "source", "message_id", "kind", "name"))
    instants = (numbers(messages[name]).tolist() for name in ("occurred_at", "received_at"))
    for body, source, message_id, kind, name, occurred_at, received_at in zip(*texts, *instants, strict=True):
        if kind not in KINDS:
            yield None
            continue
        yield restored(
            body,
            source=source,
            message_id=message_id,
            kind=kind,
            name=name,
            occurred_at=instant(occurred_at),
            received_at=instant(received_at),
        )
