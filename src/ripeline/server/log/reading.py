"""The log read back: a lead's events and moves, for the fold that starts anew and for people who look."""

import sqlite3

from ripeline.events.decode import restored
from ripeline.events.event import Event
from ripeline.events.instants import instant
from ripeline.server.log.identity import Identities
from ripeline.server.log.store import events as log
from ripeline.server.log.store import standings
from ripeline.server.log.store.events import EventRow

OURS = ("act", "notice")  # kinds of events that are ours: what people did here, and what the clock found


class Reader:
    """Reads through one connection; `identities` says whose an event is by now."""

    def __init__(self, db: sqlite3.Connection, identities: Identities) -> None:
        self._db = db
        self._identities = identities
        self._sources: dict[int, str] = {}

    def forget(self) -> None:
        """Sources that were remembered may not be there."""
        self._sources = {}

    def history(self, lead: int) -> list[Event]:
        """The lead's events, in no order; ours are not among them."""
        return [self.event(row) for row in self.rows(lead) if row.kind not in OURS]

    def rows(self, lead: int) -> list[EventRow]:
        """As `history`, with ours, as they lie in the log."""
        entry, lead_of = self._identities.entry, self._identities.lead_of
        rows = standings.events(self._db, lead)
        return [row for row in rows if lead_of(entry(row.identity), row.occurred_at) == lead]

    def event(self, row: EventRow) -> Event:
        """The event of a row."""
        if row.source not in self._sources:
            self._sources = log.source_names(self._db)
        return restored(
            row.body,
            source=self._sources[row.source],
            message_id=row.message_id,
            kind=row.kind,
            name=row.name,
            occurred_at=instant(row.occurred_at),
            received_at=instant(row.received_at),
        )
