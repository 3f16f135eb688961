"""Columns of the lake as the rows the fold reads: whose, when, and which shape, for a million events at once."""

from math import prod
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ripeline.batch import typed
from ripeline.batch.backfill import STATEMENTS, event_field
from ripeline.batch.sealing import numbers
from ripeline.criteria.condition import Condition
from ripeline.definition.model import Definition
from ripeline.events.event import KINDS
from ripeline.events.names import folded
from ripeline.scoring import history
from ripeline.scoring.program import Program

_OWN = ("event", "kind", "source")  # what every row of the lake has anyway
_FEW = 65_536  # combinations that need not all occur


class CodedRows(NamedTuple):
    """Events and the statements they make, in the order of the lake; a statement stands behind its event.

    `place` is the event's row in the table they were coded from.
    """

    identity: NDArray[np.int64]
    at: NDArray[np.int64]
    shape: NDArray[np.int32]
    value: NDArray[np.int64]  # of length 0 where nothing is stated
    place: NDArray[np.int64]


def fields_read(definition: Definition) -> list[str]:
    """The fields of the lake that the events' shapes under `definition` depend on."""
    conditions: list[Condition | None] = [channel.when for channel in definition.channels]
    conditions += [criterion.when for criterion in definition.criteria if criterion.on is not None]
    names = {folded(field) for condition in conditions if condition for field in condition.fields()}
    return [*sorted(event_field(name) for name in names.difference(_OWN, ["channel"])), STATEMENTS]


def base_columns(definition: Definition) -> list[str]:
    """The columns of an event's own that coding it needs."""
    conditions = [channel.when for channel in definition.channels] + [each.when for each in definition.criteria]
    reads_source = any(folded(name) == "source" for each in conditions if each for name in each.fields())
    return ["identity", "occurred_at", "kind", "name", *(["source"] if reads_source else [])]


def coded(program: Program, table: pa.Table) -> CodedRows:
    """The rows of `table`, which has `base_columns` and the typed columns of `fields_read`."""
    theirs = _of_leads(table)
    if theirs is not None:
        table = table.take(pa.array(theirs))
    events = CodedRows(
        numbers(table["identity"]),
        numbers(table["occurred_at"]),
        _shapes(program, table),
        np.empty(0, np.int64),
        np.arange(table.num_rows) if theirs is None else theirs,
    )
    return _with_statements(program, table, events) if STATEMENTS in table.column_names else events


def _of_leads(table: pa.Table) -> NDArray[np.int64] | None:
    """The rows that leads sent; None for all. The others are ours: acts of people, which are read of their records."""
    kinds, codes = typed.dictionary(table["kind"])
    ours = [place for place, kind in enumerate(kinds) if kind not in KINDS]
    return np.flatnonzero(~np.isin(codes, ours)) if ours else None


def _shapes(program: Program, table: pa.Table) -> NDArray[np.int32]:
    """The shape of each row: by its name alone, and where events of that name are told apart by fields, by those.

    `looked_up` is the shape for each pair of kind and name; where fields are read, a number below zero that stands
    for the set of fields.
    """
    pairs, codes = _kinds_and_names(table)
    reading = [program.shapes.fields(kind, name) for kind, name in pairs]
    sets = list(dict.fromkeys(fields for fields in reading if fields))
    looked_up = history.event_shapes(program, pairs, np.arange(len(pairs), dtype=np.int32), {})
    for place, fields in enumerate(reading):
        if fields:
            looked_up[place] = -1 - sets.index(fields)
    shapes = looked_up[codes]
    for number, fields in enumerate(sets):
        rows = np.flatnonzero(shapes == -1 - number)
        columns = {field: column for field in fields if (column := _column(table, field, rows)) is not None}
        shapes[rows] = _told_apart(program, pairs, codes[rows], columns)
    return shapes


def _told_apart(
    program: Program, pairs: list[tuple[str, str]], codes: NDArray[np.int32], columns: dict[str, history.Coded]
) -> NDArray[np.int32]:
    """The shapes of rows that fields tell apart. Few combinations are looked up once each, occurring or not."""
    sizes = [len(pairs), *(len(column.values) + 1 for column in columns.values())]
    if prod(sizes) > min(_FEW, len(codes)):
        return history.event_shapes(program, pairs, codes, columns)
    every = [index.reshape(-1).astype(np.int32) for index in np.indices(sizes)]
    distinct = {
        field: history.Coded(column.values, index - np.int32(1))
        for (field, column), index in zip(columns.items(), every[1:], strict=True)
    }
    key = codes
    for column in columns.values():
        key = key * np.int32(len(column.values) + 1) + column.codes + np.int32(1)
    return history.event_shapes(program, pairs, every[0], distinct)[key]


def _kinds_and_names(table: pa.Table) -> tuple[list[tuple[str, str]], NDArray[np.int32]]:
    """Pairs of kind and name, all that occur among them, and which of them each row has."""
    kinds, kind_codes = typed.dictionary(table["kind"])
    names, name_codes = typed.dictionary(table["name"])
    pairs = [(kind, name) for kind in kinds for name in names]
    if len(kinds) == 1:
        return pairs, name_codes
    codes = kind_codes * np.int32(len(names)) + name_codes
    if len(pairs) <= _FEW:
        return pairs, codes
    occurring, places = np.unique(codes, return_inverse=True)
    return [pairs[code] for code in occurring.tolist()], places.astype(np.int32)


def _column(table: pa.Table, field: str, rows: NDArray[np.int64]) -> history.Coded | None:
    """The values of `field` in `rows`."""
    name = folded(field)
    if name in _OWN:
        values, codes = typed.dictionary(table["name" if name == "event" else name])
        return history.Coded(values, codes[rows])
    found = typed.coded(event_field(name), table, rows)
    return None if found is None else history.Coded(found.values, found.codes)


def _with_statements(program: Program, table: pa.Table, events: CodedRows) -> CodedRows:
    """`events` with a row for each statement, behind the event that makes it."""
    told = table[STATEMENTS].combine_chunks()
    told = told.chunk(0) if isinstance(told, pa.ChunkedArray) else told
    counts = np.asarray(told.value_lengths().fill_null(0), np.int64)
    if not counts.any():
        return events
    shapes, values = _statements(program, told.flatten())
    of = np.repeat(np.arange(len(counts)), 1 + counts)  # the event of each row; its place counts our own too
    is_event = np.zeros(len(of), bool)
    is_event[np.arange(len(counts)) + np.cumsum(counts) - counts] = True
    shape, value = np.empty(len(of), np.int32), np.zeros(len(of), np.int64)
    shape[is_event], shape[~is_event], value[~is_event] = events.shape, shapes, values
    return CodedRows(events.identity[of], events.at[of], shape, value, events.place[of])


def _statements(program: Program, told: pa.StructArray) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The shape and value code of each statement; looked up once per distinct field and value."""
    fields, field_codes = typed.dictionary(told.field("field"))
    hints = np.asarray(told.field("hint"))
    values = typed.coded("value", pa.table({f"value:{name}": told.field(name) for name in typed.STORED}))
    value_codes = values.codes if values else np.full(len(hints), -1, np.int32)
    key = (value_codes.astype(np.int64) + 1) * (2 * len(fields)) + field_codes * 2 + hints
    distinct, inverse = np.unique(key, return_inverse=True)
    codes = np.empty((len(distinct), 2), np.int64)
    for place, combination in enumerate(distinct.tolist()):
        value, field = divmod(combination, 2 * len(fields))
        stated = values.values[value - 1] if values and value else None
        codes[place] = program.shapes.statement(fields[field // 2], stated, hint=bool(field % 2))
    return codes[inverse, 0].astype(np.int32), codes[inverse, 1]
