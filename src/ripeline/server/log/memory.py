"""What the writer remembers of events it read or wrote lately, so that a late one costs no decoding of the others.

An event never changes, so what is remembered of it stays true until a rollback or another version; whose it is and
where a lead's chain begins are asked of the database every time.
"""

import sqlite3
from collections.abc import Iterator

from ripeline.scoring.program import Program
from ripeline.scoring.rows import Remembered, remembered
from ripeline.server.log.identity import Identities
from ripeline.server.log.reading import OURS, Reader
from ripeline.server.log.store import events as log
from ripeline.server.log.store import standings
from ripeline.server.log.store.events import EventRow

MOST = 250_000  # events, about 80 MB

# What comes before it in its chain, its identity and instant, and how the fold reads it (None: it is one of ours).
Link = tuple[int | None, int, int, Remembered | None]


class Memory:
    """Reads leads' events for the fold of one program."""

    def __init__(self, db: sqlite3.Connection, identities: Identities, reader: Reader) -> None:
        self._db = db
        self._identities = identities
        self._reader = reader
        self._links: dict[int, Link] = {}
        self._program: Program | None = None

    def forget(self) -> None:
        """What was remembered may have been taken back."""
        self._links.clear()

    def use(self, program: Program) -> None:
        """Shapes are those of `program` from now on."""
        if program is not self._program:
            self._links.clear()
            self._program = program

    def keep(self, seq: int, link: Link) -> None:
        """An event was appended."""
        self._links[seq] = link
        if len(self._links) > MOST:
            for oldest in [oldest for oldest, _ in zip(self._links, range(MOST // 10), strict=False)]:
                del self._links[oldest]

    def told(self, lead: int, *, after: int) -> list[Remembered]:
        """The lead's events above `after` that are in the log's tables by now, in no order."""
        entry, lead_of = self._identities.entry, self._identities.lead_of
        found: list[Remembered] = []
        seen: set[int] = set()
        for head in standings.heads(self._db, lead):
            for seq, (_, identity, at, told) in self._chain(head, after):
                if seq in seen:
                    break  # from here on it is a chain that was read before
                seen.add(seq)
                if told is not None and lead_of(entry(identity), at) == lead:
                    found.append(told)
        return found

    def _chain(self, head: int, after: int) -> Iterator[tuple[int, Link]]:
        seq: int | None = head
        while seq is not None and seq > after:
            link = self._links.get(seq)
            if link is None:
                for row in log.chain(self._db, seq, after=after):
                    yield row.seq, self._links.get(row.seq) or self._learnt(row)
                return
            yield seq, link
            seq = link[0]

    def _learnt(self, row: EventRow) -> Link:
        if self._program is None:
            raise LookupError("no definition was published yet")
        told = None if row.kind in OURS else remembered(self._program.shapes, self._reader.event(row))
        link = (row.prev, row.identity, row.occurred_at, told)
        self.keep(row.seq, link)
        return link
