"""What people and the product decided, as rows of the fold: acts read as if, transitions as it happened."""

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ripeline.batch.lake import Lake
from ripeline.batch.runs import Run
from ripeline.batch.sealing import numbers
from ripeline.events.instants import micros

if TYPE_CHECKING:
    from ripeline.batch.score import Question


def decided_rows(question: "Question", lake: Lake) -> Run:
    """The acts of the lake (as if) or its standing transitions (as it happened), as far as they were known."""
    table = lake.records("acts") if question.as_if else _standing(lake.records("transitions"))
    at = numbers(table["at" if question.as_if else "moved_at"])
    shapes = question.program.shapes
    reasons = [reason or "" for reason in table["reason"].to_pylist()]
    words = table["act" if question.as_if else "to_stage"].to_pylist()
    shape_of = shapes.act if question.as_if else shapes.transition
    shape = np.array([shape_of(word, reason) for word, reason in zip(words, reasons, strict=True)], np.int32)
    lead = numbers(table["lead"])
    if question.owners is not None:
        lead = question.owners.present(lead)
    nothing = np.zeros(len(at), np.int64)
    run = Run(lead, nothing, at, shape, np.empty(0, np.int64), np.arange(len(at)), None)
    return run if question.known_at is None else run.where(at <= micros(question.known_at))


def _standing(transitions: pa.Table) -> pa.Table:
    """Without those that were undone, and their undos."""
    undone = transitions["undoes"].drop_null()
    stands = pc.invert(pc.is_in(transitions["id"], value_set=undone))
    return transitions.filter(pc.and_(stands, pc.is_null(transitions["undoes"])))
