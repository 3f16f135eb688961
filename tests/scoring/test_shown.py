import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.scoring.happened import agreed

from ripeline.scoring.shown import adding_up, shown_total

SCORES = "{e: {criteria: {a: {on: A, points: 100}}}}"
points = st.floats(-500, 500).map(lambda value: round(value, 4))


@given(st.lists(points, min_size=1, max_size=30))
def test_shown_parts_add_up_and_none_is_off_by_a_whole_step(parts: list[float]) -> None:
    total = round(sum(parts), 1)

    shown = adding_up(parts, total)

    assert round(sum(shown), 6) == total
    assert all(abs(left - right) < 0.1 + 1e-9 for left, right in zip(shown, parts, strict=True))


def test_parts_that_need_no_rounding_are_left_alone() -> None:
    assert adding_up([8.0, 25.0, -10.0, 0.3], 23.3) == [8.0, 25.0, -10.0, 0.3]


@pytest.mark.parametrize(
    ("gate", "total", "shown"),
    [
        ("{total: {at_least: 65}}", 64.96, 64.9),
        ("{total: {at_least: 65}}", 64.9999999, 65.0),  # it counts as 65
        ("{total: {more_than: 65}}", 65.04, 65.1),
        ("{total: {more_than: 65}}", 65.0, 65.0),
        ("{all: [{total: {at_least: 20}}, {total: {less_than: 30}}]}", 29.97, 29.9),
        ("{e: {at_least: 65}}", 64.96, 65.0),
    ],
)
def test_a_total_is_never_rounded_across_a_gate(gate: str, total: float, shown: float) -> None:
    assert shown_total(agreed(SCORES, f"{{when: {gate}}}"), total) == shown
