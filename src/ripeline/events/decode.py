"""Wire message → Event, or Refusal with a reason. Nothing in here raises, whatever the bytes."""

import json
import re
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

import msgspec

from ripeline.events.assembly import NAMES, assembled
from ripeline.events.event import Event
from ripeline.events.facts import email
from ripeline.events.ids import LONGEST_ID, LONGEST_MESSAGE_ID, new_message_id, present
from ripeline.events.names import LONGEST_NAME
from ripeline.events.reason import Reason
from ripeline.events.refusal import Refusal
from ripeline.events.skew import occurred, told_instant
from ripeline.events.splitting import deeper_than
from ripeline.events.wire import DEEPEST, LARGEST_MESSAGE, Id, Message, read_message

KINDS = frozenset(("track", *NAMES))
# Everything known of a lead is read again with each of its events: a sender may add only so much at once.
MOST_FACTS = 1_000
MOST_EXTERNAL_IDS = 20
MOST_CONSENTS = 100
_OF_TWO = frozenset(("group", "alias"))

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class _Objection(Exception):
    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def decode(
    payload: bytes, *, source: str, received_at: datetime, kind: str | None = None, sent_at: Id = None
) -> Event | Refusal:
    """One message as an event, or why it is none.

    `kind` is what the path said, for a message without `type`; `sent_at` what batch or header said, for one
    without its own.

    >>> from datetime import UTC
    >>> decode(b'{"userId": []}', source="site", received_at=datetime(2026, 3, 1, tzinfo=UTC), kind="page").detail
    'Expected `int | float | str | null`, got `array` - at `$.userId`'
    """
    payload = trimmed(payload)
    return decode_sent(payload, source, received_at, kind, sending(sent_at), is_plain(payload))


def trimmed(payload: bytes) -> bytes:
    """`payload` without the blanks and the byte order mark around it."""
    return payload.removeprefix(b"\xef\xbb\xbf").strip()


class Sending(NamedTuple):
    """When a request was sent by its sender's clock, and how that is written at the end of a message."""

    at: datetime
    written: bytes


def sending(*told: object) -> Sending | None:
    """The first readable of what body and header told; None where nothing is, so that nothing is corrected."""
    for sent_at in told:
        if isinstance(sent_at, (str, int, float)):
            with suppress(ValueError, OverflowError):
                at = told_instant(sent_at)
                if at is not None:
                    return Sending(at, b',"sentAt":' + msgspec.json.encode(sent_at) + b"}")
    return None


def decode_sent(
    payload: bytes, source: str, received_at: datetime, kind: str | None, sent: Sending | None, plain: bool
) -> Event | Refusal:
    """`decode` where the sending was read, and the text found to be plain or not, once for all messages of a batch.

    The sending is written into the kept message, so that what is kept tells all three times.
    """
    try:
        message = _message(payload, plain)
        kind = _kind(message, kind)
        name = _name(message, kind)
        message_id = _message_id(message)
        event = assembled(
            message,
            body=payload if sent is None or message.sent_at else payload[:-1] + sent.written,
            source=source,
            message_id=message_id,
            kind=kind,
            name=name,
            occurred_at=_occurred_at(message, sent, received_at),
            received_at=received_at,
        )
        _check_person(event)
    except _Objection as why:
        return Refusal(
            source=source,
            reason=why.reason,
            detail=why.detail,
            received_at=received_at,
            body=payload,
            kind=kind,
            sent_at=None if sent is None else sent.at,
        )
    return event


def restored(
    body: bytes, *, source: str, message_id: str, kind: str, name: str, occurred_at: datetime, received_at: datetime
) -> Event:
    """The event of a stored row: `body` is its `Event.body`, the rest as the row keeps it."""
    return assembled(
        read_message(body),
        body=body,
        source=source,
        message_id=message_id,
        kind=kind,
        name=name,
        occurred_at=occurred_at,
        received_at=received_at,
    )


def is_plain(payload: bytes) -> bool:
    """Whether its texts need no second look: ASCII throughout, and nothing that may be a NUL."""
    return payload.isascii() and b"\\u0000" not in payload


def _message(payload: bytes, plain: bool) -> Message:
    if len(payload) > LARGEST_MESSAGE:
        raise _Objection(Reason.TOO_LARGE, f"{len(payload)} bytes, at most {LARGEST_MESSAGE}")
    if payload.count(b"{") + payload.count(b"[") > DEEPEST and deeper_than(DEEPEST, payload):
        raise _Objection(Reason.NESTED_TOO_DEEPLY, f"more than {DEEPEST} levels")
    try:
        message = read_message(payload)
    except msgspec.ValidationError as error:
        raise _Objection(Reason.WRONG_SHAPE, str(error)) from error
    except (ValueError, RecursionError) as error:
        raise _undecodable(payload, error) from error
    if not plain:
        _check_text(payload)
    return message


def _undecodable(payload: bytes, error: Exception) -> _Objection:
    """Half a character is legal JSON but no text; only Python's own reader tells it from what is not JSON at all."""
    if isinstance(error, UnicodeDecodeError):
        return _Objection(Reason.NOT_TEXT, "bytes that are not UTF-8")
    try:
        json.loads(payload, parse_constant=_no_number)
    except UnicodeDecodeError:
        return _Objection(Reason.NOT_TEXT, "bytes that are not UTF-8")
    except (ValueError, RecursionError):
        return _Objection(Reason.NOT_JSON, str(error))
    return _Objection(Reason.NOT_TEXT, "half a character: a surrogate without its other half")


def _no_number(constant: str) -> None:
    raise ValueError(constant)


def _check_text(payload: bytes) -> None:
    try:
        payload.decode()  # msgspec does not look at what it skips
    except UnicodeDecodeError:
        raise _Objection(Reason.NOT_TEXT, "bytes that are not UTF-8") from None
    if _NUL.search(payload):
        raise _Objection(Reason.NOT_TEXT, "a NUL character")


def _kind(message: Message, told: str | None) -> str:
    kind = message.type or told
    if kind in KINDS:
        return kind
    spelled = (kind or "").strip().lower()
    if spelled in KINDS:
        return spelled
    raise _Objection(Reason.UNKNOWN_TYPE, f"type {kind!r}"[:200] if kind else "no type")


def _name(message: Message, kind: str) -> str:
    if kind != "track":
        return NAMES[kind]
    name = message.event
    if not name or name.isspace():
        raise _Objection(Reason.NO_NAME, "no `event`")
    if len(name) > LONGEST_NAME:
        raise _Objection(Reason.NAME_TOO_LONG, f"{len(name)} characters, at most {LONGEST_NAME}")
    return name


def _message_id(message: Message) -> str:
    message_id = present(message.message_id)
    if message_id is None:
        return new_message_id()
    if len(message_id) > LONGEST_MESSAGE_ID:
        raise _Objection(Reason.ID_TOO_LONG, f"messageId: {len(message_id)} characters, at most {LONGEST_MESSAGE_ID}")
    return message_id


def _check_person(event: Event) -> None:
    """Somebody must be told, by ids that an index can hold."""
    user, anonymous = event.user_id, event.anonymous_id
    if user is None and anonymous is None and email(event) is None:
        raise _Objection(Reason.NO_ID, "neither userId nor anonymousId nor an email that can be read among the traits")
    if user is not None and len(user) > LONGEST_ID:
        raise _Objection(Reason.ID_TOO_LONG, f"userId: {len(user)} characters, at most {LONGEST_ID}")
    if anonymous is not None and len(anonymous) > LONGEST_ID:
        raise _Objection(Reason.ID_TOO_LONG, f"anonymousId: {len(anonymous)} characters, at most {LONGEST_ID}")
    if event.kind in _OF_TWO:
        _check_other(event)
    if event.facts or event.hints or event.external_ids or event.consents:
        _check_amount(event)


def _check_amount(event: Event) -> None:
    """What is told of the person beside the event itself."""
    traits, ids = len(event.facts) + len(event.hints), event.external_ids
    if traits > MOST_FACTS:
        raise _Objection(Reason.TOO_LARGE, f"{traits} traits, at most {MOST_FACTS}")
    if len(event.consents) > MOST_CONSENTS:
        raise _Objection(Reason.TOO_LARGE, f"consent for {len(event.consents)} purposes, at most {MOST_CONSENTS}")
    if len(ids) > MOST_EXTERNAL_IDS:
        raise _Objection(Reason.TOO_LARGE, f"{len(ids)} external ids, at most {MOST_EXTERNAL_IDS}")
    longest = max(map(len, ids), default=0)
    if longest > LONGEST_ID:
        raise _Objection(Reason.ID_TOO_LONG, f"external id: {longest} characters, at most {LONGEST_ID}")


def _check_other(event: Event) -> None:
    """A group call names a company beside the person, an alias call an older id."""
    other, field = (event.group_id, "groupId") if event.kind == "group" else (event.previous_id, "previousId")
    if other is None or (event.kind == "alias" and event.user_id is None):
        raise _Objection(Reason.NO_ID, "a group call needs a groupId, an alias call previousId and userId")
    if len(other) > LONGEST_ID:
        raise _Objection(Reason.ID_TOO_LONG, f"{field}: {len(other)} characters, at most {LONGEST_ID}")


def _occurred_at(message: Message, sent: Sending | None, received_at: datetime) -> datetime:
    try:
        told = told_instant(message.timestamp) or told_instant(message.original_timestamp)
    except (ValueError, OverflowError):
        written = message.timestamp or message.original_timestamp
        raise _Objection(Reason.UNREADABLE_TIME, f"timestamp {written!r}"[:200]) from None
    if message.sent_at:
        sent = sending(message.sent_at) or sent
    at = occurred(told=told, sent=None if sent is None else sent.at, received=received_at)
    if at is None:
        raise _Objection(Reason.TIME_OUT_OF_RANGE, f"{told} when received at {received_at}")
    return at
