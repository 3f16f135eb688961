"""When the fold moves a lead by itself."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from tests.scoring.happened import agreed, day, did

from ripeline.definition.model import STAGES
from ripeline.events.event import Event
from ripeline.events.instants import instant, micros
from ripeline.scoring import jit, tables
from ripeline.scoring.acts import Act
from ripeline.scoring.folding import course, run
from ripeline.scoring.program import compiled
from ripeline.scoring.rows import RowBuilder

TRIAL = agreed("{engagement: {criteria: {demo: {on: Demo Requested, points: 20}}}}")


def moved(events: list[Event], acts: list[Act], kernels: Any) -> list[tuple[str, datetime]]:
    """Where the fold moved a lead who can be reached, and at which instants."""
    program = compiled(TRIAL)
    builder = RowBuilder(program.shapes)
    builder.add_history(events, acts=acts)
    builder.end_lead()
    until = micros(day(99))
    whole = course(until=until, read_at=until, decides_after=tables.NEVER)
    found = run(program, builder.rows([True]), whole, lines=9, kernels=kernels)
    return [(STAGES[to], instant(at)) for _, _, at, _, to, *_ in found.journal.tolist()]


@pytest.mark.parametrize("kernels", [jit.compiled, jit.plain])
def test_a_visitor_becomes_a_lead_at_an_event_and_not_where_people_only_acted(kernels: Callable[[], Any]) -> None:
    acts = [Act(at=day(number), act="accept") for number in (0, 2)]

    moves = moved([did("Banner Seen", day(1)), did("Demo Requested", day(3))], acts, kernels())

    assert moves == [("lead", day(1)), ("mql", day(3))]
