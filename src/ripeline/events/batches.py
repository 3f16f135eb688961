"""A batch body → its events and refusals: one bad message never sinks the rest."""

from datetime import datetime
from typing import Any

import msgspec

from ripeline.events.decode import Sending, decode_sent, is_plain, sending, trimmed
from ripeline.events.event import Event
from ripeline.events.reason import Reason
from ripeline.events.refusal import Refusal
from ripeline.events.splitting import split
from ripeline.events.wire import Envelope, read_envelope

MOST_MESSAGES = 20_000
_MOST_COMMAS = 1_000_000


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
    messages = [bytes(message) for message in envelope.batch]
    if envelope.context or envelope.integrations:
        messages = [_merged(message, envelope) for message in messages]
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
    fields = {field: _value(parts.fields.get(field)) for field in ("sentAt", "context", "integrations")}
    messages = parts.messages
    if fields["context"] or fields["integrations"]:
        said = Envelope(batch=[], context=fields["context"], integrations=fields["integrations"])
        messages = [_merged(message, said) for message in messages]
    return _decode_each(messages, source, received_at, sending(fields["sentAt"], sent_at), plain=False)


def _value(spelled: bytes | None) -> Any:
    if spelled is None:
        return None
    try:
        return msgspec.json.decode(spelled)
    except (ValueError, RecursionError):
        return None


def _merged(message: bytes, envelope: Envelope) -> bytes:
    """`message` with the batch's context and integrations under its own; as it is where it cannot be read."""
    try:
        fields = msgspec.json.decode(message, type=dict[str, msgspec.Raw])
        for field, said in (("context", envelope.context), ("integrations", envelope.integrations)):
            if isinstance(said, dict) and said:
                fields[field] = msgspec.Raw(msgspec.json.encode({**said, **_members(fields.get(field))}))
        return msgspec.json.encode(fields)
    except (ValueError, RecursionError):
        return message


def _members(spelled: msgspec.Raw | None) -> dict[str, msgspec.Raw]:
    if spelled is None or not bytes(spelled).startswith(b"{"):
        return {}
    return msgspec.json.decode(spelled, type=dict[str, msgspec.Raw])


def _too_many(payload: bytes, source: str, received_at: datetime) -> Refusal:
    detail = f"more than {MOST_MESSAGES} messages"
    return _nothing_usable(payload, Reason.TOO_LARGE, detail, source, received_at)


def _nothing_usable(payload: bytes, reason: Reason, detail: str, source: str, received_at: datetime) -> Refusal:
    return Refusal(source=source, reason=reason, detail=detail, received_at=received_at, body=payload, kind="batch")
