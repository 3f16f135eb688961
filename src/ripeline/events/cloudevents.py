"""CloudEvents 1.0 in JSON → events: its `type` is what happened, its `subject` who did it."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Any

import msgspec

from ripeline.events.batches import MOST_MESSAGES, Batch
from ripeline.events.decode import decode, trimmed
from ripeline.events.event import Event
from ripeline.events.ids import LONGEST_MESSAGE_ID
from ripeline.events.names import folded
from ripeline.events.reason import Reason
from ripeline.events.refusal import Refusal
from ripeline.events.splitting import split
from ripeline.events.wire import LARGEST_MESSAGE

KIND = "cloudevents"
SPECVERSION = "1.0"
REQUIRED = ("specversion", "id", "source", "type")

_OWN = frozenset((*REQUIRED, "subject", "time", "datacontenttype", "data", "data_base64"))
_STATEMENTS = frozenset(("identify", "identified"))  # types that tell who somebody is, and nothing that they did


def decode_cloud_events(payload: bytes, *, source: str, received_at: datetime) -> Batch | Refusal:
    """The events of one CloudEvent, or of a list of them; a Refusal of the whole where none can be told apart.

    >>> from datetime import UTC
    >>> told = b'{"specversion":"1.0","id":"7","source":"/crm","type":"Demo Requested","subject":"ada"}'
    >>> [event] = decode_cloud_events(told, source="crm", received_at=datetime(2026, 3, 1, tzinfo=UTC)).accepted
    >>> event.name, event.user_id, event.message_id
    ('Demo Requested', 'ada', '/crm 7')
    """
    payload = trimmed(payload)
    members = _members(payload)
    if members is None:
        detail = "the list of events is not closed"
        return _refusal(Reason.NOT_JSON, detail, payload, source, received_at)
    if len(members) > MOST_MESSAGES:
        return _refusal(Reason.TOO_LARGE, f"more than {MOST_MESSAGES} events", payload, source, received_at)
    accepted: list[Event] = []
    refused: list[Refusal] = []
    for member in members:
        decoded = decode_cloud_event(member, source=source, received_at=received_at)
        if isinstance(decoded, Refusal):
            refused.append(decoded)
        else:
            accepted += decoded
    return Batch(accepted=accepted, refused=refused)


def decode_cloud_event(payload: bytes, *, source: str, received_at: datetime) -> list[Event] | Refusal:
    """What one CloudEvent tells: who somebody is, where its data has `traits`, and what they did."""
    if len(payload) > LARGEST_MESSAGE:
        detail = f"{len(payload)} bytes, at most {LARGEST_MESSAGE}"
        return _refusal(Reason.TOO_LARGE, detail, payload, source, received_at)
    try:
        told = msgspec.json.decode(payload, type=dict[str, Any])
    except msgspec.ValidationError as error:
        return _refusal(Reason.WRONG_SHAPE, str(error), payload, source, received_at)
    except (ValueError, RecursionError) as error:
        return _unreadable(payload, error, source, received_at)
    missing = missing_of(told)
    if missing:
        return _refusal(Reason.INCOMPLETE, missing, payload, source, received_at)
    events = []
    for message in _messages(told):
        decoded = decode(msgspec.json.encode(message), source=source, received_at=received_at)
        if isinstance(decoded, Refusal):
            return _refusal(decoded.reason, decoded.detail, payload, source, received_at)
        events.append(decoded)
    return events


def missing_of(told: Mapping[str, Any]) -> str:
    """What keeps attributes from being those of a CloudEvent 1.0; empty where nothing does."""
    for name in REQUIRED:
        value = told.get(name)
        if not isinstance(value, str) or not value.strip():
            return f"no `{name}`"
    return "" if told["specversion"] == SPECVERSION else f"specversion {told['specversion']!r}"[:100]


def _messages(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The messages of the tracking API that say the same, the statement first."""
    data = told.get("data")
    if data is None and told.get("data_base64") is not None:
        data = {"data_base64": told["data_base64"]}
    properties = dict(data) if isinstance(data, dict) else {} if data is None else {"data": data}
    is_statement = folded(told["type"]) in _STATEMENTS
    stated = properties.pop("traits", None)
    traits = dict(stated) if isinstance(stated, dict) else {}
    if is_statement:
        traits = {**properties, **traits}
    who, address = _person(told.get("subject"))
    key = _key(told)
    shared = {**who, "timestamp": told.get("time"), "context": _context(told)}
    statement = {"type": "identify", "messageId": key, **shared, "traits": {**address, **traits}}
    if is_statement:
        return [statement]
    happening = {"type": "track", "event": told["type"], "messageId": key, **shared, "properties": properties}
    if address or ("email" in traits and not who):
        known = address or {"email": traits["email"]}
        happening["context"] = {**shared["context"], "traits": known}
    return [{**statement, "messageId": _short(f"{key}/traits")}, happening] if traits else [happening]


def _person(subject: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The user id that a subject is, or the trait by which it names somebody: an e-mail address."""
    if not isinstance(subject, str) or not subject.strip():
        return {}, {}
    name, _, domain = subject.strip().rpartition("@")
    if name and "." in domain and len(subject.split()) == 1:
        return {}, {"email": subject.strip()}
    return {"userId": subject}, {}


def _context(told: Mapping[str, Any]) -> dict[str, Any]:
    """What else it says, extensions too, for conditions: `context.cloudevent.source`."""
    more = {name: value for name, value in told.items() if name not in _OWN}
    return {"cloudevent": {"source": told["source"], **more}}


def _key(told: Mapping[str, Any]) -> str:
    """By its source and id it counts once; a source, being an address, has no blanks."""
    return _short(f"{told['source']} {told['id']}")


def _short(key: str) -> str:
    if len(key) <= LONGEST_MESSAGE_ID:
        return key
    return f"ce-{blake2b(key.encode(errors='surrogatepass'), digest_size=16).hexdigest()}"


def _members(payload: bytes) -> list[bytes] | None:
    """The events of a list, a broken one among them spoiling none beside it; the body itself where it is no list."""
    if not payload.startswith(b"["):
        return [payload]
    parts = split(b'{"batch":' + payload + b"}")
    return None if parts is None else parts.messages


def _unreadable(payload: bytes, error: Exception, source: str, received_at: datetime) -> Refusal:
    """The tracking API's decoder tells apart why bytes are no JSON."""
    found = decode(payload, source=source, received_at=received_at)
    reason, detail = (found.reason, found.detail) if isinstance(found, Refusal) else (Reason.NOT_JSON, str(error))
    return _refusal(reason, detail, payload, source, received_at)


def _refusal(reason: Reason, detail: str, payload: bytes, source: str, received_at: datetime) -> Refusal:
    return Refusal(source=source, reason=reason, detail=detail, received_at=received_at, body=payload, kind=KIND)
