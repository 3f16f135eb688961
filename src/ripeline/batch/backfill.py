"""Columns for what a definition reads, taken out of the whole messages on first use and kept beside them."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from ripeline.batch import typed
from ripeline.batch.sealing import numbers, sealed
from ripeline.events.decode import restored
from ripeline.events.event import Event
from ripeline.events.facts import hints, statements
from ripeline.events.instants import instant
from ripeline.events.names import folded
from ripeline.events.reading import reader

READ = b"ripeline.fields"  # the fields a file has columns of; one without a value has none
_NEEDED = ["source", "message_id", "kind", "name", "occurred_at", "received_at", "body"]


def event_field(name: str) -> str:
    """The field of the lake for what a condition on an event reads as `name`."""
    return f"event.{folded(name)}"


def fact_field(name: str) -> str:
    """The field for statements of the fact `name`; `hint_field` for what only fills it while it is unknown."""
    return f"fact.{folded(name)}"


def hint_field(name: str) -> str:
    return f"hint.{folded(name)}"


class Layers:
    """A file of the lake with the columns read of it later: `X.parquet`, `X.read-1.parquet`, `X.read-2.parquet` …"""

    def __init__(self, main: Path) -> None:
        self.main = main
        self.paths = [main, *sorted(main.parent.glob(f"{main.stem}.read-*.parquet"))]
        self.schemas = [pq.read_schema(path) for path in self.paths]
        self.fields = frozenset(field for schema in self.schemas for field in fields_of(schema))

    def filled(self, fields: Iterable[str]) -> "Layers":
        """These layers with columns for all of `fields`; what is missing is read out of the messages now."""
        missing = sorted(set(fields) - self.fields)
        if not missing:
            return self
        taken = (columns_of(batch, missing) for batch in _batches(self.main))
        write_columns(self.main.with_name(f"{self.main.stem}.read-{len(self.paths)}.parquet"), taken, missing)
        return Layers(self.main)


def fields_of(schema: pa.Schema) -> list[str]:
    """The fields that a file of this schema has columns of."""
    told = (schema.metadata or {}).get(READ)
    return msgspec.json.decode(told, type=list[str]) if told else []


def with_fields(schema: pa.Schema, fields: Iterable[str]) -> pa.Schema:
    """`schema` which says that it has columns of `fields`."""
    return schema.with_metadata({READ: msgspec.json.encode(sorted(fields))})


def write_columns(path: Path, groups: Iterator[pa.Table], fields: Sequence[str]) -> None:
    """Seal typed columns, one table a row group, under the union of their columns."""
    tables = list(groups)
    names = sorted({name for table in tables for name in table.column_names})
    schema = with_fields(pa.schema([(name, typed.TYPES[name.rpartition(":")[2]]) for name in names]), fields)
    sealed(path, (padded(table, schema) for table in tables), schema)


def padded(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """`table` with a column of nulls for each that only `schema` has."""
    return pa.Table.from_arrays(
        [
            table[field.name] if field.name in table.column_names else pa.nulls(table.num_rows, field.type)
            for field in schema
        ],
        schema=schema,
    )


def _batches(path: Path) -> Iterator[pa.Table]:
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            yield file.read_row_group(group, columns=_NEEDED)


def columns_of(messages: pa.Table, fields: Sequence[str]) -> pa.Table:
    """Typed columns of `fields` for each of `messages`, which are rows of the lake with their bodies."""
    return typed_columns(_events(messages), fields, messages.num_rows)


def typed_columns(events: Iterable[Event], fields: Sequence[str], rows: int) -> pa.Table:
    """Typed columns of `fields` for each of `events`."""
    of_events = [(field, reader(field.partition(".")[2])) for field in fields if field.startswith("event.")]
    of_facts = [field for field in fields if not field.startswith("event.")]
    values: dict[str, list[typed.Value | typed.Unset]] = {field: [None] * rows for field in fields}
    for place, event in enumerate(events):
        for field, read in of_events:
            values[field][place] = read(event)
        if of_facts and (event.facts or event.hints):
            told = _told(event)
            for field in of_facts:
                values[field][place] = told.get(field)
    columns = {name: column for field in fields for name, column in typed.columns(field, values[field]).items()}
    return pa.table(columns) if columns else pa.table({"nothing": pa.nulls(rows)}).select([])


def _told(event: Event) -> dict[str, typed.Value | typed.Unset]:
    told: dict[str, typed.Value | typed.Unset] = {f"hint.{field}": value for field, value in hints(event)}
    for field, value in statements(event):
        told[f"fact.{field}"] = typed.UNSET if value is None else value
    return told


def _events(messages: pa.Table) -> Iterator[Event]:
    texts = (messages[name].to_pylist() for name in ("body", "source", "message_id", "kind", "name"))
    instants = (numbers(messages[name]).tolist() for name in ("occurred_at", "received_at"))
    for body, source, message_id, kind, name, occurred_at, received_at in zip(*texts, *instants, strict=True):
        yield restored(
            body,
            source=source,
            message_id=message_id,
            kind=kind,
            name=name,
            occurred_at=instant(occurred_at),
            received_at=instant(received_at),
        )
