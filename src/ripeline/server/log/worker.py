"""The worker: wakes when something is due, has the writer do it, and sends the mails that the writer let it claim."""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

from ripeline.server.log.commands import (
    Claimed,
    ClaimMail,
    Command,
    CommandError,
    DoDue,
    DueDone,
    Letter,
    WakeUp,
)
from ripeline.server.log.posting import Post

LOOKS_EVERY = timedelta(seconds=1)  # at the latest: a row may have become due that was written meanwhile

logger = logging.getLogger(__name__)


class Worker:
    """Does what is due until `close`. `post` sends a letter; what it raises says whether it may have left."""

    def __init__(self, submit: Callable[[Command], "Future[Any]"], *, post: Post, now: Callable[[], datetime]) -> None:
        self._submit = submit
        self._post = post
        self._now = now
        self.failed = 0  # times that something due could not be done, since the start
        self._closing = Event()
        self._thread = Thread(target=self._work, name="worker")

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Ends after the letter that is being sent."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()

    def wake_up(self) -> None:
        """Mails that a process had claimed when it died are given up. Before the first round, and only then."""
        self._submit(WakeUp()).result()

    def round(self) -> datetime | None:
        """Does everything that is due by now; returns when the next thing is."""
        while True:
            done: DueDone = self._submit(DoDue()).result()
            self.failed += done.failed
            claimed: Claimed = self._submit(ClaimMail()).result()
            for letter in claimed.letters:
                self._send(letter)
            if self._closing.is_set() or not (done.taken or claimed.letters):
                return done.next_at

    def _work(self) -> None:
        awake = False
        while not self._closing.is_set():
            try:
                if not awake:
                    self.wake_up()
                    awake = True
                self.round()
            except CommandError:
                logger.warning("the worker could not go on; it tries again", exc_info=True)
            except Exception:
                logger.exception("the worker failed; it tries again")
            self._closing.wait(LOOKS_EVERY.total_seconds())

    def _send(self, letter: Letter) -> None:
        settled = self._post.send(letter, now=self._now())
        self._submit(settled).result()
