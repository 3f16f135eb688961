"""How many of how many, with the interval in which the truth lies 95 times in 100.

Wilson's score interval: unlike the textbook `p ± 1.96 s` it keeps its promise for few cases and near 0 and 1.
Sources: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209; R. G. Newcombe, Statistics in Medicine 17 (1998) 857
(method 3, one proportion) and 17 (1998) 873 (method 10, the difference of two).
"""

from math import hypot, sqrt

import msgspec

Z95 = 1.959963984540054  # 97.5 % of a normal distribution lie below it


class Proportion(msgspec.Struct, frozen=True):
    """`count` of `of`. `value`, `low` and `high` are None while `of` is 0: nothing is known then.

    >>> print(Proportion(81, 263))
    30.8 % (25.5 to 36.6, n = 263)
    >>> print(Proportion(0, 0))
    unknown (n = 0)
    """

    count: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.count <= self.of:
            raise ValueError(f"{self.count} of {self.of} is no proportion")

    @property
    def value(self) -> float | None:
        return self.count / self.of if self.of else None

    @property
    def low(self) -> float | None:
        return max(0.0, min(self.count / self.of, self._middle() - self._reach())) if self.of else None

    @property
    def high(self) -> float | None:
        return min(1.0, max(self.count / self.of, self._middle() + self._reach())) if self.of else None

    def _middle(self) -> float:
        return (self.count + Z95**2 / 2) / (self.of + Z95**2)

    def _reach(self) -> float:
        spread = self.count * (self.of - self.count) / self.of + Z95**2 / 4
        return Z95 * sqrt(spread) / (self.of + Z95**2)

    def __str__(self) -> str:
        if self.value is None or self.low is None or self.high is None:
            return "unknown (n = 0)"
        return f"{self.value * 100:.1f} % ({self.low * 100:.1f} to {self.high * 100:.1f}, n = {self.of:,})"


class Difference(msgspec.Struct, frozen=True):
    """By how much one proportion exceeds another, as a share between -1 and 1; None while either is unknown.

    >>> difference = Difference(Proportion(56, 70), Proportion(48, 80))
    >>> [round(bound, 4) for bound in (difference.low, difference.value, difference.high)]
    [0.0524, 0.2, 0.3339]
    """

    of: Proportion
    over: Proportion

    @property
    def value(self) -> float | None:
        return None if self.of.value is None or self.over.value is None else self.of.value - self.over.value

    @property
    def low(self) -> float | None:
        return _beyond(self.of, self.of.low, self.over, self.over.high, -1)

    @property
    def high(self) -> float | None:
        return _beyond(self.of, self.of.high, self.over, self.over.low, 1)


def _beyond(
    one: Proportion, one_bound: float | None, other: Proportion, other_bound: float | None, side: int
) -> float | None:
    if one.value is None or other.value is None or one_bound is None or other_bound is None:
        return None
    return one.value - other.value + side * hypot(one.value - one_bound, other.value - other_bound)
