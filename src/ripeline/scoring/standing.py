"""What is kept of a lead between folds, and what a lead brings to one."""

from collections.abc import Sequence
from struct import Struct as Packing
from typing import Protocol

import msgspec

from ripeline.scoring import tables
from ripeline.scoring.acts import Transition
from ripeline.scoring.program import Program
from ripeline.scoring.rows import Told


class Standing(msgspec.Struct, frozen=True, gc=False):
    """A lead's state after a fold, and the newest sequence number of the lead's events by then."""

    state: bytes
    seq: int


class Checkpoint(msgspec.Struct, frozen=True):
    """A state as it was once: `state` has folded exactly the lead's rows up to sequence number `seq`.

    The `short` one is renewed every `starting.SHORT` rows, those before it every `starting.LONG`.
    """

    state: bytes
    seq: int
    short: bool = True


class Earlier(msgspec.Struct, frozen=True):
    """What the log holds of one lead: its events from some instant on, and all its transitions by `moved_at`.

    Undone transitions and their undos are left out.
    """

    told: Sequence[Told]
    transitions: Sequence[Transition]


class Stored(Protocol):
    """What was stored of leads before, asked for only where a fold needs it."""

    def checkpoints(self, lead: int) -> tuple[Checkpoint, ...]:
        """At most three, the oldest first; they change once in some dozen events."""

    def stood(self, lead: int, *, before: int) -> Standing | None:
        """How the lead stood before an instant, if that is at hand: newer or older than its checkpoints, or None.

        Asked whenever a lead is folded back to `before`: what stood later does not hold any more.
        """

    def earlier(self, lead: int, *, after: int, newer_than: int) -> Earlier:
        """What came before this group: the events newer than an instant, in order.

        They all have a sequence number above `after`, but for late ones that changed nothing.
        """


class LeadWork(msgspec.Struct, gc=False):
    """One lead's share of a group.

    - `standing`: as kept; None for a lead never folded.
    - `again`: fold from the first event (after a merge or a publish): everything stored is asked for. Where
      `standing` is of the same definition, a crossing that was not in it moves the lead now.
    - `told`: the events of this transaction that are new in the log, any order, copies left out.
    - `head`: the newest sequence number of the lead's events including those.
    - `transitions`: what people decided in this transaction (accept, reject, …), with `moved_at` = now.
    - `reachable`: a way to reach them is known by other means than the facts `email` and `phone`.
    - `happening`: something other than an event asks for a decision at `now`: a publish with replay, an offer taken.
    - `moves`: False records crossings but never moves the lead by itself (import of history).
    """

    lead: int
    standing: Standing | None = None
    told: list[Told] = []
    head: int | None = None
    transitions: list[Transition] = []
    reachable: bool = False
    happening: bool = False
    moves: bool = True
    again: bool = False


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(tuple[Checkpoint, ...])
_head = Packing(f"<{tables.HEAD}q")


def packed(checkpoints: tuple[Checkpoint, ...]) -> bytes:
    """Checkpoints as one blob."""
    return _encoder.encode(checkpoints)


def unpacked(blob: bytes | None) -> tuple[Checkpoint, ...]:
    """The checkpoints of a blob that `packed` made."""
    return _decoder.decode(blob) if blob else ()


def fits(program: Program, state: bytes) -> bool:
    """Whether `state` was folded by this very program, so that it can be folded on."""
    return len(state) >= program.state_bytes and head_of(state)[tables.KEY] == program.key


def head_of(state: bytes) -> tuple[int, ...]:
    """The words at the head of a state; their places are named in `tables`."""
    return _head.unpack_from(state)


def cooled_down(state: bytes, *, at: int) -> bool:
    """Whether a lead that stands as `state` says, if it was recycled, need not be left alone any more at `at`."""
    return head_of(state)[tables.COOL_UNTIL] <= at
