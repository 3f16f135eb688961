"""The fold of one lead with everything it did on the way: what counted, what a limit left out, cycles and resets."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np

from ripeline.definition.model import STAGES, Definition
from ripeline.events.event import Event
from ripeline.events.instants import instant, micros
from ripeline.scoring import jit, tables
from ripeline.scoring.acts import Act, Transition, standing_acts
from ripeline.scoring.bands import bands
from ripeline.scoring.folding import Outcome, course, run
from ripeline.scoring.known import Known, known
from ripeline.scoring.program import Program, compiled
from ripeline.scoring.rows import LeadRows, RowBuilder, in_order
from ripeline.scoring.score import Cycle, Score
from ripeline.scoring.shapes import FoldedReading

# From this many rows on it is worth loading machine code for one lead.
WORTH_LOADING = 5_000


class Match(NamedTuple):
    """An event that matched a criterion (its place in the definition); `points` before its age."""

    event: Event
    criterion: int
    points: float
    counted: bool


class Trace(NamedTuple):
    """How one lead came to its score. `rows` were folded; `resets` are the instants at which groups started anew."""

    program: Program
    rows: LeadRows
    score: Score
    events: list[Event]  # seen by then, in order
    facts: dict[str, Known]
    matches: list[Match]
    resets: list[datetime]


def traced(
    definition: Definition,
    events: Iterable[Event],
    *,
    as_of: datetime,
    known_at: datetime | None = None,
    acts: Sequence[Act] = (),
    transitions: Sequence[Transition] | None = None,
    reachable: bool = False,
) -> Trace:
    """Fold one lead up to `as_of`; with `transitions` as it happened, else as if."""
    program = compiled(definition)
    seen = [event for event in in_order(_received(events, known_at)) if event.occurred_at <= as_of]
    done = standing_acts(act for act in acts if known_at is None or act.at <= known_at)
    builder = RowBuilder(program.shapes)
    events_of_rows = builder.add_history(seen, acts=done if transitions is None else (), transitions=transitions or ())
    builder.end_lead()
    rows = builder.rows([reachable])
    found = _fold(program, rows, as_of, as_if=transitions is None)
    facts = known(seen)
    points = program.shapes.tables().points
    lines = found.journal.tolist()
    return Trace(
        program=program,
        rows=rows,
        score=_score(program, found, lines, facts, as_of) if seen else _nobody(definition, as_of),
        events=seen,
        facts=facts,
        matches=[
            Match(events_of_rows[row], criterion, float(points[hit]), counted != 0)
            for _, what, _, row, criterion, hit, counted, _ in lines
            if what == tables.COUNT
        ],
        resets=[instant(at) for _, what, at, *_ in lines if what == tables.RESET_DONE],
    )


def _received(events: Iterable[Event], known_at: datetime | None) -> list[Event]:
    return [event for event in events if known_at is None or event.received_at <= known_at]


def _fold(program: Program, rows: LeadRows, as_of: datetime, *, as_if: bool) -> Outcome:
    shapes = program.shapes.tables().words.reshape(-1, tables.SHAPE_WIDTH)[rows.shape]
    hits = int((shapes[:, tables.HITS_END] - shapes[:, tables.HITS]).sum())
    at = micros(as_of)
    return run(
        program,
        rows,
        course(until=at, read_at=at, decides_after=tables.NEVER if as_if else tables.ALWAYS),
        lines=hits + 6 * len(rows.at),
        full=True,
        kernels=jit.at_hand() if len(rows.at) < WORTH_LOADING else jit.compiled(),
    )


def _score(program: Program, found: Outcome, lines: list[list[int]], facts: dict[str, Known], as_of: datetime) -> Score:
    definition, head = program.definition, found.head[0].tolist()
    sub_scores = found.scores[0, 1:]
    reading = FoldedReading({field: fact.value for field, fact in facts.items()})
    return Score(
        as_of=as_of,
        total=float(found.scores[0, 0]),
        sub_scores={group.key: points for group, points in zip(definition.groups, sub_scores.tolist(), strict=True)},
        grade=program.grades.of(bands(definition.groups, np.atleast_2d(sub_scores)))[0],
        stage=STAGES[head[tables.STAGE]],
        excluded=tuple(exclusion.key for exclusion in definition.excluded if exclusion.when.holds(reading)),
        qualifies=head[tables.QUALIFIES] != 0,
        qualified_at=instant(head[tables.QUALIFIED]) if head[tables.QUALIFIED] != tables.NEVER else None,
        cycles=_cycles(head, lines),
        skipped=head[tables.SKIPPED],
    )


def _cycles(head: list[int], lines: list[list[int]]) -> tuple[Cycle, ...]:
    begun = {number: at for _, what, at, number, *_ in lines if what == tables.CYCLE_BEGUN}
    crossed = {number: at for _, what, at, number, *_ in lines if what == tables.CROSSING}
    begun[1] = head[tables.FIRST]
    return tuple(
        Cycle(number, instant(begun[number]), instant(crossed[number]) if number in crossed else None)
        for number in sorted(begun)
    )


def _nobody(definition: Definition, as_of: datetime) -> Score:
    """A lead without an event by then."""
    return Score(as_of=as_of, total=0.0, sub_scores={group.key: 0.0 for group in definition.groups})
