"""Scores of whole histories: the fold over numpy columns, as many leads in one call as there are."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ripeline.criteria.condition import Value
from ripeline.scoring.program import Program
from ripeline.scoring.rows import LeadRows


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
        raise NotImplementedError


def fold(program: Program, rows: LeadRows, *, as_of: datetime, as_if: bool = True) -> ScoreTable:
    """Score every lead of `rows` as it stood at `as_of`; later rows do not exist yet.

    `as_if`: the definition's gates decide the stages and acts apply where they are legal; else stages come from
    transition rows alone (as it happened). `known_at` is the caller's: leave out rows received after it. Releases the
    GIL, so ranges of leads may be folded on several threads.
    """
    raise NotImplementedError


def event_shapes(
    program: Program, kinds_and_names: Sequence[tuple[str, str]], codes: NDArray[np.int32], columns: Mapping[str, Coded]
) -> NDArray[np.int32]:
    """The shape of each of many events.

    `codes[i]` says which of the distinct `kinds_and_names` event `i` has. `columns` holds, by field as
    `program.shapes.fields(kind, name)` names it, the values which `events.reading.value` gives of that field; a field
    without a column is absent everywhere. Conditions are evaluated once per distinct value.
    """
    raise NotImplementedError
