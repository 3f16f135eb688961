"""How much is waiting to be stored, so that an overload is answered instead of filling the memory."""

from types import TracebackType

from ripeline.server.ingest.answers import OVERLOADED, Failed


class Waiting:
    """Counts what requests hold, in bytes, up to `at_most`. Of one event loop."""

    def __init__(self, *, at_most: int) -> None:
        self.at_most = at_most
        self.held = 0


class Hold:
    """What one request holds of it, until it is answered."""

    __slots__ = ("_size", "_waiting")

    def __init__(self, waiting: Waiting) -> None:
        self._waiting = waiting
        self._size = 0

    def more(self, size: int) -> None:
        """Hold `size` more. Raises Failed where that is too much; a request that is alone always fits."""
        others = self._waiting.held - self._size
        if others and self._waiting.held + size > self._waiting.at_most:
            raise Failed(OVERLOADED)
        self._size += size
        self._waiting.held += size

    def __enter__(self) -> "Hold":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._waiting.held -= self._size
