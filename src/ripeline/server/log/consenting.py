"""Whether a person agreed to an event being kept, by what was said before it happened (docs/decisions/consent.md).

Nothing here costs anything while no source demands consent and nobody has said no to everything.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from ripeline.events.consent import EVERYTHING
from ripeline.events.demand import NOTHING, Demand, own_word
from ripeline.events.event import Event
from ripeline.events.instants import micros
from ripeline.events.names import folded
from ripeline.events.reason import Reason
from ripeline.server.log.commands import Ingest
from ripeline.server.log.identity import Entry, Identities
from ripeline.server.log.store import agreement
from ripeline.server.log.store import consents as rows
from ripeline.server.log.store.arrivals import DAY
from ripeline.server.log.store.consents import ConsentRow


class Consents:
    """Reads through one connection; `identities` says whose a statement is by now."""

    def __init__(self, db: sqlite3.Connection, identities: Identities) -> None:
        self._db = db
        self._identities = identities
        self.forget()

    def forget(self) -> None:
        """Nothing remembered counts any more."""
        self._demands: dict[str, Demand] | None = None
        self._objectors: set[int] = set()  # leads who may have said no to everything
        self._read: dict[int, list[ConsentRow]] = {}

    def kept(self, commands: Sequence[Ingest]) -> Sequence[Ingest]:
        """`commands` without the events that may not be kept; those are counted."""
        demands = self._in_force()
        if not demands and not self._objectors:
            return commands
        judged = [event for command in commands for event in command.accepted]
        if not self._objectors and demands.keys().isdisjoint(event.source for event in judged):
            return commands
        self._read = {}
        self._identities.meet(judged)
        return [self._without_refused(command, demands) for command in commands]

    def learn(self, said: Iterable[tuple[Event, Entry, int]]) -> None:
        """What stored events say, each with the id it came under and the row of its source."""
        if self._demands is None:  # it is about to be read anew
            rows.keep(self._db, [row for told in said for row in _statements(*told)])
            return
        found = [(told[1], row) for told in said for row in _statements(*told)]
        for entry, row in found:
            if row.purpose == EVERYTHING:
                self._objectors.add(self._identities.lead_of(entry, row.first_at))
        rows.keep(self._db, [row for _, row in found])

    def follow(self, changes: Iterable[tuple[int, int]]) -> None:
        """Events of the first lead are the second's by now, some of them at least."""
        for giver, taker in changes:
            if giver in self._objectors:
                self._objectors.add(taker)

    def of(self, lead: int) -> list[ConsentRow]:
        """All statements of a lead."""
        entry, lead_of = self._identities.entry, self._identities.lead_of
        found = rows.near(self._db, lead)
        return [row for row in found if lead_of(entry(row.identity), row.first_at) == lead]

    def _in_force(self) -> dict[str, Demand]:
        if self._demands is None:
            self._demands = agreement.demands(self._db)
            self._objectors = rows.objectors(self._db)
        return self._demands

    def _without_refused(self, command: Ingest, demands: Mapping[str, Demand]) -> Ingest:
        kept: list[Event] = []
        refused: list[Event] = []
        for event in command.accepted:
            may_be = self._may_be_kept(event, demands.get(event.source, NOTHING))
            (kept if may_be else refused).append(event)
        if not refused:
            return command
        counts = {source: Counter(reasons) for source, reasons in command.unkept.items()}
        for event in refused:
            counts.setdefault(event.source, Counter())[Reason.NO_CONSENT.value] += 1
        return replace(command, accepted=kept, unkept={source: dict(told) for source, told in counts.items()})

    def _may_be_kept(self, event: Event, demand: Demand) -> bool:
        word = own_word(event, demand)
        if word is not None:
            return word
        at = micros(event.occurred_at)
        leads = self._identities.acquainted(event, at)
        if not demand and self._objectors.isdisjoint(leads):
            return True
        said = standing([row for lead in leads for row in self._once(lead) if demand.concerns(row.purpose)], at=at)
        return not demand.given if said is None else said.given

    def _once(self, lead: int) -> list[ConsentRow]:
        """A lead's statements, read once for all events of a group."""
        if lead not in self._read:
            self._read[lead] = self.of(lead)
        return self._read[lead]


def standing(said: Iterable[ConsentRow], *, at: int) -> ConsentRow | None:
    """The statement that holds at the instant `at`: the latest; of one instant, a no.

    What stands on every event is kept as the day's first and last of a kind. Within that day only the first is sure to
    have come before `at`; of a no, any may have.
    """
    return max(
        (row for row in said if row.first_at <= at), key=lambda row: (_said_at(row, at), not row.given), default=None
    )


def _said_at(row: ConsentRow, at: int) -> int:
    if row.last_at <= at:
        return row.last_at
    return row.first_at if row.given else at


def is_stating(event: Event) -> bool:
    """Whether an event is sent for the sake of somebody's choice: what else came with it is judged by that."""
    return any(told.stated for told in event.consents)


def _statements(event: Event, entry: Entry, source: int) -> Iterator[ConsentRow]:
    happened = micros(event.occurred_at)
    for told in event.consents:
        at = happened if told.at is None else min(happened, micros(told.at))
        slot = at if told.stated else at // DAY * DAY
        yield ConsentRow(
            entry.id, folded(told.purpose), slot, told.given, source, at, at, told.stated, told.purpose, told.wording
        )
