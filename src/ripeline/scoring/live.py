"""The fold as events arrive: a whole group of leads in one call, constant work for what comes in order.

Instants are int64 microseconds since 1970 (UTC), as in the log. The caller keeps, per lead and definition, one
`Standing` and reads it inside its transaction. What comes late is folded again from the youngest checkpoint before it:
`fold` asks `LeadWork.earlier` for what the log holds since then, so nothing else has to be known about lateness.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec
import numpy as np
from numpy.typing import NDArray

from ripeline.events.event import Event
from ripeline.scoring.acts import Transition
from ripeline.scoring.program import Program


class Checkpoint(msgspec.Struct, frozen=True):
    """A state as it was once: `state` has folded exactly the lead's rows up to sequence number `seq`."""

    state: bytes
    seq: int


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

    events: Sequence[Event]
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
    events: Sequence[Event]
    seq: int
    earlier: Callable[[int], Earlier]
    transitions: Sequence[Transition] = ()
    reachable: bool = False
    happening: bool = False
    moves: bool = True
    again: bool = False


class Move(msgspec.Struct, frozen=True):
    """A transition the fold decided; the caller records it with `moved_at` = now.

    `via` is `reachable` (visitor to lead), `points`, `at_once` (a named act) or `returns` (back from disqualified).
    `at` is the happening that moved it, `crossed_at` the crossing of the cycle (for a move to `lead`: `at`).
    """

    source: str
    to: str
    crossed_at: int
    at: int
    via: str
    cycle: int


class Folded(msgspec.Struct, frozen=True):
    """Where a lead stands after a fold; points are as of `now`.

    `standing` is to be kept. `checkpoints_changed` is False where its checkpoints are those that came in (nothing of
    them to write). `late` tells that history was folded again.
    """

    standing: Standing
    checkpoints_changed: bool
    total: float
    sub_scores: tuple[float, ...]  # in the definition's order of groups
    grade: str
    stage: str
    cycle: int
    excluded: bool
    qualifies: bool
    crossed_at: int | None  # in the present cycle
    qualified_at: int | None  # the first crossing ever
    newest_at: int  # the newest instant folded
    moves: tuple[Move, ...]
    late: bool


class StaleStateError(ValueError):
    """A state was folded by another definition or another release; fold the lead again from its first event."""


def fold(program: Program, work: Sequence[LeadWork], *, now: datetime) -> list[Folded]:
    """Fold a group of leads in one kernel call, in the order of `work`; a lead appears once. Raises StaleStateError.

    In order, the fold decides at each happening. Late rows are folded again from a checkpoint without deciding anew;
    then, if a crossing has appeared in the present cycle and the gate holds at `now`, the lead moves now with that
    `crossed_at`. An event at the newest instant already folded is late.
    """
    raise NotImplementedError


def packed(checkpoints: tuple[Checkpoint, ...]) -> bytes:
    """Checkpoints as one blob."""
    raise NotImplementedError


def unpacked(blob: bytes | None) -> tuple[Checkpoint, ...]:
    """The checkpoints of a blob that `packed` made."""
    raise NotImplementedError


def fits(program: Program, state: bytes) -> bool:
    """Whether `state` was folded by this very program, so that it can be folded on."""
    raise NotImplementedError


class Aged(msgspec.Struct, frozen=True):
    """Scores of many states at one later instant."""

    total: NDArray[np.float64]
    sub_scores: NDArray[np.float64]
    qualifies: NDArray[np.bool_]


def aged(program: Program, states: Sequence[bytes], *, at: datetime) -> Aged:
    """The scores of `states` at `at`, not before their newest instants; nothing is folded and nobody moves."""
    raise NotImplementedError
