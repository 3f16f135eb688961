"""What became of people who were still open at a landmark, by whether they qualified by then.

A comparison over the whole history would flatter every definition: who buys does more before buying, so who has
bought looks qualified. At a landmark only what was known by then counts, and only people whose outcome was still
ahead of them are compared.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

from ripeline.stats.proportion import Difference, Proportion

Fate = Literal["won", "not won", "open"]


class Standing(msgspec.Struct, frozen=True):
    """One person who was open at the landmark: qualified by then or not, and what came later."""

    qualified: bool
    fate: Fate


class Side(msgspec.Struct, frozen=True):
    """One side of the comparison: `won` among those whose outcome is known; `still_open` are not in it."""

    won: Proportion
    still_open: int

    @property
    def people(self) -> int:
        return self.won.of + self.still_open


class Comparison(msgspec.Struct, frozen=True):
    """Both sides, everybody, and the difference between the sides with its 95 % interval."""

    qualified: Side
    not_qualified: Side

    @property
    def everybody(self) -> Side:
        won = Proportion(
            self.qualified.won.count + self.not_qualified.won.count, self.qualified.won.of + self.not_qualified.won.of
        )
        return Side(won, self.qualified.still_open + self.not_qualified.still_open)

    @property
    def difference(self) -> Difference:
        return Difference(self.qualified.won, self.not_qualified.won)


def compared(people: Iterable[Standing]) -> Comparison:
    """>>> ada, ben, cai = Standing(True, "won"), Standing(True, "not won"), Standing(False, "open")
    >>> print(compared([ada, ben, cai]).qualified.won)
    50.0 % (9.5 to 90.5, n = 2)
    """
    seen = list(people)
    return Comparison(
        _side(person.fate for person in seen if person.qualified),
        _side(person.fate for person in seen if not person.qualified),
    )


def _side(fates: Iterable[Fate]) -> Side:
    seen = list(fates)
    open_ones = seen.count("open")
    return Side(Proportion(seen.count("won"), len(seen) - open_ones), open_ones)
