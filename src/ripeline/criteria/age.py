"""How a contribution ages: not at all, by halves, or until its window closes."""

from datetime import timedelta
from typing import Literal

import msgspec


class Age(msgspec.Struct, frozen=True):
    """`kind` none weighs 1 for ever; half_life `2^(-age/span)`; window 1 while `age < span`, then 0.

    >>> Age("half_life", timedelta(days=30)).weight(timedelta(days=60))
    0.25
    >>> Age("window", timedelta(days=30)).weight(timedelta(days=30))
    0.0
    """

    kind: Literal["none", "half_life", "window"] = "none"
    span: timedelta = timedelta(0)

    def weight(self, age: timedelta) -> float:
        if self.kind == "none":
            return 1.0
        if self.kind == "window":
            return 1.0 if age < self.span else 0.0
        return float(2.0 ** (-(age / self.span)))
