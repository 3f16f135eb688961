"""How often people of each score band were won."""

from collections.abc import Iterable, Sequence

import msgspec

from ripeline.stats.proportion import Proportion


class Band(msgspec.Struct, frozen=True):
    """Scores from `at_least` (None: no lower end) to below `below` (None: no upper end), and how many were won."""

    at_least: float | None
    below: float | None
    won: Proportion


def by_band(scored: Iterable[tuple[float, bool]], edges: Sequence[float]) -> list[Band]:
    """The bands between `edges`, lowest first; `scored` is (score, won) a person. A score on an edge is above it.

    >>> for band in by_band([(5, False), (20, True), (25, False), (60, True)], [20, 50]):
    ...     print(band.at_least, band.below, band.won.count, band.won.of)
    None 20 0 1
    20 50 1 2
    50 None 1 1
    """
    if list(edges) != sorted(set(edges)):
        raise ValueError("the edges of score bands rise, each above the one before")
    people = list(scored)
    lower: list[float | None] = [None, *edges]
    upper: list[float | None] = [*edges, None]
    return [_band(people, low, high) for low, high in zip(lower, upper, strict=True)]


def _band(people: list[tuple[float, bool]], low: float | None, high: float | None) -> Band:
    within = [won for score, won in people if (low is None or score >= low) and (high is None or score < high)]
    return Band(low, high, Proportion(sum(within), len(within)))
