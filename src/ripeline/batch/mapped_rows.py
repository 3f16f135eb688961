"""Rows of somebody else's file, read as a mapping says."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from difflib import get_close_matches
from hashlib import sha256
from math import isfinite, nan
from typing import Any, cast

from ripeline.batch.cells import plain, written
from ripeline.batch.filed import Filed, NoEvent, Told, filed
from ripeline.batch.mapping import Cell, EventOf, Fixed, Mapping, RowsOf, When
from ripeline.batch.mapping_text import MappingError
from ripeline.batch.messages import logged as as_logged
from ripeline.criteria.condition import Value
from ripeline.criteria.problem import Problem
from ripeline.events.reason import Reason
from ripeline.translation import translated

# Wide enough for a row number of any file: ids of one instant are ordered as text, and 10 comes after 9.
_DIGITS = 10
_LONGEST_NAME = 80  # of a file, within an id of at most 100
_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class MappedRows:
    """Reads rows of one file. `typed` says whether its cells are what they are, or text as in CSV.

    `name` is the file's: line 2 of another file is another row.
    """

    def __init__(self, rows: RowsOf, *, name: str, typed: bool, logged: bool = False) -> None:
        self._rows = rows
        self._name = _short(name)
        self._typed = typed
        self._single = len(rows.events) + bool(rows.facts) == 1
        self._who = {
            who: cell for who in ("lead", "user_id", "anonymous_id") if (cell := getattr(rows, who)) is not None
        }
        joint = rows.user_id is not None
        self._filed: Callable[[Told], Filed] = (lambda told: as_logged(told, joint=joint)) if logged else filed

    def events(self, cells: dict[str, Any], line: int) -> Iterator[Filed]:
        """What the row in `line` tells: its facts first, then its events as listed. Raises NoEvent."""
        known = _Cells(cells, self._rows.missing, typed=self._typed)
        rows = self._rows
        row_id = self._id(known) if rows.id else f"{self._name}:{_sortable(line)}"
        shared = {
            "source": rows.source,
            "received_at": known.instant(rows.received_at),
            **{who: plain(known.of(cell.column)) for who, cell in self._who.items()},
        }
        if rows.facts:
            yield self._facts(known, row_id, shared)
        for number, event in enumerate(rows.events, start=1):
            if event.when is None or event.when.holds(known):
                yield self._event(known, event, row_id if self._single else f"{row_id}/{number}", shared)

    def _id(self, known: "_Cells") -> str:
        parts = [_sortable(known.of(cell.column)) for cell in self._rows.id]
        if not any(parts):
            raise NoEvent(Reason.NO_ID, "`id` is empty; an event without one cannot be counted once")
        return parts[0] if len(parts) == 1 else "-".join([_escaped(part) for part in parts])

    def _facts(self, known: "_Cells", row_id: str, shared: dict[str, Any]) -> Filed:
        return self._filed(
            Told(
                id=row_id if self._single else f"{row_id}/0",
                type="identify",
                occurred_at=known.instant(self._rows.occurred_at),
                traits=known.values(self._rows.facts),
                **shared,
            )
        )

    def _event(self, known: "_Cells", event: EventOf, event_id: str, shared: dict[str, Any]) -> Filed:
        name = known.value(event.name)
        return self._filed(
            Told(
                id=event_id,
                name=None if name is None else str(name),
                occurred_at=known.instant(event.occurred_at or self._rows.occurred_at),
                properties=known.values(event.properties),
                **shared,
            )
        )


class _Cells:
    """The cells of one row as a mapping reads them; also a reading for conditions, by column."""

    def __init__(self, cells: dict[str, Any], missing: frozenset[str], *, typed: bool) -> None:
        self._cells = cells
        self._missing = missing
        self._typed = typed

    def get(self, column: str, /) -> Value:
        return self._said(self.of(column), column)

    def of(self, column: str) -> Any:
        """The cell as the file has it; None where it is empty or says that it is missing."""
        told = self._cells.get(column)
        if type(told) is str and (not told or (self._missing and told.strip() in self._missing)):
            return None
        return told

    def value(self, cell: Cell | Fixed) -> Value:
        if isinstance(cell, Fixed):
            return cast(Value, cell.value)
        told = self.of(cell.column)
        if told is None or not cell.as_:
            return self._said(told, cell.column)
        return _converted(told, cell)

    def _said(self, told: Any, column: str) -> Value:
        try:
            return cast(Value, written(told) if type(told) is str and not self._typed else plain(told))
        except ValueError as problem:
            raise NoEvent(Reason.WRONG_SHAPE, f"`{column}` {problem}") from None

    def values(self, told: tuple[tuple[str, Cell | Fixed], ...]) -> dict[str, Any]:
        found = {name: self.value(cell) for name, cell in told}
        return {name: value for name, value in found.items() if value is not None}

    def instant(self, when: When | None) -> Any:
        if when is None or isinstance(when, Fixed):
            return when.value if when else None
        told = self.of(when.cell.column)
        if when.format is not None and isinstance(told, str):
            try:
                told = datetime.strptime(told.strip(), when.format)  # noqa: DTZ007 - its zone comes next
            except ValueError as problem:
                raise NoEvent(Reason.UNREADABLE_TIME, f"`{when.cell.column}`: {problem}") from None
        return told if when.zone is None else _in_zone(told, when)


def _in_zone(told: Any, when: When) -> Any:
    if isinstance(when, Fixed) or when.zone is None:
        return told
    if isinstance(told, str):
        try:
            told = datetime.fromisoformat(told.strip())
        except ValueError:
            return told  # whoever reads it next says what is wrong with it
    if isinstance(told, date) and not isinstance(told, datetime):
        told = datetime(told.year, told.month, told.day)  # noqa: DTZ001 - its zone comes next
    if not isinstance(told, datetime) or told.tzinfo is not None:
        return told
    try:
        return told.replace(tzinfo=when.zone).astimezone(UTC)
    except OverflowError:
        raise NoEvent(Reason.UNREADABLE_TIME, f"`{when.cell.column}` {told} is beyond the year 9999") from None


def _sortable(told: Any) -> str:
    """A part of an id; whole numbers get leading zeros, so that they have as text the order they have as numbers."""
    told = plain(told)
    if type(told) is str:
        return told
    if isinstance(told, float) and told.is_integer():
        told = int(told)
    return "" if told is None else str(told).zfill(_DIGITS)


def _escaped(part: str) -> str:
    """A part of an id of several, without a `-` that could be one between two: `1-2` and `3` are not `1` and `2-3`."""
    return part.replace("\\", "\\\\").replace("-", "\\-") if "-" in part or "\\" in part else part


def _short(name: str) -> str:
    """A file's name as part of an id; of a long one the beginning, and what tells it from others that begin so."""
    if len(name) <= _LONGEST_NAME:
        return name
    return f"{name[: _LONGEST_NAME - 17]}~{sha256(name.encode(errors='replace')).hexdigest()[:16]}"


def _converted(told: Any, cell: Cell) -> Value:
    if not isinstance(told, Decimal):  # which says as text how many digits count
        told = plain(told)
    if told is None:
        return None
    if cell.as_ == "text":
        return str(told)
    if cell.as_ == "list":
        parts = str(told).split(cell.separator) if not isinstance(told, list) else told
        return [part.strip() if isinstance(part, str) else part for part in parts if part not in ("", None)]
    if cell.as_ == "truth":
        return _truth(told, cell)
    return _number(told, cell)


def _truth(told: Any, cell: Cell) -> bool:
    known = _TRUTH.get(str(told).strip().lower())
    if known is None:
        raise NoEvent(Reason.WRONG_SHAPE, f"`{cell.column}` {told!r} is neither yes nor no")
    return known


def _number(told: Any, cell: Cell) -> float | int:
    try:
        number = float(told)
    except (TypeError, ValueError, OverflowError):
        number = nan
    if not isfinite(number):
        raise NoEvent(Reason.WRONG_SHAPE, f"`{cell.column}` {told!r} is no number")
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def check_columns(mapping: Mapping, file_name: str, columns: list[str]) -> None:
    """Raise MappingError for every column that the mapping reads and a file's head does not name."""
    rows = mapping.of(file_name)
    strange = [cell for cell in cells_of(rows) if cell.column not in columns] if rows else []
    if strange:
        problems = [_no_column(cell, file_name, columns) for cell in strange]
        raise MappingError(mapping.path, sorted(set(problems), key=lambda problem: problem.line))


def cells_of(rows: RowsOf) -> Iterator[Cell]:
    """Every cell that a mapping of rows reads, but those its conditions name."""
    moments = [rows.occurred_at, rows.received_at, *(event.occurred_at for event in rows.events)]
    told = [rows.lead, rows.user_id, rows.anonymous_id, *rows.id, *(cell for _, cell in rows.facts)]
    told += [event.name for event in rows.events]
    told += [cell for event in rows.events for _, cell in event.properties]
    yield from (cell for cell in told if isinstance(cell, Cell))
    yield from (moment.cell for moment in moments if moment is not None and not isinstance(moment, Fixed))


def _no_column(cell: Cell, file_name: str, columns: list[str]) -> Problem:
    spelled = {column.casefold(): column for column in columns}
    near = get_close_matches(cell.column.casefold(), list(spelled), n=1)
    if near:
        hint = translated("did you mean `{word}`?", word=spelled[near[0]])
    else:
        hint = translated("one of: {words}", words=", ".join(columns[:30]))
    return Problem(
        line=cell.line,
        path=cell.path,
        message=translated("{file} has no such column", file=file_name),
        found=cell.column,
        code="unknown-column",
        hint=hint,
    )
