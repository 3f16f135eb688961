from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.lifecycle import clocks
from ripeline.lifecycle.assignment import next_in_turn
from ripeline.lifecycle.merging import Stood, winner

FRIDAY = datetime(2026, 3, 6, 16, tzinfo=UTC)


def test_elapsed_time_runs_through_the_weekend() -> None:
    assert clocks.started(at=FRIDAY, answer_within=timedelta(hours=24)).due_at == FRIDAY + timedelta(days=1)


def test_a_deadline_is_breached_the_moment_it_comes_and_no_answer_is_there() -> None:
    clock = clocks.started(at=FRIDAY, answer_within=timedelta(hours=4))

    assert clocks.breached_at(clock, now=clock.due_at - timedelta(microseconds=1)) is None
    assert clocks.breached_at(clock, now=clock.due_at) == clock.due_at


@given(st.sets(st.text(min_size=1), min_size=1, max_size=6))
def test_everybody_has_their_turn_before_anybody_has_two(reps: set[str]) -> None:
    last, turns = "", []
    for _ in reps:
        last = next_in_turn(reps, last=last) or ""
        turns.append(last)

    assert sorted(turns) == sorted(reps)


def test_nobody_gets_a_lead_where_nobody_takes_leads() -> None:
    assert next_in_turn([], last="ada") is None


@pytest.mark.parametrize(
    ("one", "other", "stands"),
    [("lead", "mql", 2), ("sal", "mql", 1), ("customer", "sal", 1), ("lost", "mql", 2), ("recycled", "lead", 1)],
)
def test_of_two_stages_the_further_open_one_stands(one: str, other: str, stands: int) -> None:
    assert winner(Stood(1, one, 5), Stood(2, other, 3)).lead == stands


def test_between_equal_stages_who_was_there_first_stands() -> None:
    assert winner(Stood(1, "mql", 5), Stood(2, "mql", 3)).lead == 2
