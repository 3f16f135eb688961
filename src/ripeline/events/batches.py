"""A batch body → its events and refusals: one bad message never sinks the rest."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from ripeline.events.decode import Sending, decode_sent, is_plain, sending, trimmed
from ripeline.events.event import Event
from ripeline.events.reason import Reason
from ripeline.events.refusal import Refusal
from ripeline.events.splitting import split
from ripeline.events.wire import read_envelope

MOST_MESSAGES = 20_000
_MOST_COMMAS = 1_000_000
# What a batch says once stands in each of its messages afterwards, in memory and on disk.
_MOST_REPEATED = 16 * 1024 * 1024
_NOTHING = (b"null", b"[]")


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What one request brought, each list in the order in which it stood there."""

    accepted: list[Event]
    refused: list[Refusal]


def decode_batch(payload: bytes, *, source: str, received_at: datetime, sent_at: str | None = None) -> Batch | Refusal:
    """The messages of a batch body; a Refusal of the whole where it holds none that can be told apart.

    `sent_at` is what the request's header said, for a body without its own.
    """
    payload = trimmed(payload)
    if payload.count(b",") > _MOST_COMMAS:  # before each of them costs an object
        return _too_many(payload, source, received_at)
    try:
        envelope = read_envelope(payload)
    except msgspec.ValidationError as error:
        return _nothing_usable(payload, Reason.WRONG_SHAPE, str(error), source, received_at)
    except (ValueError, RecursionError) as error:
        return _decode_broken(payload, error, source=source, received_at=received_at, sent_at=sent_at)
    if len(envelope.batch) > MOST_MESSAGES:
        return _too_many(payload, source, received_at)
    said = {"context": bytes(envelope.context), "integrations": bytes(envelope.integrations)}
    messages = _completed([bytes(message) for message in envelope.batch], said)
    if messages is None:
        return _too_much_repeated(payload, source, received_at)
    return _decode_each(messages, source, received_at, sending(envelope.sent_at, sent_at), is_plain(payload))


def _decode_each(messages: list[bytes], source: str, received_at: datetime, sent: Sending | None, plain: bool) -> Batch:
    accepted: list[Event] = []
    refused: list[Refusal] = []
    for message in messages:
        decoded = decode_sent(message, source, received_at, None, sent, plain)
        if isinstance(decoded, Event):
            accepted.append(decoded)
        else:
            refused.append(decoded)
    return Batch(accepted=accepted, refused=refused)


def _decode_broken(
    payload: bytes, error: Exception, *, source: str, received_at: datetime, sent_at: str | None
) -> Batch | Refusal:
    """What can be saved of a body that cannot be decoded as a whole: each message by itself."""
    parts = split(payload)
    if parts is None:
        return _nothing_usable(payload, Reason.NOT_JSON, str(error), source, received_at)
    if len(parts.messages) > MOST_MESSAGES:
        return _too_many(payload, source, received_at)
    said = {field: parts.fields.get(field, b"") for field in ("context", "integrations")}
    messages = _completed(parts.messages, said)
    if messages is None:
        return _too_much_repeated(payload, source, received_at)
    sent = sending(_value(parts.fields.get("sentAt")), sent_at)
    return _decode_each(messages, source, received_at, sent, plain=False)


def _value(spelled: bytes | None) -> Any:
    if spelled is None:
        return None
    try:
        return msgspec.json.decode(spelled)
    except (ValueError, RecursionError):
        return None


def _completed(messages: list[bytes], said: Mapping[str, bytes]) -> list[bytes] | None:
    """`messages` with what their batch said, by field, under their own; None where it would be too much in all.

    What cannot be read of the batch's own spoils none of its messages.
    """
    readable = {field: members for field, spelled in said.items() if (members := _readable(spelled))}
    if not readable:
        return messages
    if len(messages) * sum(len(said[field]) for field in readable) > _MOST_REPEATED:
        return None
    return [_merged(message, readable) for message in messages]


def _merged(message: bytes, said: Mapping[str, dict[str, msgspec.Raw]]) -> bytes:
    """`message` with what is `said` of each field under its own members; as it is where it cannot be read."""
    try:
        fields = msgspec.json.decode(message, type=dict[str, msgspec.Raw])
        for field, members in said.items():
            own = bytes(fields.get(field, b"null"))
            if own in _NOTHING or own.startswith(b"{"):  # anything else is a mistake, and is refused as such
                under = members if own in _NOTHING else {**members, **_members(own)}
                fields[field] = msgspec.Raw(msgspec.json.encode(under))
        return msgspec.json.encode(fields)
    except (ValueError, RecursionError):
        return message


def _readable(spelled: bytes) -> dict[str, msgspec.Raw]:
    """The members of an object; none of what is something else, or cannot be read to its end."""
    try:
        msgspec.json.decode(spelled)  # a Raw is not looked into
        return _members(spelled)
    except (ValueError, RecursionError):
        return {}


def _members(spelled: bytes) -> dict[str, msgspec.Raw]:
    return msgspec.json.decode(spelled, type=dict[str, msgspec.Raw])


def _too_many(payload: bytes, source: str, received_at: datetime) -> Refusal:
    detail = f"more than {MOST_MESSAGES} messages"
    return _nothing_usable(payload, Reason.TOO_LARGE, detail, source, received_at)


def _too_much_repeated(payload: bytes, source: str, received_at: datetime) -> Refusal:
    detail = "the batch's context is too large to stand in each of its messages"
    return _nothing_usable(payload, Reason.TOO_LARGE, detail, source, received_at)


def _nothing_usable(payload: bytes, reason: Reason, detail: str, source: str, received_at: datetime) -> Refusal:
    return Refusal(source=source, reason=reason, detail=detail, received_at=received_at, body=payload, kind="batch")
