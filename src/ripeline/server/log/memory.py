"""What leads brought lately, as the fold reads it, so that a late event costs no reading of the log.

An event never changes, and whose it is changes only by what identity finds out: then the lead is forgotten.
"""

import sqlite3
from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import NamedTuple

import msgspec

from ripeline.scoring.program import Program
from ripeline.scoring.rows import Told, told
from ripeline.scoring.standing import Standing
from ripeline.server.log.identity import Identities
from ripeline.server.log.reading import OURS, Reader
from ripeline.server.log.store import events as log
from ripeline.server.log.store import standings
from ripeline.server.log.store.events import EventRow

MOST = 250_000  # events, about 80 MB; half of them are forgotten at a time, those of leads that rested longest
_BESIDE = 4  # what a lead takes beside its events, in events; what a state takes
# A busy lead's states: one in so many events, so that little is folded again; when they are many, every other one goes.
EVENTS_BETWEEN, MOST_STATES = 16, 8

_at = attrgetter("at")


class Stood(NamedTuple):
    """How a lead stood before it brought what came next: all it had brought happened up to `newest_at`."""

    newest_at: int
    standing: Standing


class Tail(msgspec.Struct, gc=False):
    """Every event of a lead newer than `since`, in order, with some older ones, and how it stood at times."""

    since: int
    told: list[Told]
    stood: list[Stood] = []
    unmarked: int = 0  # events since the newest of those


class Memory:
    """Reads leads' events for the fold of one program."""

    def __init__(self, db: sqlite3.Connection, identities: Identities, reader: Reader) -> None:
        self._db = db
        self._identities = identities
        self._reader = reader
        self._program: Program | None = None
        self.forget()

    def forget(self) -> None:
        """What was remembered may have been taken back."""
        self._lately: dict[int, Tail] = {}
        self._before: dict[int, Tail] = {}
        self._events = 0  # of those met lately

    def forget_leads(self, leads: Iterable[int]) -> None:
        """Events have changed hands between them."""
        for lead in leads:
            self._lately.pop(lead, None)
            self._before.pop(lead, None)

    def use(self, program: Program) -> None:
        """Shapes are those of `program` from now on."""
        if program is not self._program:
            self.forget()
            self._program = program

    def keep(self, lead: int, told: Sequence[Told], *, newest_at: int, before: Standing | None) -> None:
        """Events of a lead were appended that stood as `before`; none of its others was newer than `newest_at`."""
        tail = self._tail(lead)
        if tail is None:
            tail = Tail(newest_at, [])
            self._remember(lead, tail)
        in_order = all(one.at > newest_at for one in told)
        if before is not None and in_order and (not tail.stood or tail.unmarked >= EVENTS_BETWEEN):
            self._mark(tail, Stood(newest_at, before))
        for one in told:
            if tail.told and one < tail.told[-1]:
                insort(tail.told, one)
            else:
                tail.told.append(one)
        tail.unmarked += len(told)
        self._events += len(told)

    def _mark(self, tail: Tail, stood: Stood) -> None:
        if len(tail.stood) >= MOST_STATES:
            del tail.stood[1::2]
        tail.stood.append(stood)
        tail.unmarked = 0
        self._events += _BESIDE

    def stood(self, lead: int, *, before: int) -> Standing | None:
        """How a lead stood before the instant `before`, to which it is folded back now, if that is remembered."""
        tail = self._tail(lead)
        if tail is None:
            return None
        while tail.stood and tail.stood[-1].newest_at >= before:
            tail.stood.pop()  # does not hold what comes now
        return tail.stood[-1].standing if tail.stood else None

    def newer(self, lead: int, at: int, *, after: int) -> list[Told]:
        """The lead's events newer than the instant `at` that the log's tables hold, in order.

        `after` bounds their sequence numbers from below, except of those that are remembered.
        """
        tail = self._tail(lead)
        if tail is None or tail.since > at:
            tail = Tail(at, sorted(self._read(lead, after)))
            self._remember(lead, tail)
        return tail.told[bisect_right(tail.told, at, key=_at) :]

    def _tail(self, lead: int) -> Tail | None:
        tail = self._lately.get(lead)
        if tail is None:
            tail = self._before.pop(lead, None)
            if tail is not None:
                self._remember(lead, tail)
        return tail

    def _remember(self, lead: int, tail: Tail) -> None:
        if self._events > MOST // 2:
            self._before, self._lately, self._events = self._lately, {}, 0
        self._lately[lead] = tail
        self._events += _BESIDE + len(tail.told)

    def _read(self, lead: int, after: int) -> list[Told]:
        entry, lead_of = self._identities.entry, self._identities.lead_of
        found: list[Told] = []
        seen: set[int] = set()
        for head in standings.heads(self._db, lead):
            for row in log.chain(self._db, head, after=after):
                if row.seq in seen:
                    break  # from here on it is a chain that was read before
                seen.add(row.seq)
                if row.kind not in OURS and lead_of(entry(row.identity), row.occurred_at) == lead:
                    found.append(self._learnt(row))
        return found

    def _learnt(self, row: EventRow) -> Told:
        if self._program is None:
            raise LookupError("no definition was published yet")
        return told(self._program.shapes, self._reader.event(row), row.occurred_at)
