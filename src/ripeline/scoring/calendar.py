"""Local days for the fold: when a time zone's distance from UTC changes, as two columns."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from ripeline.events.instants import MICROSECOND, instant, micros

# The door refuses events before 1990; beyond the last change the last distance is kept.
FIRST, LAST = datetime(1989, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
# No zone changes there and back within three days.
STEP = timedelta(days=3)


class UtcDistance(NamedTuple):
    """From `since[i]` on (microseconds since 1970), local time is `distance[i]` microseconds ahead of UTC."""

    since: NDArray[np.int64]
    distance: NDArray[np.int64]


@lru_cache(maxsize=64)
def utc_distance(timezone: str) -> UtcDistance:
    """The distances of a time zone from UTC; raises ZoneInfoNotFoundError where there is no such zone.

    >>> [int(hours) for hours in sorted(set(utc_distance("Europe/Warsaw").distance // 3_600_000_000))]
    [1, 2]
    """
    zone = ZoneInfo(timezone)
    since, distance = [micros(FIRST)], [_distance(zone, FIRST)]
    day = FIRST
    while day < LAST:
        after = day + STEP
        if _distance(zone, after) != distance[-1]:
            since.append(_changed_between(zone, micros(day), micros(after)))
            distance.append(_distance(zone, after))
        day = after
    return UtcDistance(np.array(since, dtype=np.int64), np.array(distance, dtype=np.int64))


def _changed_between(zone: ZoneInfo, before: int, after: int) -> int:
    """The first microsecond at which the distance is that of `after`."""
    target = _distance(zone, instant(after))
    while after - before > 1:
        middle = (before + after) // 2
        if _distance(zone, instant(middle)) == target:
            after = middle
        else:
            before = middle
    return after


def _distance(zone: ZoneInfo, at: datetime) -> int:
    offset = at.astimezone(zone).utcoffset()
    return 0 if offset is None else offset // MICROSECOND
