"""How the rows of somebody else's file become events: what a mapping file says, as values.

The text is in YAML (`docs/reference/mapping.md`); `mapping_text` reads it. A column's name always means the cell of
that row; what is the same in every row is a `Fixed`.
"""

from datetime import tzinfo
from fnmatch import fnmatchcase
from typing import Any, Literal

import msgspec

from ripeline.criteria.condition import Condition

As = Literal["", "text", "number", "truth", "list"]


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """The cell of `column`, which the mapping names in `line`, read `as_` a type; "" takes it as it is written."""

    column: str
    line: int
    path: str
    as_: As = ""
    separator: str = ","  # of a list


class Fixed(msgspec.Struct, frozen=True):
    """A value that stands for every row."""

    value: Any


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """When: the instant in a cell, written in `format` (None: ISO 8601 or Unix time), in `zone` where it names none."""

    cell: Cell
    format: str | None = None
    zone: tzinfo | None = None


When = Moment | Fixed


class EventOf(msgspec.Struct, frozen=True, kw_only=True):
    """One event that a row tells, if `when` holds of its cells."""

    name: Cell | Fixed
    properties: tuple[tuple[str, Cell | Fixed], ...] = ()
    occurred_at: When | None = None
    when: Condition | None = None


class RowsOf(msgspec.Struct, frozen=True, kw_only=True):
    """What each row of a file says. `facts` make an identify of their own, which comes before the row's events."""

    occurred_at: When
    source: str = "file"
    lead: Cell | None = None
    user_id: Cell | None = None
    anonymous_id: Cell | None = None
    id: tuple[Cell, ...] = ()
    received_at: When | None = None
    missing: frozenset[str] = frozenset()
    facts: tuple[tuple[str, Cell | Fixed], ...] = ()
    events: tuple[EventOf, ...] = ()


class MappedFile(msgspec.Struct, frozen=True, kw_only=True):
    """The files whose name fits `pattern` (`*` and `?` as in a shell), and how they are read."""

    pattern: str
    line: int
    rows: RowsOf


class Mapping(msgspec.Struct, frozen=True, kw_only=True):
    """A mapping file, read and checked. `path` is its own name, for messages."""

    path: str
    files: tuple[MappedFile, ...]

    def of(self, file_name: str) -> RowsOf | None:
        """How the file of this name is read; None if the mapping says nothing of it."""
        return next((mapped.rows for mapped in self.files if fnmatchcase(file_name, mapped.pattern)), None)
