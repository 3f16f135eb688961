"""A group of commands is carried out in one transaction; one that fails is taken back alone."""

import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from ripeline.server.log import dispatch
from ripeline.server.log.admitting import admit
from ripeline.server.log.change import Change, change
from ripeline.server.log.commands import Answer, Command, CommandError, ImportHistory, Ingest, Restore, StoreUnavailable
from ripeline.server.log.session import Log
from ripeline.server.log.store.connection import has_failed, savepoint, transaction

NOTHING = Change(cursor=0, leads=(), inbox=False)
_LARGE = (Ingest, ImportHistory, Restore)

logger = logging.getLogger(__name__)


class Carrier:
    """Carries commands out in the log that `db` holds. `now` is read once a transaction."""

    def __init__(self, db: sqlite3.Connection, *, now: Callable[[], datetime], address: str) -> None:
        self._db = db
        self._now = now
        self._log = Log(db, address=address)
        self._changed = NOTHING

    def warm(self) -> None:
        """Loads or compiles what the first fold needs."""
        with transaction(self._db):
            self._log.begin(self._now())
        if self._log.program is not None:
            self._log.program.warm()

    def outcomes(self, commands: Sequence[Command]) -> list[Answer | Exception]:
        """One transaction for all. If events cannot be taken in, all is taken back and done again, each by itself.

        A part can be taken back alone, but costs a copy of every page it changes: too much for events while nothing
        fails. What people do changes few pages and is refused now and then, so it is a part of its own from the start.
        """
        found = self._outcomes(commands)
        self._changed = change(self._log.newest_seq, self._log.changed, inbox=self._log.inbox)
        return found

    def _outcomes(self, commands: Sequence[Command]) -> list[Answer | Exception]:
        log = self._log
        self._changed = NOTHING
        try:
            with transaction(self._db):
                log.begin(self._now())
                found: list[Answer | Exception] = []
                for part in _parts(commands):
                    found += self._answers(part) if isinstance(part[0], _LARGE) else [self._apart(part[0])]
                return found
        except Exception as error:
            log.forget()
            if has_failed(error) or isinstance(error, StoreUnavailable):
                raise
            if len(commands) == 1:
                log.begin(self._now())
                return [_told(commands[0], error)]
        try:
            with transaction(self._db):
                log.begin(self._now())
                return [self._apart(command) for command in commands]
        except Exception:
            log.forget()
            raise

    def changed(self) -> Change:
        """What the last group changed."""
        return self._changed

    def _apart(self, command: Command) -> Answer | Exception:
        written = self._db.total_changes
        try:
            with savepoint(self._db):
                return self._answers([command])[0]
        except Exception as error:
            refused = isinstance(error, CommandError) and self._db.total_changes == written
            if not refused:  # what is remembered may have been taken back; a mere refusal leaves all as it was
                self._log.forget()
            if has_failed(error):
                raise
            if not refused:
                self._log.next_part()
            return _told(command, error)

    def _answers(self, part: Sequence[Command]) -> Sequence[Answer]:
        self._log.next_part()
        if isinstance(part[0], Ingest):
            return admit(self._log, [command for command in part if isinstance(command, Ingest)])
        return [dispatch.carry_out(self._log, part[0])]


def _told(command: Command, error: Exception) -> Exception:
    """What whoever asked is told; what nobody foresaw goes into the process's own log too."""
    if not isinstance(error, CommandError):
        logger.error("a command was not carried out: %s", type(command).__name__, exc_info=error)
    return error


def _parts(commands: Sequence[Command]) -> Iterator[list[Command]]:
    """Ingests that stand beside one another are one part; every other command is one by itself."""
    part: list[Command] = []
    for command in commands:
        if part and not (isinstance(command, Ingest) and isinstance(part[0], Ingest)):
            yield part
            part = []
        part.append(command)
    if part:
        yield part
