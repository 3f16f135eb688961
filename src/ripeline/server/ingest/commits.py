"""From the writer's thread back to the event loop: one wake-up for a whole group of commits."""

import asyncio
from collections import deque
from concurrent.futures import Future
from typing import Any


class Commits:
    """Awaits the writer's futures. Make it within the loop that awaits."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._done: deque[tuple[Future[Any], asyncio.Future[BaseException | None]]] = deque()
        self._woken = False

    async def failure(self, future: "Future[Any]") -> BaseException | None:
        """Wait for the commit; None once it is on disk, else why it is not."""
        waiter: asyncio.Future[BaseException | None] = self._loop.create_future()
        future.add_done_callback(lambda done: self._committed(done, waiter))
        return await waiter

    def _committed(self, future: "Future[Any]", waiter: "asyncio.Future[BaseException | None]") -> None:
        """In the writer's thread. Appended first, so that a loop waking up just now finds it or is woken again."""
        self._done.append((future, waiter))
        if not self._woken:
            self._woken = True
            self._loop.call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        self._woken = False
        while self._done:
            future, waiter = self._done.popleft()
            if not waiter.done():  # a request may have been cancelled meanwhile
                waiter.set_result(future.exception())
