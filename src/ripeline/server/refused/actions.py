"""What people do with refused events, one function a use case; each is a command to the log's one writer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from ripeline.events.refusal import Refusal
from ripeline.server import workspace
from ripeline.server.ingest.again import Came, Reading, read_again
from ripeline.server.ingest.mappings import Mappings
from ripeline.server.log.commands import Command, Discard, Replay, Replayed, Resume, Resumed, Settled
from ripeline.server.log.queries import RefusedEvent, RefusedWish


class StillRefused(Exception):
    """Nothing in the message is an event; `refused` says why. Nothing was changed."""

    def __init__(self, refused: Sequence[Refusal]) -> None:
        super().__init__(", ".join(refusal.reason for refusal in refused))
        self.refused = refused


def reading(event: RefusedEvent, body: bytes, *, now: datetime) -> Reading:
    """What `body` in the place of the event's own bytes would be by now."""
    came = Came(source=event.source, kind=event.kind, received_at=event.received_at, sent_at=event.sent_at)
    return read_again(body, came, now=now, mappings=Mappings(workspace.current().folder))


def replay(event: RefusedEvent, body: bytes, *, by: str, at: datetime) -> Settled:
    """The event becomes what `body` says, its own bytes or mended ones. Messages of a batch that are refused again
    get rows of their own. Raises StillRefused, NotAllowed where somebody was faster, UnknownRefused.
    """
    found = reading(event, body, now=at)
    if found.refused and not found.accepted:
        raise StillRefused(found.refused)
    row = Replayed(id=event.id, accepted=found.accepted, refused=found.refused)
    settled: Settled = _submitted(Replay(rows=[row], by=by, at=at))
    return settled


def discard(id: int, *, by: str, at: datetime) -> Settled:
    """It stays as a record, and nobody is asked about it again. Raises UnknownRefused."""
    settled: Settled = _submitted(Discard(ids=[id], by=by, at=at))
    return settled


def resume(act: Literal["replay", "discard"], wish: RefusedWish, *, by: str, at: datetime) -> Resumed:
    """All of these that nobody settled are replayed as they are, or discarded, in parts from here on."""
    command = Resume(
        act=act, by=by, at=at, source=wish.source or "", reason=wish.reason or "", since=wish.since, until=wish.until
    )
    resumed: Resumed = _submitted(command)
    return resumed


def _submitted(command: Command) -> Any:
    answer: msgspec.Struct = workspace.current().submit(command).result()
    return answer
