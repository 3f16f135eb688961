"""How the requests of another system become events: what a file `DIR/in/NAME.yaml` says, as values.

The text is in YAML (`docs/reference/incoming.md`); `incoming_text` reads it, `incoming_events` applies it.
"""

from datetime import tzinfo
from typing import Any, Literal

import msgspec

from ripeline.criteria.condition import Condition
from ripeline.events.pointers import Pointer

Unit = Literal["iso", "seconds", "milliseconds"]


class Fixed(msgspec.Struct, frozen=True):
    """A value that stands for every request."""

    value: Any


class Named(msgspec.Struct, frozen=True):
    """What happened: the text at a pointer, by a table of `names` where there is one."""

    at: Pointer
    names: tuple[tuple[str, str], ...] = ()


class Moment(msgspec.Struct, frozen=True):
    """When: the instant at a pointer, in a unit or in a `format` of strptime, in `zone` where it names none."""

    at: Pointer
    unit: Unit = "iso"
    format: str = ""
    zone: tzinfo | None = None


Given = Pointer | Fixed
Members = tuple[tuple[str, Given], ...] | Pointer  # names with their values, or all that lies under a pointer


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """One file, read and checked. With `each`, the list under it holds one event a member, and pointers begin there."""

    name: Named | Fixed
    each: Pointer | None = None
    when: Condition | None = None
    id: tuple[Pointer, ...] = ()
    occurred_at: Moment | None = None
    user_id: Pointer | None = None
    email: Pointer | None = None
    anonymous_id: Pointer | None = None
    external_ids: tuple[tuple[str, Pointer], ...] = ()
    facts: Members = ()
    properties: Members = ()
