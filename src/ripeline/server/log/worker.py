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
    SettleMail,
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
        self._unsettled: SettleMail | None = None  # what became of a letter, not yet stored
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
            self._settle()
            done: DueDone = self._submit(DoDue()).result()
            self.failed += done.failed
            sent = not self._closing.is_set() and self._send_next()
            if self._closing.is_set() or not (done.taken or sent):
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

    def _send_next(self) -> bool:
        """Sends one letter, if one is due. They are claimed one by one: what is claimed and not sent is lost."""
        claimed: Claimed = self._submit(ClaimMail()).result()
        if claimed.letter is None:
            return False
        self._unsettled = self._post.send(claimed.letter, now=self._now())
        self._settle()
        return True

    def _settle(self) -> None:
        """Stores what became of the last letter; where the store fails, before anything else the next time."""
        if self._unsettled is not None:
            self._submit(self._unsettled).result()
            self._unsettled = None
