"""The kernels as plain Python, over lists: where numba is missing, and for one lead where it is not loaded yet.

Python reads a list several times as fast as an array. In an array whole numbers and points share memory under two
views; in a list a place holds the one or the other, so both views are the same list.
"""

from collections.abc import Iterator
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from ripeline.scoring import jit, tables
from ripeline.scoring.program import Program
from ripeline.scoring.tables import F8, I8, Course, Lead, Results, Rows, Shapes, States, Tables

Mixed = list[Any]  # whole numbers and points


def fold_leads(  # noqa: PLR0917 - as the kernel takes them
    program: Program, s: Shapes, lead: Lead, rows: Rows, states: States, course: Course, results: Results, journal: I8
) -> None:
    """Do what the kernel of this name does, and write what it found into `results` and `journal`."""
    t, marks = _mixed(program.tables.words, program.tables.points, program.holds_points), program.layout.holds_points()
    words, queue = _mixed(lead.words, lead.points, marks), [0, 0.0] * (len(lead.queue) // 2)
    kept, found, scores = _all_states(program, states), results.words.tolist(), results.scores.tolist()
    after, ends, lines = [0] * len(results.kept), results.ends.tolist(), journal.tolist()
    jit.plain().fold_leads(
        Tables(*_twice(t)),
        Shapes(*(cast(Any, part.tolist()) for part in s)),
        Lead(*_twice(words), *_twice(queue), cast(I8, lead.pool.tolist())),
        Rows(*(cast(Any, column.tolist()) for column in rows)),
        States(cast(I8, states.starts.tolist()), *_twice(kept)),
        Course(*(cast(I8, part.tolist()) for part in course)),
        Results(cast(I8, found), cast(F8, scores), *_twice(after), cast(I8, ends)),
        cast(I8, lines),
    )
    results.words[:] = [value if isinstance(value, int) else 0 for value in found]  # the points in a head tell nobody
    results.scores[:], results.ends[:], journal[:] = scores, ends, lines
    for place, value in enumerate(after):
        (results.kept_points if isinstance(value, float) else results.kept)[place] = value


def _twice(mixed: Mixed) -> tuple[I8, F8]:
    """Both views of the same memory."""
    return cast(I8, mixed), cast(F8, mixed)


def _mixed(words: I8, points: F8, holds_points: NDArray[np.bool_]) -> Mixed:
    either = zip(words.tolist(), points.tolist(), holds_points.tolist(), strict=True)
    return [point if is_point else word for word, point, is_point in either]


def _all_states(program: Program, states: States) -> Mixed:
    return [value for number in range(len(states.starts) - 1) for value in _state(program, states, number)]


def _state(program: Program, states: States, number: int) -> Iterator[Any]:
    """The words kept, what waits in windows as pairs of instant and points, and unread facts."""
    first, end, size = int(states.starts[number]), int(states.starts[number + 1]), program.size
    if first == end:
        return
    words, points = states.words[first:end], states.points[first:end]
    yield from _mixed(words[:size], points[:size], program.layout.holds_points()[:size])
    waiting = int(program.tables.words[tables.AT_WAITING])
    pairs = size + 2 * int(words[waiting : waiting + program.layout.windows].sum())
    yield from _mixed(words[size:pairs], points[size:pairs], np.arange(pairs - size) % 2 == 1)
    yield from words[pairs:].tolist()
