"""Geometry of the figures, as text for SVG attributes: the templates draw, nothing here knows a colour or a page.

Horizontal places are percentages (`41.03%`), so a figure stretches with its cell and its text does not. Every number
is written with a point, whatever the reader's language: SVG reads nothing else.
"""

from collections.abc import Iterable, Sequence
from itertools import accumulate

import msgspec

RISE = 1.5  # rings, bars and axes run to this many times the gate, for scores have no fixed top


def plain(number: float) -> str:
    """`number` with at most two decimals and none too many.

    >>> plain(12.50), plain(-0.001), plain(3)
    ('12.5', '0', '3')
    """
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


class Bar(msgspec.Struct, frozen=True):
    """A piece of a horizontal bar: where it begins, how wide it is, where it ends."""

    x: str
    width: str
    end: str


class Scale(msgspec.Struct, frozen=True):
    """Values from `low` to `high`, laid from the left edge to the right.

    >>> Scale(0, 80).at(20)
    '25%'
    >>> Scale(-20, 80).between(30, 10)
    Bar(x='30%', width='20%', end='50%')
    """

    low: float
    high: float

    def share(self, value: float) -> float:
        """Where `value` lies, 0 at the left edge to 1 at the right; beyond them it stays at the edge."""
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))

    def at(self, value: float) -> str:
        return f"{plain(100 * self.share(value))}%"

    def between(self, one: float, other: float) -> Bar:
        low, high = self.share(min(one, other)), self.share(max(one, other))
        return Bar(f"{plain(100 * low)}%", f"{plain(100 * (high - low))}%", f"{plain(100 * high)}%")


def scale_for(gate: float | None, values: Iterable[float]) -> Scale:
    """From 0, or below it if a value is, to 1.5 × the gate, or above it if a value is.

    >>> scale_for(60, [10, 40, 35])
    Scale(low=0.0, high=90.0)
    >>> scale_for(None, [-5, 120])
    Scale(low=-5.0, high=120.0)
    """
    reached = [0.0, *map(float, values)]
    top = RISE * gate if gate else 1.0
    return Scale(min(reached), max(top, *reached))


def ring_share(value: float, *, gate: float | None) -> float:
    """How much of a ring is filled, 0 to 100: `value` of 1.5 × the gate.

    >>> ring_share(45, gate=60), ring_share(-8, gate=60), ring_share(300, gate=60)
    (50.0, 0.0, 100.0)
    """
    return 100 * Scale(0, RISE * gate if gate else 100).share(value)


class Stack(msgspec.Struct, frozen=True):
    """Bars one after another up to what is left of them, and what was taken away from their end."""

    bars: tuple[Bar, ...]
    taken: Bar | None
    mark: str | None


def stack(gains: Sequence[float], loss: float, *, gate: float | None) -> Stack:
    """Lay `gains` end to end and take `loss` (≤ 0) off the end; a gain below zero is drawn as nothing.

    >>> figure = stack([40, 40], -8, gate=64)
    >>> [bar.width for bar in figure.bars], figure.taken.x, figure.mark
    (['41.67%', '33.33%'], '75%', '66.67%')
    """
    ends = list(accumulate(max(0.0, gain) for gain in gains))
    whole = ends[-1] if ends else 0.0
    left = max(0.0, whole + min(0.0, loss))
    scale = scale_for(gate, [whole])
    starts = [0.0, *ends][: len(ends)]
    bars = tuple(scale.between(min(start, left), min(end, left)) for start, end in zip(starts, ends, strict=True))
    taken = scale.between(left, whole) if loss < 0 and whole > left else None
    return Stack(bars, taken, scale.at(gate) if gate else None)


class Step(msgspec.Struct, frozen=True):
    """A row of a waterfall: its bar, what time has taken of it (hatched), and where the next row sets off."""

    bar: Bar
    aged: Bar | None
    end: str


def waterfall(falls: Sequence[tuple[float, float]], *, gate: float | None) -> tuple[list[Step], Scale]:
    """Rows of (points now, points lost to time), each setting off where the one before ended; and their scale.

    Lost points keep the sign of what they were part of: a gain of 12 of which 8 are left is `(8, 4)`, a penalty of
    -20 of which -5 are left is `(-5, -15)`.

    >>> steps, scale = waterfall([(30, 0), (8, 4), (-5, 0)], gate=40)
    >>> [(step.bar.x, step.bar.width, step.end) for step in steps]
    [('0%', '50%', '50%'), ('50%', '13.33%', '63.33%'), ('55%', '8.33%', '55%')]
    >>> steps[1].aged, scale.at(40)
    (Bar(x='63.33%', width='6.67%', end='70%'), '66.67%')
    """
    ends = list(accumulate(points for points, _ in falls))
    starts = [0.0, *ends][: len(ends)]
    scale = scale_for(gate, [*ends, *(end + lost for end, (_, lost) in zip(ends, falls, strict=True))])
    steps = [
        Step(scale.between(start, end), scale.between(end, end + lost) if lost else None, scale.at(end))
        for start, end, (_, lost) in zip(starts, ends, falls, strict=True)
    ]
    return steps, scale


class Line(msgspec.Struct, frozen=True):
    """A line chart in a box of `WIDTH` × `HEIGHT` that may be stretched; dot and mark over it, in percent."""

    path: str
    area: str
    forecast: str
    dot: tuple[str, str] | None
    mark: tuple[str, str] | None  # of the gate: in units of the box, in percent


WIDTH, HEIGHT = 1000, 100
_HEADROOM = 1.08  # the topmost point keeps off the edge, so that its stroke and dot are whole


def line(past: Sequence[float], ahead: Sequence[float] = (), *, gate: float | None = None) -> Line:
    """Equally spaced values: `past` drawn solid over an area, `ahead` dashed from the last of them.

    >>> chart = line([0, 10, 20], [15], gate=20)
    >>> chart.path, chart.forecast
    ('M0 100 L333.33 53.7 L666.67 7.41', 'M666.67 7.41 L1000 30.56')
    >>> chart.dot, chart.mark
    (('66.67%', '7.41%'), ('7.41', '7.41%'))
    """
    values = [*past, *ahead]
    low, high = min([0.0, *values]), max([gate or 1.0, *values]) * _HEADROOM
    across = WIDTH / max(1, len(values) - 1)
    at = [(index * across, HEIGHT * (high - value) / (high - low)) for index, value in enumerate(values)]
    known, ground = at[: len(past)], HEIGHT * high / (high - low)
    level = HEIGHT * (high - gate) / (high - low) if gate is not None else None
    return Line(
        path=_path(known),
        area=f"{_path(known)} V{plain(ground)} H0 Z" if known else "",
        forecast=_path(at[len(past) - 1 :]) if known and ahead else "",
        dot=(f"{plain(100 * known[-1][0] / WIDTH)}%", f"{plain(known[-1][1])}%") if known else None,
        mark=(plain(level), f"{plain(level)}%") if level is not None else None,
    )


def _path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{'L' if index else 'M'}{plain(x)} {plain(y)}" for index, (x, y) in enumerate(points))
