"""Grades: the band of each sub-score, and the letters and digits they make together."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ripeline.definition.model import Group


def bands(groups: Sequence[Group], sub_scores: NDArray[np.float64]) -> NDArray[np.int8]:
    """Which band each sub-score is in: the first whose threshold it reaches, rounded to a millionth; -1 in none."""
    found = np.full(sub_scores.shape, -1, dtype=np.int8)
    for number, group in enumerate(groups):
        points = np.round(sub_scores[:, number], 6)
        for place, band in reversed(list(enumerate(group.grades))):
            found[points >= (-np.inf if band.at_least is None else band.at_least), number] = place
    return found


class Grades:
    """The text for each combination of bands, as in `A1`."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self._groups = groups
        self._graded = [(place, group.grades) for place, group in enumerate(groups) if group.grades]
        self._texts: dict[tuple[int, ...], str] = {}

    def of_one(self, sub_scores: Sequence[float]) -> str:
        """The grade of one lead, by the points of each group."""
        text = ""
        for place, grades in self._graded:
            points = round(sub_scores[place], 6)
            text += next((band.grade for band in grades if band.at_least is None or points >= band.at_least), "")
        return text

    def of(self, bands: NDArray[np.int8]) -> list[str]:
        return [self._texts.get(places) or self._text(places) for places in map(tuple, bands.tolist())]

    def _text(self, places: tuple[int, ...]) -> str:
        parts = [group.grades[place].grade for group, place in zip(self._groups, places, strict=True) if place >= 0]
        return self._texts.setdefault(places, "".join(parts))
