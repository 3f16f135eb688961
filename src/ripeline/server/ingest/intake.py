"""A request's bytes → what is submitted to the writer, and what its sender is told once that is stored."""

from datetime import datetime
from typing import NamedTuple

from ripeline.events.batches import decode_batch
from ripeline.events.decode import decode
from ripeline.events.event import Event
from ripeline.events.reason import Reason
from ripeline.events.refusal import Refusal
from ripeline.server.ingest.answers import TOO_LARGE, Answer, Failed, failure, taken

BATCH = "batch"


# What a message costs in memory beside its bytes.
_BESIDE_ITS_BYTES = 1024


class Intake(NamedTuple):
    """What one request brought. `unkept` counts what was refused and not kept, by source and reason."""

    accepted: list[Event]
    refused: list[Refusal]
    reply: Answer
    unkept: dict[str, dict[str, int]] = {}

    @property
    def source(self) -> str:
        """Where it came from; of the first message, where there are several."""
        named = [event.source for event in self.accepted[:1]] + [refusal.source for refusal in self.refused[:1]]
        return named[0] if named else next(iter(self.unkept))

    @property
    def size(self) -> int:
        """About how much memory it takes, in bytes; a batch's context stands in each of its messages."""
        bytes_kept = sum(len(event.body) for event in self.accepted) + sum(len(one.body) for one in self.refused)
        return bytes_kept + _BESIDE_ITS_BYTES * (len(self.accepted) + len(self.refused))


def intake(kind: str, body: bytes, *, source: str, received_at: datetime, sent_at: str | None) -> Intake:
    """The events of a request to the path of `kind`. A body that cannot be read at all is refused and answered 400.

    Raises Failed where it holds more messages than are taken at once.
    """
    if kind == BATCH:
        batch = decode_batch(body, source=source, received_at=received_at, sent_at=sent_at)
        if isinstance(batch, Refusal):
            if batch.reason is Reason.TOO_LARGE:
                raise Failed(TOO_LARGE)
            return unusable(batch)
        return Intake(batch.accepted, batch.refused, taken(batch.refused))
    decoded = decode(body, source=source, received_at=received_at, kind=kind, sent_at=sent_at)
    if isinstance(decoded, Event):
        return Intake([decoded], [], taken([]))
    return unusable(decoded) if decoded.reason is Reason.NOT_JSON else Intake([], [decoded], taken([decoded]))


def not_gzip(kind: str, body: bytes, *, source: str, received_at: datetime) -> Intake:
    """A body that begins like gzip and is none, kept as it came."""
    return unusable(
        Refusal(
            source=source,
            reason=Reason.NOT_GZIP,
            detail="the body begins like gzip and cannot be unpacked",
            received_at=received_at,
            body=body,
            kind=kind,
        )
    )


def unusable(refusal: Refusal) -> Intake:
    return Intake([], [refusal], failure(400, refusal.reason.value, refusal.detail))
