"""One call of the kernels: rows and states in, results out, with room enough to work in."""

from typing import Any, NamedTuple

import numpy as np

from ripeline.scoring import jit, plain_folding
from ripeline.scoring.program import Program
from ripeline.scoring.rows import LeadRows
from ripeline.scoring.tables import (
    ALWAYS,
    F8,
    FACT,
    FULL,
    I8,
    KIND,
    LINE,
    LINES,
    RESULT,
    SHAPE_WIDTH,
    UNREAD,
    WRITTEN,
    Course,
    Results,
    Rows,
    States,
)

NO_STATES = States(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))


def course(*, until: int, read_at: int, decides_after: int = ALWAYS, own: I8 | None = None) -> Course:
    """How far a fold goes; gates decide at happenings later than `decides_after`, if `own` says nothing else.

    `own` has OWN_COURSE words a lead, one lead after the other.
    """
    words = np.array([until, read_at, decides_after], dtype=np.int64)
    return Course(words, np.zeros(0, dtype=np.int64) if own is None else own)


class Outcome(NamedTuple):
    """What a fold found, one row a lead; `kept` are states, lead `i` up to word `ends[i]`; `journal` has its lines."""

    head: I8  # (leads, RESULT)
    scores: F8  # (leads, total and groups)
    kept: I8
    ends: I8
    journal: I8  # (lines, LINE)


def run(
    program: Program,
    rows: LeadRows,
    course: Course,
    *,
    states: States = NO_STATES,
    keeps: bool = False,
    lines: int = 0,
    full: bool = False,
    kernels: Any = None,
) -> Outcome:
    """Fold every lead of `rows` on from its state, if it has one.

    `keeps` the states after. The journal has at most `lines`, of moves alone unless `full`. `kernels` are those of
    `jit`, the fastest there are unless given.
    """
    leads, groups = len(rows.starts) - 1, len(program.definition.groups)
    row_room, state_room = _most(rows.starts), _most(states.starts)
    lead = program.lead(queue_room=row_room * program.pushes + state_room // 2, pool_room=row_room + state_room)
    kept = leads * program.size + len(states.words) + len(rows.at) * (1 + 2 * program.pushes) if keeps else 0
    words = np.empty(kept, dtype=np.int64)
    results = Results(
        words=np.zeros(leads * RESULT, dtype=np.int64),
        scores=np.zeros(leads * (groups + 1)),
        kept=words,
        kept_points=words.view(np.float64),
        ends=np.zeros(leads if keeps else 0, dtype=np.int64),
    )
    journal = np.zeros(LINES + lines * LINE, dtype=np.int64)
    journal[FULL] = full
    shapes = program.shapes.tables()
    if not len(rows.value) and np.isin(shapes.words[KIND::SHAPE_WIDTH], (FACT, UNREAD))[rows.shape].any():
        raise ValueError("rows that state facts need the codes of their values")
    kernels = kernels or jit.compiled()
    if kernels is jit.plain():
        plain_folding.fold_leads(program, shapes, lead, Rows(*rows), states, course, results, journal)
    else:
        columns = Rows(*_contiguous(rows))
        kernels.fold_leads(program.tables, shapes, lead, columns, states, course, results, journal)
    written = journal[LINES : LINES + journal[WRITTEN] * LINE].reshape(-1, LINE)
    return Outcome(
        results.words.reshape(leads, RESULT), results.scores.reshape(leads, groups + 1), words, results.ends, written
    )


def _most(starts: I8) -> int:
    return int(np.diff(starts).max(initial=0))


def _contiguous(rows: LeadRows) -> LeadRows:
    """Columns of exactly the types for which machine code is in the cache; those that fit are taken as they are."""
    return LeadRows(
        np.ascontiguousarray(rows.starts, dtype=np.int64),
        np.ascontiguousarray(rows.at, dtype=np.int64),
        np.ascontiguousarray(rows.shape, dtype=np.int32),
        np.ascontiguousarray(rows.value, dtype=np.int64),
        np.ascontiguousarray(rows.reachable, dtype=np.uint8),
    )
