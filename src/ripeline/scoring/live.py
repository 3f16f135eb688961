"""The fold as events arrive: a whole group of leads in one call, constant work for what comes in order.

Instants are int64 microseconds since 1970 (UTC), as in the log. The caller keeps, per lead and definition, one
`Standing` and its checkpoints, and reads the former inside its transaction. What comes late is folded again from the
youngest checkpoint before it: `fold` asks `Stored` for what there is since then, so nothing else has to be known about
lateness.
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
from ripeline.scoring.standing import Checkpoint, Earlier, LeadWork, Standing, Stored, fits, packed, unpacked
from ripeline.scoring.starting import IN_ORDER, Start, start
from ripeline.scoring.tables import ALWAYS, NEVER, States

__all__ = [
    "Aged", "Checkpoint", "Earlier", "Folded", "LeadWork", "Move", "Standing", "Stored",
    "aged", "fits", "fold", "packed", "unpacked",
]  # fmt: skip

# How a move came about, by the words of `tables`.
VIAS = {
    tables.BY_REACH: "reachable",
    tables.BY_POINTS: "points",
    tables.AT_ONCE: "at_once",
    tables.BY_RETURN: "returns",
}
# What of a lead's results is read, in the order of `Folded`.
_READ = (
    tables.STAGE, tables.CYCLE, tables.EXCLUDED, tables.QUALIFIES, tables.CROSSED, tables.QUALIFIED, tables.NEWEST,
)  # fmt: skip


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


class Folded(msgspec.Struct, frozen=True, gc=False):
    """Where a lead stands after a fold; points are as of `now`.

    `state` is to be kept, and `checkpoints` where they are not None: then they take the place of the former ones.
    `late` tells that history was folded again.
    """

    state: bytes
    checkpoints: tuple[Checkpoint, ...] | None
    late: bool
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


def fold(program: Program, work: Sequence[LeadWork], stored: Stored, *, now: datetime) -> list[Folded]:
    """Fold a group of leads in one kernel call, in the order of `work`; a lead appears once.

    In order, the fold decides at each happening. Late rows are folded again from a checkpoint without deciding anew;
    then, if a crossing has appeared in the present cycle and the gate holds at `now`, the lead moves now with that
    `crossed_at`. An event at the newest instant already folded is late.
    """
    if not work:
        return []
    builder = RowBuilder(program.shapes)
    starts = [start(program, item, stored, builder) for item in work]
    states = joined([begun.state for begun in starts])
    own = np.full((len(work), tables.OWN_COURSE), IN_ORDER, dtype=np.int64)
    for number, begun in enumerate(starts):
        if begun.own is not IN_ORDER:
            own[number] = begun.own
        if begun.renewed:  # the state has become a checkpoint: rows are counted from there on
            states.words[states.starts[number] + tables.FOLDED] = 0
        if begun.renewed_long:
            states.words[states.starts[number] + tables.FOLDED_LONG] = 0
    found = run(
        program,
        builder.rows([item.reachable for item in work]),
        course(until=ALWAYS, read_at=micros(now), own=own.ravel()),
        states=states,
        keeps=True,
        lines=2 * len(builder.at) + 4 * len(work),
    )
    return _folded(program, starts, found)


def _folded(program: Program, starts: Sequence[Start], found: Outcome) -> list[Folded]:
    moves = _moves(found) if len(found.journal) else {}
    grade = program.grades.of_one
    columns = found.head[:, _READ].T.tolist()
    return [
        Folded(
            state,
            begun.checkpoints,
            begun.late,
            points[0],
            (sub_scores := tuple(points[1:])),
            grade(sub_scores),
            STAGES[stage],
            cycle,
            excluded != 0,
            qualifies != 0,
            None if crossed_at == NEVER else crossed_at,
            None if qualified_at == NEVER else qualified_at,
            newest_at,
            moves.get(number, ()),
        )
        for number, (begun, state, points, stage, cycle, excluded, qualifies, crossed_at, qualified_at, newest_at) in (
            enumerate(zip(starts, _states(found), found.scores.tolist(), *columns, strict=True))
        )
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


def _moves(found: Outcome) -> dict[int, tuple[Move, ...]]:
    moves: dict[int, tuple[Move, ...]] = {}
    for lead, _, at, source, to, crossed_at, via, cycle in found.journal.tolist():
        moves[lead] = (*moves.get(lead, ()), Move(STAGES[source], STAGES[to], crossed_at, at, VIAS[via], cycle))
    return moves
