"""A request of another system, read as its mapping says: events, what does not fit, and how many are to be skipped."""

from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

from ripeline.criteria.condition import Value
from ripeline.events.batches import MOST_MESSAGES
from ripeline.events.decode import decode, trimmed
from ripeline.events.event import Event
from ripeline.events.facts import comparable, listed
from ripeline.events.ids import LONGEST_MESSAGE_ID
from ripeline.events.pointers import Pointer, found, pointer, written_as
from ripeline.events.reason import Reason
from ripeline.events.refusal import Refusal
from ripeline.server.ingest.incoming import Fixed, Incoming, Members, Moment, Named

PREFIX = "in/"
EACH = "/each"  # of the kind of what was a member of a list


class Taken(NamedTuple):
    """What one request holds."""

    accepted: list[Event]
    refused: list[Refusal]
    skipped: int = 0
    is_too_much: bool = False  # more events than are taken at once: nothing of it is kept


class Arrival(NamedTuple):
    """Where a request came from: the mapping's name is part of what its refusals are kept as."""

    name: str
    source: str
    received_at: datetime


class _Unfit(Exception):
    """The mapping finds nothing where it must."""


def read_incoming(payload: bytes, mapping: Incoming, arrival: Arrival, *, is_member: bool = False) -> Taken:
    """The events of a request's body, or of a member of one that is read again (`is_member`)."""
    payload = trimmed(payload)
    try:
        document = msgspec.json.decode(payload)
    except (ValueError, RecursionError) as error:
        return Taken([], [_unreadable(payload, error, arrival)])
    if mapping.each is None or is_member:
        kind = f"{PREFIX}{arrival.name}{EACH if is_member else ''}"
        return _read_one(document, payload, mapping, arrival, kind)
    members = found(mapping.each, document)
    if not isinstance(members, list):
        detail = f"`{mapping.each.text}` is no list"
        return Taken([], [_refusal(Reason.DOES_NOT_FIT, detail, payload, arrival)])
    if len(members) > MOST_MESSAGES:
        refusal = _refusal(Reason.TOO_LARGE, f"more than {MOST_MESSAGES} events", payload, arrival)
        return Taken([], [refusal], is_too_much=True)
    kind = f"{PREFIX}{arrival.name}{EACH}"
    read = [_read_one(one, msgspec.json.encode(one), mapping, arrival, kind) for one in members]
    return Taken(
        [event for one in read for event in one.accepted],
        [refusal for one in read for refusal in one.refused],
        sum(one.skipped for one in read),
    )


def _read_one(document: Any, payload: bytes, mapping: Incoming, arrival: Arrival, kind: str) -> Taken:
    if mapping.when is not None and not mapping.when.holds(_Reading(document)):
        return Taken([], [], 1)
    try:
        messages = _messages(document, payload, mapping)
    except _Unfit as unfit:
        return Taken([], [_refusal(Reason.DOES_NOT_FIT, str(unfit), payload, arrival, kind)])
    events = []
    for message in messages:
        decoded = decode(msgspec.json.encode(message), source=arrival.source, received_at=arrival.received_at)
        if isinstance(decoded, Refusal):
            return Taken([], [_refusal(decoded.reason, decoded.detail, payload, arrival, kind)])
        events.append(decoded)
    return Taken(events, [])


class _Reading:
    """A document as a reading for conditions, by pointer."""

    def __init__(self, document: Any) -> None:
        self._document = document

    def get(self, field: str, /) -> Value:
        value = found(pointer(field), self._document)
        return listed(value) or None if isinstance(value, list) else comparable(value)


def _messages(document: Any, payload: bytes, mapping: Incoming) -> list[dict[str, Any]]:
    """The messages of the tracking API that say the same, the statement of facts first. Raises _Unfit."""
    key = _key(document, payload, mapping)
    who = {
        "userId": _text(mapping.user_id, document),
        "anonymousId": _text(mapping.anonymous_id, document),
    }
    email = _text(mapping.email, document)
    context: dict[str, Any] = {}
    external = [{"type": kind, "id": id} for kind, at in mapping.external_ids if (id := _text(at, document))]
    if external:
        context["externalIds"] = external
    shared = {**who, "timestamp": _instant(document, mapping.occurred_at)}
    facts = _members(mapping.facts, document)
    happening = {
        "type": "track",
        "event": _name(document, mapping.name),
        "messageId": key,
        **shared,
        "properties": _members(mapping.properties, document),
        "context": {**context, "traits": {"email": email}} if email else context,
    }
    if not facts and not (email and any(who.values())):
        return [happening]
    traits = {"email": email, **facts} if email else facts
    statement = {"type": "identify", "messageId": _short(f"{key}/facts"), **shared, "traits": traits}
    return [{**statement, "context": context}, happening]


def _name(document: Any, name: Named | Fixed) -> str:
    if isinstance(name, Fixed):
        return str(name.value)
    told = written_as(found(name.at, document))
    if not told:
        raise _Unfit(f"`{name.at.text}` (name) holds no text")
    if not name.names:
        return told
    known = dict(name.names).get(told)
    if known is None:
        raise _Unfit(f"`{name.at.text}` (name) holds {told!r}, which `names` does not list"[:300])
    return known


def _key(document: Any, payload: bytes, mapping: Incoming) -> str:
    """What makes it count once: what the pointers hold, else all that it says."""
    if not mapping.id:
        return f"in-{blake2b(payload, digest_size=16).hexdigest()}"
    parts = []
    for at in mapping.id:
        told = written_as(found(at, document))
        if not told:
            raise _Unfit(f"`{at.text}` (id) holds nothing")
        parts.append(told)
    return _short(" ".join(parts))


def _short(key: str) -> str:
    if len(key) <= LONGEST_MESSAGE_ID:
        return key
    return f"in-{blake2b(key.encode(errors='surrogatepass'), digest_size=16).hexdigest()}"


def _text(at: Pointer | None, document: Any) -> str | None:
    told = None if at is None else written_as(found(at, document))
    return told.strip() or None if told else None


def _members(members: Members, document: Any) -> dict[str, Any]:
    if isinstance(members, Pointer):
        value = found(members, document)
        return dict(value) if isinstance(value, dict) else {} if value is None else {"value": value}
    told = {name: given.value if isinstance(given, Fixed) else found(given, document) for name, given in members}
    return {name: value for name, value in told.items() if value is not None}


def _instant(document: Any, moment: Moment | None) -> Any:
    """As the tracking API writes it; None for the moment of arrival. Raises _Unfit."""
    if moment is None:
        return None
    told = found(moment.at, document)
    if told is None or told == "":
        raise _Unfit(f"`{moment.at.text}` (occurred_at) holds nothing")
    try:
        return _told(told, moment)
    except (ValueError, OverflowError, TypeError):
        raise _Unfit(f"`{moment.at.text}` (occurred_at) holds {told!r}, which is no such time"[:300]) from None


def _told(told: Any, moment: Moment) -> Any:
    if moment.unit != "iso":
        seconds = float(told) / (1_000 if moment.unit == "milliseconds" else 1)
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).isoformat()
    if moment.format:
        at = datetime.strptime(str(told).strip(), moment.format)  # noqa: DTZ007 - its zone comes next
    elif moment.zone is None or not isinstance(told, str):
        return told
    else:
        at = datetime.fromisoformat(told.strip())
    return (at if at.tzinfo else at.replace(tzinfo=moment.zone or UTC)).astimezone(UTC).isoformat()


def _unreadable(payload: bytes, error: Exception, arrival: Arrival) -> Refusal:
    """The tracking API's decoder tells apart why bytes are no JSON."""
    decoded = decode(payload, source=arrival.source, received_at=arrival.received_at)
    if isinstance(decoded, Refusal) and decoded.reason is not Reason.WRONG_SHAPE:
        return _refusal(decoded.reason, decoded.detail, payload, arrival)
    return _refusal(Reason.NOT_JSON, str(error), payload, arrival)


def _refusal(reason: Reason, detail: str, payload: bytes, arrival: Arrival, kind: str = "") -> Refusal:
    return Refusal(
        source=arrival.source,
        reason=reason,
        detail=detail,
        received_at=arrival.received_at,
        body=payload,
        kind=kind or f"{PREFIX}{arrival.name}",
    )
