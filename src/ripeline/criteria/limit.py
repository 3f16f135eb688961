"""How often a criterion counts: the earliest `count` matches of each calendar bucket."""

from typing import Literal

import msgspec


class Limit(msgspec.Struct, frozen=True):
    """At most `count` matches per day, week (from Monday) or month in the definition's time zone, or ever."""

    count: int
    per: Literal["day", "week", "month", "ever"]
