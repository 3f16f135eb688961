"""What people and the product decided, as rows of the fold: acts read as if, transitions as it happened."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ripeline.batch.lake import Lake
from ripeline.batch.runs import I8, Run
from ripeline.batch.sealing import numbers
from ripeline.events.instants import micros
from ripeline.scoring.acts import LEGAL_FROM, UNDO, Act, standing_acts

if TYPE_CHECKING:
    from ripeline.batch.score import Question


class Decided(NamedTuple):
    """One row for the fold: when (microseconds), in which order among those of its instant, whose, and its shape."""

    at: int
    place: int
    lead: int
    shape: int


def recorded(lake: Lake, *, as_if: bool) -> pa.Table:
    """What the lake has of acts (as if) or transitions (as it happened)."""
    return lake.records("acts" if as_if else "transitions")


def decided_rows(question: "Question", records: pa.Table) -> Run:
    """The acts of `records` (as if) or the standing transitions (as it happened), as far as they were known."""
    rows = sorted((_acts if question.as_if else _transitions)(question, records))
    columns = zip(*rows, strict=True) if rows else ([], [], [], [])
    at, place, lead, shape = (np.array(column, np.int64) for column in columns)
    nothing = np.zeros(len(at), np.int64)
    return Run(_present(question, lead), nothing, at, shape.astype(np.int32), np.empty(0, np.int64), place, None)


def _acts(question: "Question", records: pa.Table) -> Iterator[Decided]:
    by_lead: dict[int, list[Act]] = defaultdict(list)
    known = _known(question, records, "at")
    for lead, row in zip(_present(question, numbers(known["lead"])).tolist(), known.to_pylist(), strict=True):
        if row["act"] in LEGAL_FROM or row["act"] == UNDO:  # an undo may take back what was done before a merge
            by_lead[lead].append(Act(at=row["at"], act=row["act"], reason=row["reason"] or ""))
    for lead, acts in by_lead.items():
        for place, act in enumerate(standing_acts(acts)):
            yield Decided(micros(act.at), place, lead, question.program.shapes.act(act.act, act.reason))


def _transitions(question: "Question", records: pa.Table) -> Iterator[Decided]:
    known = _known(question, records, "moved_at")
    if question.agreement is not None:
        known = known.filter(pc.equal(known["definition"], question.agreement))
    undone = pc.is_in(known["id"], value_set=known["undoes"].drop_null())
    standing = known.filter(pc.and_(pc.invert(undone), pc.is_null(known["undoes"])))
    for row in standing.to_pylist():
        if question.owners is None or question.owners.stands(row["lead"], row["id"]):
            shape = question.program.shapes.transition(row["to_stage"], row["reason"] or "")
            yield Decided(micros(row["moved_at"]), row["id"], row["lead"], shape)


def _present(question: "Question", leads: I8) -> I8:
    return leads if question.owners is None else question.owners.present(leads)


def _known(question: "Question", table: pa.Table, when: str) -> pa.Table:
    if question.known_at is None:
        return table
    return table.filter(pa.array(numbers(table[when]) <= micros(question.known_at)))
