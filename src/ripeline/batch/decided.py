"""What people and the product decided, as rows of the fold: acts read as if, transitions as it happened."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ripeline.batch.lake import Lake
from ripeline.batch.runs import Run
from ripeline.batch.sealing import numbers
from ripeline.events.instants import micros
from ripeline.scoring.acts import LEGAL_FROM, UNDO, Act, standing_acts

if TYPE_CHECKING:
    from ripeline.batch.score import Question


class Decided(NamedTuple):
    """One row for the fold: whose, when (microseconds), and its shape."""

    lead: int
    at: int
    shape: int


def decided_rows(question: "Question", lake: Lake) -> Run:
    """The acts of the lake (as if) or its standing transitions (as it happened), as far as they were known."""
    read = _acts if question.as_if else _transitions
    rows = sorted(read(question, lake))
    lead, at, shape = (np.array(column, np.int64) for column in (zip(*rows, strict=True) if rows else ([], [], [])))
    if question.owners is not None:
        lead = question.owners.present(lead)
    nothing = np.zeros(len(at), np.int64)
    return Run(lead, nothing, at, shape.astype(np.int32), np.empty(0, np.int64), np.arange(len(at)), None)


def _acts(question: "Question", lake: Lake) -> Iterator[Decided]:
    by_lead: dict[int, list[Act]] = defaultdict(list)
    for row in _known(question, lake.records("acts"), "at").to_pylist():
        if row["act"] in LEGAL_FROM or row["act"] == UNDO:
            by_lead[row["lead"]].append(Act(at=row["at"], act=row["act"], reason=row["reason"] or ""))
    for lead, acts in by_lead.items():
        for act in standing_acts(acts):
            yield Decided(lead, micros(act.at), question.program.shapes.act(act.act, act.reason))


def _transitions(question: "Question", lake: Lake) -> Iterator[Decided]:
    known = _known(question, lake.records("transitions"), "moved_at")
    undone = pc.is_in(known["id"], value_set=known["undoes"].drop_null())
    standing = known.filter(pc.and_(pc.invert(undone), pc.is_null(known["undoes"])))
    for row in standing.to_pylist():
        shape = question.program.shapes.transition(row["to_stage"], row["reason"] or "")
        yield Decided(row["lead"], micros(row["moved_at"]), shape)


def _known(question: "Question", table: pa.Table, when: str) -> pa.Table:
    if question.known_at is None:
        return table
    return table.filter(pa.array(numbers(table[when]) <= micros(question.known_at)))
