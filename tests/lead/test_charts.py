import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.server import charts

points = st.floats(-200, 200).map(lambda number: round(number, 1))


def percent(text: str) -> float:
    assert text.endswith("%")
    return float(text.removesuffix("%"))


@given(falls=st.lists(st.tuples(points, points), max_size=12), gate=st.none() | st.floats(1, 200))
def test_no_bar_of_a_waterfall_leaves_its_cell(falls: list[tuple[float, float]], gate: float | None) -> None:
    steps, _ = charts.waterfall(falls, gate=gate)

    bars = [bar for step in steps for bar in (step.bar, step.aged) if bar is not None]
    assert all(0 <= percent(bar.x) <= 100 and percent(bar.end) <= 100 and percent(bar.width) >= 0 for bar in bars)


@given(falls=st.lists(st.tuples(points, st.just(0.0)), min_size=1, max_size=12))
def test_a_waterfall_ends_at_the_total(falls: list[tuple[float, float]]) -> None:
    steps, scale = charts.waterfall(falls, gate=65)

    assert percent(steps[-1].end) == pytest.approx(percent(scale.at(sum(gained for gained, _ in falls))), abs=0.02)


def test_what_a_penalty_has_lost_to_time_lies_on_its_far_side() -> None:
    (_, penalty), _ = charts.waterfall([(60, 0), (-5, -15)], gate=65)

    assert penalty.aged is not None and penalty.aged.end == penalty.bar.x


def test_a_loss_is_taken_off_the_end_of_a_bar() -> None:
    figure = charts.stack([40, 40], -50, gate=60)

    assert figure.taken is not None
    assert [bar.width for bar in figure.bars] == ["33.33%", "0%"]
    assert (figure.taken.x, figure.taken.end) == ("33.33%", "88.89%")


def test_a_ring_is_full_at_one_and_a_half_gates() -> None:
    assert charts.ring_share(97.5, gate=65) == charts.ring_share(400, gate=65) == 100


def test_numbers_in_svg_have_a_point_and_no_exponent() -> None:
    chart = charts.line([0.000001, 12345.678, -0.0000001], [3.3], gate=65)

    assert "," not in chart.path + chart.forecast and "e" not in chart.path


@pytest.mark.parametrize("past", [[], [0.0], [5.0], [-3.0, -8.0], [0.0] * 81])
def test_every_line_can_be_drawn(past: list[float]) -> None:
    chart = charts.line(past, [past[-1]] if past else [], gate=65)

    assert (chart.dot is not None) == bool(past) == bool(chart.forecast)
    assert all(0 <= float(y) <= 100 for y in re.findall(r"[ML][\d.]+ ([\d.]+)", chart.path))
