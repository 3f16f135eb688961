"""The one writer: a thread that takes everything waiting, carries it out in one transaction, and then answers.

One commit serves a whole group, so a flood costs few waits for the disk. What commands do (`carrying`, and with it the
fold) is loaded in the thread, by the first of them: a start that needs none does not wait for it.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

from ripeline.server.log.change import Change
from ripeline.server.log.commands import (
    Command,
    CommandError,
    DemandConsent,
    Done,
    Ingest,
    NewKey,
    RevokeKey,
    StoreUnavailable,
)
from ripeline.server.log.keyring import KeyRing, openings
from ripeline.server.log.store.connection import connected
from ripeline.translation import translated

if TYPE_CHECKING:
    from ripeline.server.log.carrying import Carrier

MOST_EVENTS = 2_000  # in a transaction: about 0.1 s of waiting for those who come after
PATIENCE_SECONDS = 0.01  # for those who are expected back: longer than they need, little beside a group's own time

logger = logging.getLogger(__name__)

Waiting = tuple[Command, "Future[Any]"]


class _Warm(Command, frozen=True, kw_only=True):
    """Load what the first fold needs, outside of any transaction."""


class Writer:
    """Opens a migrated log and writes it until `close`.

    `now` is read once a transaction. `listeners` hear of every commit that changed a lead, in the writer's thread.
    """

    def __init__(self, path: Path, *, now: Callable[[], datetime], address: str = "") -> None:
        self._db = connected(path)
        self._now = now
        self._address = address
        self._loaded: Carrier | None = None
        self.keys = KeyRing()
        self.keys.replace(openings(self._db))
        self.listeners: list[Callable[[Change], None]] = []
        self._waiting: SimpleQueue[Waiting | None] = SimpleQueue()
        self._came_last = 0  # how many the last group brought
        self._closed = False
        self._at_the_door = Lock()  # nothing comes in after the last command
        self._keys_are_stale = False
        self.failure: str | None = None  # why the last transaction was not stored or not told, None if it was
        self._thread = Thread(target=self._write, name="writer")
        self._thread.start()

    def submit(self, command: Command) -> "Future[Any]":
        """Asks for `command`; the future has its answer, or its error, once that is on disk. From any thread."""
        future: Future[Any] = Future()
        with self._at_the_door:
            if not self._closed:
                self._waiting.put((command, future))
                return future
        future.set_exception(_closing())
        return future

    def warm(self) -> "Future[Any]":
        """Loads or compiles the fold before the next command; done when the future is."""
        return self.submit(_Warm())

    def close(self) -> None:
        """Carries out what was submitted before, then closes the log."""
        with self._at_the_door:
            self._closed = True
            self._waiting.put(None)
        self._thread.join()
        self._db.close()

    def _write(self) -> None:
        try:
            going = True
            while going:
                group, going = self._group()
                warming = [waiting for waiting in group if isinstance(waiting[0], _Warm)]
                for _, future in warming:
                    self._warm(future)
                if len(warming) < len(group):
                    self._carry_out([waiting for waiting in group if waiting not in warming])
        except BaseException as error:
            self.failure = str(error) or type(error).__name__
            logger.exception("the writer has ended")
            raise
        finally:
            self._turn_away()

    def _turn_away(self) -> None:
        """Whoever waits is answered, and nobody waits from now on: there is no writer any more."""
        with self._at_the_door:
            self._closed = True
            with suppress(Empty):
                while True:
                    left = self._waiting.get_nowait()
                    if left is not None and left[1].set_running_or_notify_cancel():
                        left[1].set_exception(_closing())

    def _group(self) -> tuple[list[Waiting], bool]:
        """Everything that waits, up to a size; False with the last group.

        In a flood senders wait for their answer and come back at once: as many as the last commit answered are waited
        for, if only a moment, or they would come in two halves and cost two commits.
        """
        group: list[Waiting] = []
        events, expected = 0, self._came_last
        taken = self._waiting.get()
        until = monotonic() + PATIENCE_SECONDS
        with suppress(Empty):
            while taken is not None and events < MOST_EVENTS:
                if taken[1].set_running_or_notify_cancel():
                    group.append(taken)
                    events += len(taken[0].accepted) if isinstance(taken[0], Ingest) else 1
                self._came_last = len(group)
                if events < MOST_EVENTS:
                    taken = self._next(until if len(group) < expected else 0.0)
        return group, taken is not None

    def _next(self, until: float) -> Waiting | None:
        """The next that waits or comes before the moment `until`. Raises Empty."""
        left = until - monotonic()
        return self._waiting.get(timeout=left) if left > 0 else self._waiting.get_nowait()

    def _warm(self, future: "Future[Any]") -> None:
        try:
            self._carrier().warm()
            future.set_result(Done())
        except Exception as error:  # noqa: BLE001 - told to whoever waits for it; folding will say so again
            future.set_exception(error)

    def _carry_out(self, group: Sequence[Waiting]) -> None:
        try:
            carrier = self._carrier()
            outcomes = carrier.outcomes([command for command, _ in group])
        except Exception as error:
            if not isinstance(error, CommandError):
                logger.exception("a transaction was rolled back")
            self.failure = str(error)
            for _, future in group:
                future.set_exception(error)
            return
        self.failure = None
        self._renew_keys([command for command, _ in group])
        for (_, future), outcome in zip(group, outcomes, strict=True):
            if isinstance(outcome, Exception):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)
        self._tell(carrier)

    def _renew_keys(self, commands: Sequence[Command]) -> None:
        """A new key opens before its secret is told. What is committed stands, so a failure is put right later."""
        if not self._keys_are_stale and not any(
            isinstance(command, NewKey | RevokeKey | DemandConsent) for command in commands
        ):
            return
        try:
            self.keys.replace(openings(self._db))
            self._keys_are_stale = False
        except Exception as error:
            logger.exception("the keys in force could not be read; they are read again at the next commit")
            self._keys_are_stale, self.failure = True, str(error)

    def _carrier(self) -> "Carrier":
        if self._loaded is None:
            from ripeline.server.log.carrying import Carrier

            self._loaded = Carrier(self._db, now=self._now, address=self._address)
        return self._loaded

    def _tell(self, carrier: "Carrier") -> None:
        try:
            told = carrier.changed()
        except Exception as error:
            logger.exception("nobody heard of a commit")
            self.failure = str(error)
            return
        if not (told.leads or told.many or told.inbox):
            return
        for listener in self.listeners:
            try:
                listener(told)
            except Exception:
                logger.exception("a listener failed")


def _closing() -> StoreUnavailable:
    return StoreUnavailable(translated("The workspace is closing."))
