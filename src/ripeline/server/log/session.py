"""The open log as the writer has it: database, memory, the agreement in force, notes of the present transaction."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from ripeline.definition.load import load
from ripeline.definition.model import Definition
from ripeline.events.instants import micros
from ripeline.scoring.program import Program, compiled
from ripeline.server.log.consenting import Consents
from ripeline.server.log.identity import Identities
from ripeline.server.log.memory import Memory
from ripeline.server.log.reading import Reader
from ripeline.server.log.store import agreement, standings
from ripeline.server.log.store import events as rows
from ripeline.server.log.store.agreement import VersionRow
from ripeline.server.log.store.connection import savepoint

OUR_SOURCE = "ripeline"

logger = logging.getLogger(__name__)


class Log:
    """Everything a command needs.

    `begin` at the start of a transaction, `next_part` before each command in it, `forget` after a rollback, also of a
    part: what was remembered may have been taken back.
    """

    def __init__(self, db: sqlite3.Connection, *, address: str) -> None:
        self.db = db
        self.address = address  # where people open the console, for links in mails
        self.identities = Identities(db)
        self.consents = Consents(db, self.identities)
        self.reader = Reader(db, self.identities)
        self.memory = Memory(db, self.identities, self.reader)
        self.version: VersionRow | None = None
        self.program: Program | None = None
        self._definition: Definition | None = None
        self._forgotten = True
        self.forget()

    def begin(self, now: datetime) -> None:
        """A transaction begins: notes are blank."""
        self.now, self.at = now, micros(now)
        self.changed: set[int] = set()
        self.inbox = False
        self.next_part()
        if self._definition is not None and self.program is not None and self.program.shapes.is_full:
            self.program = compiled(self._definition)
            self.memory.use(self.program)

    def next_part(self) -> None:
        """Another command begins within the transaction, after what the ones before it have written."""
        if self._forgotten:
            self.read_agreement()
            self._forgotten = False
        self.next_seq = rows.newest(self.db) + 1
        self._next_state = standings.newest(self.db) + 1
        self.identities.begin(self.at)

    def forget(self) -> None:
        """Nothing remembered counts any more."""
        self._forgotten = True
        self.identities.forget()
        self.consents.forget()
        self._sources: dict[str, int] = {}
        self.reader.forget()
        self.memory.forget()

    @contextmanager
    def apart(self) -> Iterator[None]:
        """A step that can be taken back by itself; what comes after it finds the log as if it had not been tried."""
        try:
            with savepoint(self.db):
                yield
        except BaseException:
            self.forget()
            if self.db.in_transaction:
                self.next_part()
            raise

    def read_agreement(self) -> None:
        """The version in force and what was compiled of it.

        Another release may have published what this one cannot read. Then nobody is scored and nothing decided, but
        events are kept and a version can be published: else there would be no way on.
        """
        self.version = agreement.current(self.db)
        self._definition = self.program = None
        try:
            if self.version is not None:
                self._definition = load(self.version.text)
                self.program = compiled(self._definition)
        except Exception:
            self._definition = None
            logger.exception("version %s cannot be read by this release; publish one that can", self.version_number)
        if self.program is not None:
            self.memory.use(self.program)

    @property
    def is_unreadable(self) -> bool:
        """Whether a version is in force that this release cannot read."""
        return self.version is not None and self.program is None

    @property
    def definition(self) -> Definition:
        """The definition in force. Raises LookupError before the first is published."""
        if self._definition is None:
            raise LookupError("no definition was published yet")
        return self._definition

    @property
    def definition_number(self) -> int:
        """The lasting number of the definition in force, 0 before the first is published."""
        return self.version.definition if self.version else 0

    @property
    def version_number(self) -> int:
        """The version in force, 0 before the first is published."""
        return self.version.number if self.version else 0

    def new_state(self) -> int:
        """The number of a new row of `state`."""
        self._next_state += 1
        return self._next_state - 1

    def new_seq(self) -> int:
        """The place of a new event in the log."""
        self.next_seq += 1
        return self.next_seq - 1

    @property
    def newest_seq(self) -> int:
        """The place of the newest event, written or about to be committed."""
        return self.next_seq - 1

    def source(self, name: str) -> int:
        """The row of a source."""
        if name not in self._sources:
            self._sources[name] = rows.source(self.db, name)
        return self._sources[name]
