"""The fold as events arrive: a whole group of leads in one call, constant work for what comes in order.

Instants are int64 microseconds since 1970 (UTC), as in the log. The caller keeps, per lead and definition, one
`Standing` and reads it inside its transaction. What comes late is folded again from the youngest checkpoint before it:
`fold` asks `LeadWork.earlier` for what the log holds since then, so nothing else has to be known about lateness.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate

import msgspec
import numpy as np
from numpy.typing import NDArray

from ripeline.definition.model import STAGES
from ripeline.events.instants import micros
from ripeline.scoring import tables
from ripeline.scoring.folding import Outcome, course, run
from ripeline.scoring.program import Program
from ripeline.scoring.rows import RowBuilder
from ripeline.scoring.standing import Checkpoint, Earlier, LeadWork, StaleStateError, Standing, fits, packed, unpacked
from ripeline.scoring.starting import Start, start
from ripeline.scoring.tables import ALWAYS, NEVER, States

__all__ = [
    "Aged", "Checkpoint", "Earlier", "Folded", "LeadWork", "Move", "StaleStateError", "Standing",
    "aged", "fits", "fold", "packed", "unpacked",
]  # fmt: skip

# How a move came about, by the words of `tables`.
VIAS = {
    tables.BY_REACH: "reachable",
    tables.BY_POINTS: "points",
    tables.AT_ONCE: "at_once",
    tables.BY_RETURN: "returns",
}


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


def fold(program: Program, work: Sequence[LeadWork], *, now: datetime) -> list[Folded]:
    """Fold a group of leads in one kernel call, in the order of `work`; a lead appears once. Raises StaleStateError.

    In order, the fold decides at each happening. Late rows are folded again from a checkpoint without deciding anew;
    then, if a crossing has appeared in the present cycle and the gate holds at `now`, the lead moves now with that
    `crossed_at`. An event at the newest instant already folded is late.
    """
    if not work:
        return []
    builder = RowBuilder(program.shapes)
    starts = [start(program, item, builder) for item in work]
    states = joined([begun.state for begun in starts])
    _count_anew(starts, states)
    found = run(
        program,
        builder.rows([item.reachable for item in work]),
        course(
            until=ALWAYS, read_at=micros(now), own=np.array([begun.own for begun in starts], dtype=np.int64).ravel()
        ),
        states=states,
        keeps=True,
        lines=2 * len(builder.at) + 4 * len(work),
    )
    return _folded(program, work, starts, found)


def _count_anew(starts: Sequence[Start], states: States) -> None:
    """Where a state has become a checkpoint, count rows from there on."""
    for number, begun in enumerate(starts):
        if begun.renewed:
            place = states.starts[number]
            states.words[place + tables.FOLDED] = 0
            if begun.renewed_long:
                states.words[place + tables.FOLDED_LONG] = 0


def _folded(program: Program, work: Sequence[LeadWork], starts: Sequence[Start], found: Outcome) -> list[Folded]:
    moves = _moves(found) if len(found.journal) else {}
    grade, rows = (
        program.grades.of_one,
        zip(work, starts, found.head.tolist(), found.scores.tolist(), _states(found), strict=True),
    )
    return [
        Folded(
            standing=Standing(state, item.seq, begun.checkpoints),
            checkpoints_changed=begun.changed,
            total=points[0],
            sub_scores=(sub_scores := tuple(points[1:])),
            grade=grade(sub_scores),
            stage=STAGES[head[tables.STAGE]],
            cycle=head[tables.CYCLE],
            excluded=head[tables.EXCLUDED] != 0,
            qualifies=head[tables.QUALIFIES] != 0,
            crossed_at=None if head[tables.CROSSED] == NEVER else head[tables.CROSSED],
            qualified_at=None if head[tables.QUALIFIED] == NEVER else head[tables.QUALIFIED],
            newest_at=head[tables.NEWEST],
            moves=tuple(moves.get(number, ())),
            late=begun.late,
        )
        for number, (item, begun, head, points, state) in enumerate(rows)
    ]


class Aged(msgspec.Struct, frozen=True):
    """Scores of many states at one later instant."""

    total: NDArray[np.float64]
    sub_scores: NDArray[np.float64]
    qualifies: NDArray[np.bool_]


def aged(program: Program, states: Sequence[bytes], *, at: datetime) -> Aged:
    """The scores of `states` at `at`, not before their newest instants; nothing is folded and nobody moves."""
    builder = RowBuilder(program.shapes)
    for _ in states:
        builder.end_lead()
    found = run(program, builder.rows(), course(until=ALWAYS, read_at=micros(at)), states=joined(states))
    return Aged(found.scores[:, 0], found.scores[:, 1:], found.head[:, tables.QUALIFIES] != 0)


def joined(states: Sequence[bytes]) -> States:
    """States one after the other, in memory of their own."""
    words = np.frombuffer(bytearray().join(states), dtype=np.int64)
    ends = accumulate((len(state) >> 3 for state in states), initial=0)
    return States(np.fromiter(ends, dtype=np.int64, count=len(states) + 1), words, words.view(np.float64))


def _states(found: Outcome) -> list[bytes]:
    ends = [end << 3 for end in found.ends.tolist()]
    kept = found.kept[: ends[-1] >> 3].tobytes()
    return [kept[first:end] for first, end in zip([0, *ends], ends, strict=False)]


def _moves(found: Outcome) -> dict[int, list[Move]]:
    moves: dict[int, list[Move]] = {}
    for lead, _, at, source, to, crossed_at, via, cycle in found.journal.tolist():
        moved = Move(STAGES[source], STAGES[to], crossed_at, at, VIAS[via], cycle)
        moves.setdefault(lead, []).append(moved)
    return moves
