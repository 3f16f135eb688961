"""How fast one source may send: a flood under one write key leaves room for the others."""

import math
from collections.abc import Callable
from time import monotonic

from ripeline.server.ingest.answers import Failed, rate_limited

_LONGEST_WAIT = 60  # seconds: SDKs take a larger Retry-After for none, or give up


class Rates:
    """A bucket of messages for each source, refilled by the second. Of one event loop.

    A request is let in while its source's bucket holds anything, and may then take more than is left: nothing is read
    in vain, and a batch larger than the bucket comes through.
    """

    def __init__(self, *, per_second: float, burst: float, clock: Callable[[], float] = monotonic) -> None:
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}  # what was left, and when

    def admit(self, source: str) -> None:
        """Raises Failed with the seconds to wait where `source` has sent too much."""
        if self._per_second and (left := self._left(source, self._clock())) <= 0:
            seconds = min(math.floor(-left / self._per_second) + 1, _LONGEST_WAIT)
            raise Failed(rate_limited(seconds))

    def spend(self, source: str, messages: int) -> None:
        """`source` has sent so many; a request without any costs one."""
        if self._per_second:
            now = self._clock()
            self._buckets[source] = (self._left(source, now) - (messages or 1), now)

    def _left(self, source: str, now: float) -> float:
        known = self._buckets.get(source)
        if known is None:
            return self._burst
        left, at = known
        return min(left + (now - at) * self._per_second, self._burst)
