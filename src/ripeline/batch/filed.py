"""An event as a file tells it, and a row that tells none."""

from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import msgspec

from ripeline.events.assembly import NAMES, assembled
from ripeline.events.event import KINDS, Event
from ripeline.events.ids import LONGEST_ID, LONGEST_MESSAGE_ID, present
from ripeline.events.reason import Reason
from ripeline.events.skew import EARLIEST, occurred, told_instant
from ripeline.events.wire import Message

SOURCE = "file"
LONGEST_NAME = 255
_UNIX_DIGITS = (10, 13, 16)  # seconds, milliseconds, microseconds, as a CSV file has them


class Filed(NamedTuple):
    """An event, and the lead its row names; None where only a user or anonymous id tells who it was."""

    lead: str | None
    event: Event


class RefusedRow(msgspec.Struct, frozen=True):
    """A row that is no event: in which file, where (line of text or row of Parquet, from 1), and why.

    >>> print(RefusedRow("events.csv", 12, Reason.NO_NAME, "`name` is empty"))
    events.csv, line 12: `name` is empty  [no-name]
    """

    path: str
    line: int
    reason: Reason
    detail: str
    row: Any = None  # its cells by column, or its text where it has none

    def __str__(self) -> str:
        return f"{self.path}, line {self.line}: {self.detail}  [{self.reason}]"


class NoEvent(Exception):
    """Why a row is no event; whoever knows the place makes a RefusedRow of it."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class Told(msgspec.Struct, kw_only=True):
    """What a row says, before any of it is believed. Members of the dicts may be nested."""

    id: Any = None
    name: Any = None
    occurred_at: Any = None
    received_at: Any = None
    lead: Any = None
    user_id: Any = None
    anonymous_id: Any = None
    previous_id: Any = None
    group_id: Any = None
    type: Any = None
    source: Any = None
    traits: dict[str, Any] = {}
    properties: dict[str, Any] = {}
    context: dict[str, Any] = {}


def filed(told: Told) -> Filed:
    """The event that a row tells.

    Without `received_at` it was received when it occurred. Raises NoEvent where id, name, time or person are
    missing, cannot be read or are out of range.

    >>> row = Told(id=7, name="Demo Requested", occurred_at="2026-03-01 09:30", lead="ada")
    >>> lead, event = filed(row)
    >>> lead, event.message_id, str(event.occurred_at)
    ('ada', '7', '2026-03-01 09:30:00+00:00')
    """
    kind = _kind(told.type)
    received_at = _instant(told.received_at, "received_at")
    occurred_at = _within_reach(_instant(told.occurred_at, "occurred_at"), received_at)
    message = _message(told, kind)
    lead = _id(told.lead, "lead")
    if lead is None and message.user_id is None and message.anonymous_id is None:
        raise NoEvent(Reason.NO_ID, "nobody can be told from this row; give `lead`, `user_id` or `anonymous_id`")
    event = assembled(
        message,
        body=b"",
        source=_text(told.source, "source", LONGEST_ID) or SOURCE,
        message_id=_message_id(told.id),
        kind=kind,
        name=NAMES.get(kind) or _name(told.name),
        occurred_at=occurred_at,
        received_at=received_at or occurred_at,
    )
    return Filed(lead, event)


def moment(told: Any) -> datetime:
    """The instant in a cell `occurred_at`. Raises NoEvent."""
    return _within_reach(_instant(told, "occurred_at"), None)


def _message(told: Told, kind: str) -> Message:
    """The row as a call of the tracking API, so that it means what the same call means at the door."""
    context = told.context
    if told.traits and kind not in ("identify", "group"):
        known = context.get("traits")
        context = {**context, "traits": {**known, **told.traits} if isinstance(known, dict) else told.traits}
    return Message(
        user_id=_id(told.user_id, "user_id"),
        anonymous_id=_id(told.anonymous_id, "anonymous_id"),
        previous_id=_id(told.previous_id, "previous_id"),
        group_id=_id(told.group_id, "group_id"),
        name=told.name if kind in ("page", "screen") and isinstance(told.name, str) else None,
        properties=told.properties,
        traits=told.traits,
        context=context,
    )


def _kind(told: Any) -> str:
    if told is None or told == "":
        return "track"
    kind = told.strip().lower() if isinstance(told, str) else None
    if kind not in KINDS:
        raise NoEvent(Reason.UNKNOWN_TYPE, f"`type` {told!r} is none of {', '.join(KINDS)}")
    return str(kind)


def _instant(told: Any, field: str) -> datetime | None:
    if isinstance(told, str) and len(told) in _UNIX_DIGITS and told.isascii() and told.isdigit():
        told = int(told)
    try:
        return _in_utc(told) if isinstance(told, date) else told_instant(told)
    except (ValueError, OverflowError, TypeError, AttributeError):
        detail = f"`{field}` {told!r} cannot be read; write ISO 8601, such as 2026-03-01T09:30:00Z"
        raise NoEvent(Reason.UNREADABLE_TIME, detail) from None


def _in_utc(told: date) -> datetime:
    """The instant; of a day its first one, and UTC where it names no zone."""
    if not isinstance(told, datetime):
        return datetime(told.year, told.month, told.day, tzinfo=UTC)
    if told.tzinfo is UTC:
        return told
    return told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)


def _within_reach(told: datetime | None, received_at: datetime | None) -> datetime:
    if told is None:
        raise NoEvent(Reason.UNREADABLE_TIME, "`occurred_at` is missing or empty")
    if received_at is None and told >= EARLIEST:
        return told
    at = occurred(told=told, sent=None, received=received_at or told)
    if at is None:
        raise NoEvent(
            Reason.TIME_OUT_OF_RANGE, f"{told.isoformat()} is before 1990 or over a day after it was received"
        )
    return at


def _id(value: Any, field: str) -> str | None:
    if value is None or value == "":
        return None
    if type(value) is str and len(value) <= LONGEST_ID and "\0" not in value:
        return present(value)
    if not isinstance(value, (str, int, float)) or isinstance(value, bool):
        raise NoEvent(Reason.WRONG_SHAPE, f"`{field}` is neither text nor a number")
    return _text(present(value), field, LONGEST_ID)


def _message_id(told: Any) -> str:
    if type(told) is str and 0 < len(told) <= LONGEST_MESSAGE_ID and "\0" not in told:
        return told
    if told is None or told == "":
        raise NoEvent(Reason.NO_ID, "`id` is missing; an event without one cannot be counted once")
    if not isinstance(told, (str, int, float)) or isinstance(told, bool):
        raise NoEvent(Reason.WRONG_SHAPE, "`id` is neither text nor a number")
    return str(_text(str(told), "id", LONGEST_MESSAGE_ID))


def _name(told: Any) -> str:
    if told is None or told == "":
        raise NoEvent(Reason.NO_NAME, "`name` is missing or empty")
    name = _text(told, "name", LONGEST_NAME, too_long=Reason.NAME_TOO_LONG)
    if name is None or not name.strip():
        raise NoEvent(Reason.NO_NAME, "`name` is empty")
    return name


def _text(told: Any, field: str, longest: int, *, too_long: Reason = Reason.ID_TOO_LONG) -> str | None:
    if told is None:
        return None
    if not isinstance(told, str):
        raise NoEvent(Reason.WRONG_SHAPE, f"`{field}` is not text")
    if len(told) > longest:
        raise NoEvent(too_long, f"`{field}` is longer than {longest} characters")
    if "\0" in told:
        raise NoEvent(Reason.NOT_TEXT, f"`{field}` holds a NUL")
    return told
