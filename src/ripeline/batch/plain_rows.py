"""Rows that already speak our words: `id, name, occurred_at, lead` and their like, everything else a property."""

from datetime import date
from typing import Any

import msgspec

from ripeline.batch.cells import plain, written
from ripeline.batch.filed import Filed, NoEvent, Told, filed
from ripeline.batch.messages import logged as as_logged
from ripeline.batch.messages import row_id
from ripeline.events.names import folded
from ripeline.events.reason import Reason

_PARTS = ("properties", "traits", "context")
_FIELDS = {folded(field): field for field in Told.__struct_fields__ if field not in _PARTS}
_AS_WRITTEN = ("id", "name", "occurred_at", "received_at", "lead", "user_id", "anonymous_id", "previous_id", "group_id")


class PlainRows:
    """Reads rows of one file. `typed` says whether its cells are what they are, or text as in CSV.

    A column is one of the fields of an event, a part of it (`properties`, `traits` or `context`, as JSON), or within
    one (`properties.plan`). Any other column is a property; on a row of type identify or group, a trait. `logged` rows
    may lack an id: what they say is then what makes them count once.

    >>> lead, event = PlainRows(typed=False).event(
    ...     {"id": "e1", "name": "Trial Started", "occurred_at": "2026-03-01", "lead": "ada", "seats": "5"})
    >>> lead, event.name, event.properties
    ('ada', 'Trial Started', {'seats': 5})
    """

    def __init__(self, *, typed: bool, logged: bool = False) -> None:
        self._typed = typed
        self._logged = logged
        self._places: dict[str, tuple[str, tuple[str, ...]]] = {}

    def event(self, cells: dict[str, Any]) -> Filed:
        """Raises NoEvent where the row tells no event."""
        fields: dict[str, Any] = {}
        parts: dict[str, dict[str, Any]] = {"properties": {}, "traits": {}, "context": {}, "": {}}
        for column, cell in cells.items():
            if cell is None or cell == "":
                continue
            field, path = self._place(column)
            if field in parts:
                self._put(parts[field], path, cell, column)
            else:
                self._tell(fields, field, cell, column)
        states_facts = str(fields.get("type", "")).strip().lower() in ("identify", "group")
        others = parts.pop("")
        parts["traits" if states_facts else "properties"].update(others)
        if not self._logged:
            return filed(Told(**fields, **parts))
        if "id" not in fields:
            fields["id"] = row_id(cells)
        joint = any(self._place(column)[0] == "user_id" for column in cells)
        return as_logged(Told(**fields, **parts), joint=joint)

    def _place(self, column: str) -> tuple[str, tuple[str, ...]]:
        place = self._places.get(column)
        if place is None:
            place = self._places[column] = _place(column)
        return place

    def _tell(self, fields: dict[str, Any], field: str, cell: Any, column: str) -> None:
        told = cell if isinstance(cell, (str, date)) else plain(cell)
        if told is None:
            return
        if fields.setdefault(field, told) != told:
            raise NoEvent(Reason.WRONG_SHAPE, f"`{column}` says another `{field}` than a column before it")

    def _put(self, part: dict[str, Any], path: tuple[str, ...], cell: Any, column: str) -> None:
        if not path:
            part.update(_members(cell, column))
            return
        try:
            value = plain(cell) if self._typed else written(cell)
        except ValueError as problem:
            raise NoEvent(Reason.WRONG_SHAPE, f"`{column}` {problem}") from None
        for step in path[:-1]:
            inner = part.setdefault(step, {})
            if not isinstance(inner, dict):
                raise NoEvent(Reason.WRONG_SHAPE, f"`{column}` lies within a value that has no parts")
            part = inner
        if value is not None:
            part[path[-1]] = value


def _place(column: str) -> tuple[str, tuple[str, ...]]:
    """Where the cells of `column` belong: a field of the event, or a part of it and the path within."""
    name = folded(column)
    if name in _FIELDS:
        return _FIELDS[name], ()
    head, _, rest = column.partition(".")
    if folded(head) in _PARTS:
        return folded(head), tuple(rest.split(".")) if rest else ()
    return "", (column,)


def _members(cell: Any, column: str) -> dict[str, Any]:
    if isinstance(cell, (str, bytes)):
        try:
            cell = msgspec.json.decode(cell)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
            raise NoEvent(Reason.NOT_JSON, f"`{column}` is not JSON: {problem}") from None
    if cell is None or cell == []:  # an empty map of Parquet
        return {}
    try:
        members = plain(cell)
    except ValueError as problem:
        raise NoEvent(Reason.WRONG_SHAPE, f"a member of `{column}` {problem}") from None
    if not isinstance(members, dict):
        raise NoEvent(Reason.WRONG_SHAPE, f"`{column}` is not an object of names and values")
    return members
