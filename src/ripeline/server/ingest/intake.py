"""A request's bytes → what is submitted to the writer, and what its sender is told once that is stored."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from ripeline.events.batches import decode_batch
from ripeline.events.decode import decode
from ripeline.events.event import Event
from ripeline.events.reason import Reason
from ripeline.events.refusal import Refusal
from ripeline.server.ingest.answers import TOO_LARGE, Answer, Failed, failure, taken
from ripeline.server.ingest.paths import BATCHES, IMPORT

_DETAILS = {
    Reason.NOT_GZIP: "the body begins like gzip and cannot be unpacked",
    Reason.NOT_JSON: "`data` is neither base64 nor JSON",
    Reason.NOT_TEXT: "bytes that are not UTF-8",
}

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
    if kind in BATCHES:
        batch = decode_batch(body, source=source, received_at=received_at, sent_at=sent_at)
        if isinstance(batch, Refusal):
            if batch.reason is Reason.TOO_LARGE:
                raise Failed(TOO_LARGE)
            return _turned_down(batch)
        accepted = list(map(_of_history, batch.accepted)) if kind == IMPORT else batch.accepted
        return Intake(accepted, batch.refused, taken(batch.refused))
    decoded = decode(body, source=source, received_at=received_at, kind=kind, sent_at=sent_at)
    if isinstance(decoded, Event):
        return Intake([decoded], [], taken([]))
    return _turned_down(decoded) if decoded.reason is Reason.NOT_JSON else Intake([], [decoded], taken([decoded]))


def unusable(kind: str, body: bytes, reason: Reason, *, source: str, received_at: datetime) -> Intake:
    """A body of which no message can be made, kept as it came."""
    detail = _DETAILS[reason]
    return _turned_down(
        Refusal(source=source, reason=reason, detail=detail, received_at=received_at, body=body, kind=kind)
    )


def disowned(brought: Intake) -> Intake:
    """What was sent under a key that opens nothing, beside messages whose keys do: kept aside with them."""
    detail = "the message's own writeKey is unknown or revoked"
    mistaken = [
        Refusal(
            source=event.source,
            reason=Reason.UNKNOWN_KEY,
            detail=detail,
            received_at=event.received_at,
            body=event.body,
        )
        for event in brought.accepted
    ]
    return together([Intake([], [*mistaken, *brought.refused], brought.reply)])


def together(parts: Sequence[Intake]) -> Intake:
    """What one request brought under several keys."""
    refused = [refusal for part in parts for refusal in part.refused]
    return Intake([event for part in parts for event in part.accepted], refused, taken(refused))


def _of_history(event: Event) -> Event:
    """DESIGN §3: what is told of the past was received when it happened, and a backtest knows it from then on."""
    return msgspec.structs.replace(event, received_at=event.occurred_at)


def _turned_down(refusal: Refusal) -> Intake:
    return Intake([], [refusal], failure(400, refusal.reason.value, refusal.detail))
