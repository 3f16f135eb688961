"""Bytes that were refused, read once more as at the door: with the source, the path and the clock they came with."""

from datetime import datetime
from typing import NamedTuple

import msgspec

from ripeline.events.batches import decode_batch
from ripeline.events.cloudevents import KIND as CLOUDEVENTS
from ripeline.events.cloudevents import decode_cloud_events
from ripeline.events.decode import decode
from ripeline.events.event import Event
from ripeline.events.reason import Reason
from ripeline.events.refusal import Refusal
from ripeline.events.unpacking import unpacked
from ripeline.server.ingest.beside import taken_by
from ripeline.server.ingest.door import Limits
from ripeline.server.ingest.incoming_events import EACH, PREFIX, Arrival
from ripeline.server.ingest.mappings import Mappings

BATCHES = ("batch", "import")  # kinds whose body is `{"batch": [message, …]}`


class Came(NamedTuple):
    """How it came: see `Refusal`."""

    source: str
    kind: str | None
    received_at: datetime
    sent_at: datetime | None


class Reading(NamedTuple):
    """What bytes are by now: events, and what is refused still."""

    accepted: list[Event]
    refused: list[Refusal]


def read_again(body: bytes, came: Came, *, now: datetime, mappings: Mappings | None = None) -> Reading:
    """What `body` is by now. When it happened is told from the first arrival; known it is from `now` on.

    By now `mappings` may say something else. What they leave out is neither an event nor refused.
    """
    plain = unpacked(body, at_most=Limits().body)
    if not isinstance(plain, bytes):
        return Reading([], [_refusal(plain, "the body cannot be unpacked", body, came)])
    found = _decoded(plain, came, mappings)
    return Reading([_known_from(event, came, now=now) for event in found.accepted], found.refused)


def _decoded(body: bytes, came: Came, mappings: Mappings | None) -> Reading:
    if came.kind is not None and came.kind.startswith(PREFIX):
        name, is_member = came.kind.removeprefix(PREFIX).removesuffix(EACH), came.kind.endswith(EACH)
        mapping = None if mappings is None else mappings.of(name)
        taken = taken_by(mapping, body, Arrival(name, came.source, came.received_at), is_member=is_member)
        return Reading(taken.accepted, taken.refused)
    if came.kind == CLOUDEVENTS:
        told = decode_cloud_events(body, source=came.source, received_at=came.received_at)
        return Reading([], [told]) if isinstance(told, Refusal) else Reading(told.accepted, told.refused)
    sent_at = None if came.sent_at is None else came.sent_at.isoformat()
    if came.kind in BATCHES:
        batch = decode_batch(body, source=came.source, received_at=came.received_at, sent_at=sent_at)
        if isinstance(batch, Refusal):
            return Reading([], [msgspec.structs.replace(batch, kind=came.kind)])
        return Reading(batch.accepted, batch.refused)
    decoded = decode(body, source=came.source, received_at=came.received_at, kind=came.kind, sent_at=sent_at)
    return Reading([decoded], []) if isinstance(decoded, Event) else Reading([], [decoded])


def _known_from(event: Event, came: Came, *, now: datetime) -> Event:
    """Nobody could count it before: a backtest that did would know more than was known (docs/decisions)."""
    return msgspec.structs.replace(event, received_at=max(now, came.received_at))


def _refusal(reason: Reason, detail: str, body: bytes, came: Came) -> Refusal:
    return Refusal(
        source=came.source, reason=reason, detail=detail, received_at=came.received_at, body=body, kind=came.kind
    )
