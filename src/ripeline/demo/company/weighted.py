"""Draws by weight, with the sums made once: a history takes some hundred thousand of them."""

from collections.abc import Mapping
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

Choice = TypeVar("Choice")


class Weighted(Generic[Choice]):
    """Choices, each as often as its weight says.

    >>> Weighted({"often": 99, "never": 0}).one(Random(1))
    'often'
    """

    def __init__(self, weights: Mapping[Choice, float]) -> None:
        self._choices = list(weights)
        self._sums = list(accumulate(weights.values()))

    def one(self, random: Random) -> Choice:
        return random.choices(self._choices, cum_weights=self._sums)[0]

    def some(self, count: int, random: Random) -> list[Choice]:
        return random.choices(self._choices, cum_weights=self._sums, k=count)
