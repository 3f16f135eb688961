"""Scores of whole histories: the fold over numpy columns, as many leads in one call as there are."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ripeline.criteria.condition import Value
from ripeline.events.instants import micros
from ripeline.events.names import folded
from ripeline.scoring import tables
from ripeline.scoring.bands import bands
from ripeline.scoring.folding import course, run
from ripeline.scoring.program import Program
from ripeline.scoring.rows import LeadRows
from ripeline.scoring.shapes import EventPlan

# Rows whose shapes are looked up at a time: few enough to stay in the processor's cache.
AT_A_TIME = 1 << 16


class Coded(NamedTuple):
    """A column as codes into its distinct values; a code below 0 is absent."""

    values: Sequence[Value]
    codes: NDArray[np.int32]


class ScoreTable(NamedTuple):
    """One row a lead, in the order of `LeadRows`; leads that are not `present` have no event by `as_of`.

    Instants are int64 microseconds since 1970 (UTC), `rows.NEVER` for those that did not come.
    """

    present: NDArray[np.bool_]
    total: NDArray[np.float64]
    sub_scores: NDArray[np.float64]  # (leads, groups), in the definition's order of groups
    bands: NDArray[np.int8]  # (leads, groups): index into the group's grades, -1 where it has none
    stage: NDArray[np.int8]  # index into `definition.model.STAGES`
    excluded: NDArray[np.bool_]
    qualifies: NDArray[np.bool_]
    qualified_at: NDArray[np.int64]  # the first crossing ever
    crossed_at: NDArray[np.int64]  # the crossing of the present cycle
    cycles: NDArray[np.int32]  # how many cycles have begun, from 1
    skipped: NDArray[np.int32]  # acts that were not legal as if

    def grades(self, program: Program) -> list[str]:
        """The grade of each lead as text, as in `A1`."""
        return program.grades.of(self.bands)


def fold(program: Program, rows: LeadRows, *, as_of: datetime, as_if: bool = True) -> ScoreTable:
    """Score every lead of `rows` as it stood at `as_of`; later rows do not exist yet.

    `as_if`: the definition's gates decide the stages and acts apply where they are legal; else stages come from
    transition rows alone (as it happened). `known_at` is the caller's: leave out rows received after it. Releases the
    GIL, so ranges of leads may be folded on several threads.
    """
    until = micros(as_of)
    decides_after = tables.NEVER if as_if else tables.ALWAYS
    found = run(program, rows, course(until=until, read_at=until, decides_after=decides_after))
    head, sub_scores = found.head, found.scores[:, 1:]
    return ScoreTable(
        present=head[:, tables.PRESENT] != 0,
        total=found.scores[:, 0],
        sub_scores=sub_scores,
        bands=bands(program.definition.groups, sub_scores),
        stage=head[:, tables.STAGE].astype(np.int8),
        excluded=head[:, tables.EXCLUDED] != 0,
        qualifies=head[:, tables.QUALIFIES] != 0,
        qualified_at=head[:, tables.QUALIFIED],
        crossed_at=head[:, tables.CROSSED],
        cycles=head[:, tables.CYCLE].astype(np.int32),
        skipped=head[:, tables.SKIPPED].astype(np.int32),
    )


def event_shapes(
    program: Program, kinds_and_names: Sequence[tuple[str, str]], codes: NDArray[np.int32], columns: Mapping[str, Coded]
) -> NDArray[np.int32]:
    """The shape of each of many events.

    `codes[i]` says which of the distinct `kinds_and_names` event `i` has. `columns` holds, by field as
    `program.shapes.fields(kind, name)` names it, the values which `events.reading.value` gives of that field; a field
    without a column is absent everywhere. Conditions are evaluated once per distinct value.
    """
    plans = [program.shapes.plan(kind, name) for kind, name in kinds_and_names]
    spelled = {folded(field): column for field, column in columns.items()}
    read = {folded(field): known for plan in plans for field, known in zip(plan.fields, plan.classes, strict=True)}
    classes = {
        field: np.array([*map(known.of, spelled[field].values), 0], dtype=np.int64)  # the last one for absent
        for field, known in read.items()
        if field in spelled
    }
    places = _Places(plans, {field: int(found.max()) + 1 for field, found in classes.items()})
    shapes = np.full(places.size, -1, dtype=np.int32)
    out = np.empty(len(codes), dtype=np.int32)
    for first in range(0, len(codes), AT_A_TIME):
        part = slice(first, first + AT_A_TIME)
        names = codes[part]
        place = places.first[names]
        for field, found in classes.items():
            place += places.steps[field][names] * found[spelled[field].codes[part]]
        looked_up = shapes[place]
        if (looked_up < 0).any():
            for number in np.unique(place[looked_up < 0]).tolist():
                shapes[number] = program.shapes.of_classes(*places.meaning(number))
            looked_up = shapes[place]
        out[part] = looked_up
    return out


class _Places:
    """A place for each combination of a name and the classes of the fields it reads: `first + sum(step × class)`."""

    def __init__(self, plans: Sequence[EventPlan], counts: Mapping[str, int]) -> None:
        self._plans, self._counts = plans, counts
        self.first = np.zeros(len(plans), dtype=np.int64)
        self.steps = {field: np.zeros(len(plans), dtype=np.int64) for field in counts}
        self.size = 0
        for number, plan in enumerate(plans):
            self.first[number] = self.size
            step = 1
            for field in map(folded, plan.fields):
                if field in counts:
                    self.steps[field][number] = step
                    step *= counts[field]
            self.size += step

    def meaning(self, place: int) -> tuple[EventPlan, tuple[int, ...]]:
        """The plan and the class of each of its fields."""
        number = int(np.searchsorted(self.first, place, side="right")) - 1
        plan, rest = self._plans[number], place - int(self.first[number])
        classes = []
        for field in map(folded, plan.fields):
            count = self._counts.get(field, 1)
            classes.append(rest % count)
            rest //= count
        return plan, tuple(classes)
