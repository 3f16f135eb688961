"""Landmark comparisons and score bands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.stats.bands import by_band
from ripeline.stats.landmark import Standing, compared
from ripeline.stats.proportion import Proportion

fates = st.sampled_from(["won", "not won", "open"])
people = st.lists(st.builds(Standing, st.booleans(), fates))


def test_still_open_people_are_counted_apart() -> None:
    side = compared([Standing(True, "won"), Standing(True, "open"), Standing(True, "not won")]).qualified

    assert side.won == Proportion(1, 2)
    assert side.still_open == 1
    assert side.people == 3


@given(people)
def test_everybody_stands_on_one_side(drawn: list[Standing]) -> None:
    comparison = compared(drawn)

    assert comparison.qualified.people + comparison.not_qualified.people == len(drawn)
    assert comparison.everybody.won.count == sum(person.fate == "won" for person in drawn)
    assert comparison.everybody.still_open == sum(person.fate == "open" for person in drawn)


def test_difference_is_qualified_over_the_rest() -> None:
    drawn = [Standing(True, "won")] * 8 + [Standing(True, "not won")] * 2 + [Standing(False, "not won")] * 10
    difference = compared(drawn).difference

    assert difference.value == pytest.approx(0.8)
    assert difference.low is not None and difference.low > 0


def test_a_score_on_an_edge_belongs_above_it() -> None:
    bands = by_band([(19.999, False), (20.0, True)], [20])

    assert [band.won for band in bands] == [Proportion(0, 1), Proportion(1, 1)]


@given(st.lists(st.tuples(st.floats(-50, 150), st.booleans())))
def test_every_score_is_in_one_band(scored: list[tuple[float, bool]]) -> None:
    bands = by_band(scored, [0, 20, 40])

    assert sum(band.won.of for band in bands) == len(scored)


def test_edges_that_fall_are_refused() -> None:
    with pytest.raises(ValueError, match="rise"):
        by_band([], [40, 20])
