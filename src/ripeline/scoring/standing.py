"""What is kept of a lead between folds, and what a lead brings to one."""

from collections.abc import Callable, Sequence
from struct import Struct as Packing

import msgspec

from ripeline.scoring import tables
from ripeline.scoring.acts import Transition
from ripeline.scoring.program import Program
from ripeline.scoring.rows import Happened


class Checkpoint(msgspec.Struct, frozen=True):
    """A state as it was once: `state` has folded exactly the lead's rows up to sequence number `seq`.

    The `short` one is renewed every `starting.SHORT` rows, those before it every `starting.LONG`.
    """

    state: bytes
    seq: int
    short: bool = True


class Standing(msgspec.Struct, frozen=True):
    """What is kept of a lead between folds.

    `checkpoints` are at most three, the oldest first; they change once in some dozen events, so keep them apart from
    `state` (as one blob: `packed`, `unpacked`).
    """

    state: bytes
    seq: int
    checkpoints: tuple[Checkpoint, ...] = ()


class Earlier(msgspec.Struct, frozen=True):
    """What the log holds of one lead: its events after a sequence number, and all its transitions by `moved_at`.

    Undone transitions and their undos are left out.
    """

    events: Sequence[Happened]
    transitions: Sequence[Transition]


class LeadWork(msgspec.Struct):
    """One lead's share of a group.

    - `standing`: as kept; None for a lead never folded.
    - `again`: fold from the first event (after a merge or a publish): `earlier(0)` is asked for everything. Where
      `standing` is of the same definition, a crossing that was not in it moves the lead now.
    - `events`: the events of this transaction that are new in the log, any order, copies left out.
    - `transitions`: what people decided in this transaction (accept, reject, …), with `moved_at` = now.
    - `seq`: the newest sequence number of the lead's events including `events`.
    - `reachable`: a way to reach them is known by other means than the facts `email` and `phone`.
    - `happening`: something other than an event asks for a decision at `now`: a publish with replay, an offer taken.
    - `moves`: False records crossings but never moves the lead by itself (import of history).
    - `earlier`: called at most once, only when something is late or `again` is set: stored events with a sequence
      number above the given one, without those in `events`, in any order.
    """

    standing: Standing | None
    events: Sequence[Happened]
    seq: int
    earlier: Callable[[int], Earlier]
    transitions: Sequence[Transition] = ()
    reachable: bool = False
    happening: bool = False
    moves: bool = True
    again: bool = False


class StaleStateError(ValueError):
    """A state was folded by another definition or another release; fold the lead again from its first event."""


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
    return len(state) >= 8 * program.size and head_of(state)[tables.KEY] == program.key


def head_of(state: bytes) -> tuple[int, ...]:
    """The words at the head of a state; their places are named in `tables`."""
    return _head.unpack_from(state)
