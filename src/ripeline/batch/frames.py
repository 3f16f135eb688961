"""Frames in and out over Arrow, for people who work in notebooks with pandas, Polars or DuckDB."""

import warnings
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from ripeline.batch.filed import Filed, RefusedRow
from ripeline.batch.files import events_of, read
from ripeline.batch.mapped_rows import check_columns
from ripeline.batch.mapping import Mapping
from ripeline.batch.mapping_text import read_mapping
from ripeline.batch.score import score_told
from ripeline.batch.tables import Row, arrow_rows
from ripeline.definition.model import Definition

_NAME = "events"  # what a frame is called where a row of it is refused, or a mapping asks for its file


def score(definition: Definition, events: Any, *, as_of: datetime, map: str | Path | None = None) -> pa.Table:  # noqa: A002 - the name the command line gives it
    """Score every lead in `events` as it stood at `as_of` (aware): one row a lead, as Arrow.

    `events` is a frame of pandas, Polars, DuckDB or Arrow, a list of dicts, or the path of a file or folder; its
    columns are those of a file of events, or what the mapping file `map` says. Rows that are no events, or copies of
    earlier ones, are left out with a warning. Whatever reads Arrow takes the answer: `polars.from_arrow(…)`,
    `….to_pandas()`, or DuckDB in SQL.

    >>> from datetime import UTC
    >>> from ripeline.definition.load import load
    >>> trial = load('''
    ... {definition: trial, title: Trial, timezone: UTC, stages: {mql: {when: {total: {at_least: 20}}}},
    ...  scores: {engagement: {criteria: {demo: {on: Demo Booked, points: 20}}}}}''')
    >>> booked = {"id": 1, "lead": "ada", "name": "demo_booked", "occurred_at": "2026-03-01"}
    >>> score(trial, [booked], as_of=datetime(2026, 3, 31, tzinfo=UTC)).to_pylist()[0]["score"]
    20.0
    """
    refused: list[RefusedRow] = []
    copies: list[int] = []
    told = _told(events, read_mapping(map) if map is not None else None)
    answer = score_told(definition, told, as_of=as_of, refused=refused.append, copied=copies.append)
    if sum(copies):
        warnings.warn(f"{sum(copies):,} rows have the source and id of an earlier one and are left out", stacklevel=2)
    if refused:
        warnings.warn(f"{len(refused):,} rows are no events, the first: {refused[0]}", stacklevel=2)
    return answer


def _told(events: Any, mapping: Mapping | None) -> Iterator[Filed | RefusedRow]:
    if isinstance(events, (str, Path)):
        return read(events, mapping)
    rows_of = mapping.of(_NAME) if mapping is not None else None
    if hasattr(events, "__arrow_c_stream__"):
        reader = pa.RecordBatchReader.from_stream(events)
        if mapping is not None:
            check_columns(mapping, _NAME, reader.schema.names)
        return events_of(arrow_rows(reader.schema, reader, _NAME), _NAME, rows_of, typed=True)
    return events_of(_numbered(events), _NAME, rows_of, typed=True)


def _numbered(rows: Iterable[dict[str, Any]]) -> Iterator[Row]:
    return (Row(line, row) for line, row in enumerate(rows, start=1))
