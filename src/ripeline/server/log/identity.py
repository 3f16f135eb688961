"""Whose an event is (DESIGN §3, Identity), so that the same events make the same persons in whatever order they come.

A person is a set of ids. User ids and external ids named by one event belong together. An e-mail address belongs to
the identified person who stated it first, else it is a person by itself. What comes under an anonymous id belongs to
whoever was identified on it most recently before, else first after; until somebody was, the id is a visitor by itself.

Pass one (`under`) learns from every event of a group; pass two (`lead_of`) then says whose each is. Where somebody
decided who is who, pass one only notes what an event says, and `reckoning` finds out from all events what follows.
"""

import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from ripeline.events import facts
from ripeline.events.event import Event
from ripeline.server.log.store import events as log
from ripeline.server.log.store import identities as rows
from ripeline.server.log.store import rulings, standings
from ripeline.server.log.store.identities import IdentityRow, IntervalRow

STRONG = ("user", "external")
MOST_KEPT = 400_000  # ids in memory, about 120 MB


class Entry(msgspec.Struct, gc=False):
    """An id as the writer remembers it. `intervals` of an anonymous id, None until they were needed."""

    id: int
    kind: str
    value: str
    lead: int
    intervals: list[IntervalRow] | None = None


class Identities:
    """The ids the log knows, and what a group of events taught about them.

    `merges` holds (absorbed, survivor) and `moves` (from, to: some events changed hands) in the order they happened.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.forget()

    def forget(self) -> None:
        """Nothing remembered counts any more: a transaction was rolled back."""
        self._kept: dict[str, dict[str, Entry]] = {
            kind: {} for kind in ("user", "external", "email", "anonymous", "lead")
        }
        self._with_id: dict[int, Entry] = {}
        self._new_ids: list[IdentityRow] = []
        self._new_leads: list[tuple[int, int]] = []
        self._absent: dict[str, set[str]] = {}  # ids that were looked for and are not in the log
        self._ruled_ids: set[int] | None = None  # ids somebody decided about, once they were asked for
        self._ruled_leads: set[int] = set()

    def begin(self, at: int) -> None:
        """A transaction begins at the instant `at`."""
        if len(self._with_id) > MOST_KEPT:
            self.forget()
        self._at = at
        self._next_id = rows.newest_identity(self._db) + 1
        self._next_lead = rows.newest_lead(self._db) + 1
        self.merges: list[tuple[int, int]] = []
        self.moves: list[tuple[int, int]] = []
        self.taken: dict[int, list[int]] = {}  # the ids that went over in each of the merges, by who was absorbed
        self.doubtful: set[int] = set()  # leads of whom something was said that their rulings must be held against
        self.said: list[tuple[Event, int]] = []  # what it may have been, with its instant
        self._absent = {}
        self._seen: list[tuple[int, int, int, Event]] = []  # identifications on anonymous ids, not yet in the log

    # --- pass one: what an event teaches ---------------------------------------------------------------------------

    def meet(self, events: Iterable[Event]) -> None:
        """Reads what is known of the ids in `events`, all at once."""
        users, browsers = self._kept["user"], self._kept["anonymous"]
        unmet = {event.user_id for event in events if event.user_id is not None and event.user_id not in users}
        strange = {
            event.anonymous_id
            for event in events
            if event.anonymous_id is not None and event.anonymous_id not in browsers
        }
        for kind, values in (("user", unmet), ("anonymous", strange)):
            for row in rows.find_all(self._db, kind, values) if values else ():
                values.discard(row.value)
                self._remember(Entry(*row))
            self._absent[kind] = values
        met = [browsers[value] for event in events if (value := event.anonymous_id) in browsers]
        unread = {entry.id: entry for entry in met if entry.intervals is None}
        found = rows.all_intervals(self._db, unread) if unread else {}
        for id, entry in unread.items():
            entry.intervals = found.get(id, [])

    def under(self, event: Event, at: int) -> tuple[Entry, Entry | None]:
        """The id `event`, of the instant `at`, comes under, and an anonymous id beside it."""
        beside = event.anonymous_id
        if event.facts or event.external_ids or event.previous_id is not None:
            return self._identifying(event, at)
        if event.user_id is None:
            return (self._visitor(beside), None) if beside is not None else self._identifying(event, at)
        entry = self._kept["user"].get(event.user_id)
        if entry is None:
            return self._identifying(event, at)
        if beside is None:
            return entry, None
        other = self._kept["anonymous"].get(beside)
        if other is None or not other.intervals or len(other.intervals) > 1 or other.intervals[0].anchor != entry.id:
            return self._identifying(event, at)
        self._seen.append((entry.id, other.id, at, event))
        return entry, other

    def acquainted(self, event: Event, at: int) -> set[int]:
        """The leads whom `event`, of the instant `at`, is about by what is known before it; learns nothing from it."""
        strong, stated, beside = _strong_ids(event), facts.stated_email(event), event.anonymous_id
        found = {entry.lead for key in strong if (entry := self._known(*key)) is not None}
        told = stated or (None if strong or beside is not None else facts.email(event))
        address = self._known("email", told) if told else None
        if address is not None and not (strong and self._holders(address)):
            found.add(address.lead)
        browser = self._known("anonymous", beside) if beside is not None else None
        if browser is not None and not (strong or stated):
            found.add(self.lead_of(browser, at))
        elif browser is not None and not self._intervals(browser):
            found.add(browser.lead)
        return found

    def acting(self, lead: int) -> Entry:
        """The id under which people's acts on a lead stand in the log."""
        return self._known("lead", str(lead)) or self._new("lead", str(lead), lead)

    def written(self) -> None:
        """New ids and leads go to their tables."""
        rows.add_leads(self._db, self._new_leads)
        rows.add(self._db, self._new_ids)
        self._new_leads, self._new_ids = [], []

    def _identifying(self, event: Event, at: int) -> tuple[Entry, Entry | None]:
        strong, stated, beside = _strong_ids(event), facts.stated_email(event), event.anonymous_id
        if not strong and stated is None and beside is not None:
            return self._visitor(beside), None
        keys = strong or [("email", stated or facts.email(event) or "")]
        if self.ruled_ids:
            self.said.append((event, at))
            if self._is_ruled(event, keys, stated):
                return self._under_rulings(event, at, keys, stated)
        anchor = self._joined(keys, stated, beside)
        if strong and stated:
            self._hold(stated, anchor, at, _mark(event))
        other = None if beside is None else self._identified_on(beside, anchor, at, event)
        if event.kind == "alias" and event.previous_id is not None:
            self._identified_on(event.previous_id, anchor, at, event)
        return anchor, other

    def _visitor(self, anonymous: str) -> Entry:
        return self._known("anonymous", anonymous) or self._new("anonymous", anonymous, None)

    def _joined(self, keys: list[tuple[str, str]], stated: str | None, beside: str | None) -> Entry:
        """The first of `keys`, which all belong to one person from now on."""
        known = [entry for entry in (self._known(*key) for key in keys) if entry is not None]
        for entry in known[1:]:
            if entry.lead != known[0].lead:
                self._merge(entry.lead, known[0].lead)
        lead = known[0].lead if known else self._nobodys(stated, beside)
        first = self._known(*keys[0]) or self._new(*keys[0], lead)
        for key in keys[1:]:
            if self._known(*key) is None:
                self._new(*key, first.lead)
        return first

    def _nobodys(self, stated: str | None, beside: str | None) -> int | None:
        """A lead a new id can take over: of an address no known person has, or a visitor nobody was identified on."""
        address = self._known("email", stated) if stated else None
        if address is not None and not self._holders(address):
            return address.lead
        visitor = self._known("anonymous", beside) if beside is not None else None
        return visitor.lead if visitor is not None and not self._intervals(visitor) else None

    def _hold(self, email: str, strong: Entry, at: int, mark: str) -> None:
        """`strong` states an e-mail address: who has it is who stated it first; two identified persons are a doubt."""
        address = self._known("email", email) or self._new("email", email, strong.lead)
        held_before = bool(self._holders(address))
        rows.keep_holder(self._db, address.id, strong.id, at, mark)
        holders = self._holders(address)
        if len({holder.lead for holder in holders}) > 1:
            rows.doubt(self._db, address.id, self._at)
        owner = holders[0].lead
        if owner != address.lead and not held_before:
            self._merge(address.lead, owner)
        elif owner != address.lead:
            self.moves.append((address.lead, owner))
            rows.give(self._db, address.id, owner)
            address.lead = owner

    def _holders(self, address: Entry) -> list[rows.HolderRow]:
        self.written()
        return rows.holders(self._db, address.id)

    # --- where somebody decided who is who -------------------------------------------------------------------------

    @property
    def ruled_ids(self) -> set[int]:
        """The ids that somebody ever decided about."""
        if self._ruled_ids is None:
            self._ruled_ids, self._ruled_leads = rulings.ruled_ids(self._db), rulings.ruled_leads(self._db)
        return self._ruled_ids

    def rule(self, ids: Iterable[int], leads: Iterable[int]) -> None:
        """Somebody has decided about `ids`; what concerns `leads` from now on must be held against rulings."""
        self.ruled_ids.update(ids)
        self._ruled_leads.update(leads)

    def _is_ruled(self, event: Event, keys: Sequence[tuple[str, str]], stated: str | None) -> bool:
        named = [*keys, ("email", stated or ""), *(("anonymous", id) for id in _anonymous_ids(event))]
        known = (self._known(*key) for key in named if key[1])
        return any(
            entry.id in self.ruled_ids or entry.lead in self._ruled_leads for entry in known if entry is not None
        )

    def _under_rulings(
        self, event: Event, at: int, keys: Sequence[tuple[str, str]], stated: str | None
    ) -> tuple[Entry, Entry | None]:
        """The id an event comes under and the one beside it; what it says is only noted."""
        named = [*keys, ("email", stated)] if stated and keys[0][0] != "email" else list(keys)
        known = [entry for entry in (self._known(*key) for key in named) if entry is not None]
        lead = next((entry.lead for entry in known if (entry.kind, entry.value) in keys), None)
        anchor = self._known(*keys[0]) or self._new(*keys[0], lead)
        others = [self._known(*key) or self._new(*key, anchor.lead) for key in named[1:]]
        if stated and keys[0][0] != "email":
            self.written()
            rows.keep_holder(self._db, others[-1].id, anchor.id, at, _mark(event))
        self.doubtful.update(entry.lead for entry in (anchor, *others))
        if keys[0][0] != "email" or stated:
            for anonymous in _anonymous_ids(event):
                beside = self._known("anonymous", anonymous)
                if beside is None or beside.id not in self.ruled_ids:
                    self._identified_on(anonymous, anchor, at, event)
                else:
                    self.doubtful.add(beside.lead)
        beside = None if event.anonymous_id is None else self._known("anonymous", event.anonymous_id)
        return anchor, beside

    # --- anonymous ids ---------------------------------------------------------------------------------------------

    def _identified_on(self, anonymous: str, anchor: Entry, at: int, event: Event) -> Entry:
        """Somebody was identified on an anonymous id. Only identifications that change whose it is are kept."""
        beside = self._known("anonymous", anonymous) or self._new("anonymous", anonymous, anchor.lead)
        intervals, mark = self._intervals(beside), _mark(event)
        place = bisect_left(intervals, (at, mark))
        if not intervals:
            if beside.lead != anchor.lead:
                self._merge(beside.lead, anchor.lead)
            self._keep(beside, IntervalRow(at, mark, anchor.id))
        elif intervals[max(place - 1, 0)].anchor != anchor.id:
            self._cut(beside, place, IntervalRow(at, mark, anchor.id))
        self._seen.append((anchor.id, beside.id, at, event))
        return beside

    def _cut(self, beside: Entry, place: int, interval: IntervalRow) -> None:
        """An interval begins inside another's: what its holder did here before and after must now be told apart."""
        intervals = self._intervals(beside)
        holder, anchor = self.entry(intervals[max(place - 1, 0)].anchor), self.entry(interval.anchor)
        begins, ends = interval[:2], intervals[place][:2] if place < len(intervals) else None
        untouched = place > 0 and interval.from_at > self._newest_at(holder.lead)
        marks = sorted(self._marks(holder, beside, stored=not untouched))
        self._keep(beside, interval)
        again = next((mark for mark in marks if mark > begins and (ends is None or mark < ends)), None)
        if again is not None:
            self._keep(beside, IntervalRow(*again, holder.id))
        if place == 0 and marks and marks[0] < begins:
            self._keep(beside, IntervalRow(*marks[0], holder.id))
        if not untouched and holder.lead != anchor.lead:
            self.moves.append((holder.lead, anchor.lead))

    def _marks(self, anchor: Entry, beside: Entry, *, stored: bool) -> Iterator[tuple[int, str]]:
        """Every identification of `anchor` on an anonymous id as (instant, mark): in this group, and in the log."""
        for identity, anonymous, at, event in self._seen:
            if identity == anchor.id and anonymous == beside.id:
                yield at, _mark(event)
        if stored:
            sources = log.source_names(self._db)
            for lead in self._stored_leads(anchor.lead):
                for row in standings.events(self._db, lead):
                    if row.identity == anchor.id and row.anonymous == beside.id:
                        yield row.occurred_at, f"{sources[row.source]}\0{row.message_id}"

    def _stored_leads(self, lead: int) -> set[int]:
        """The leads whose events are `lead`'s by now: in the log they still stand apart if this group joined them."""
        stored = {lead}
        for absorbed, survivor in reversed(self.merges):
            if survivor in stored:
                stored.add(absorbed)
        return stored

    def _newest_at(self, lead: int) -> int:
        return max(standings.newest_at(self._db, stored) for stored in self._stored_leads(lead))

    def _intervals(self, anonymous: Entry) -> list[IntervalRow]:
        if anonymous.intervals is None:
            anonymous.intervals = rows.intervals(self._db, anonymous.id)
        return anonymous.intervals

    def _keep(self, anonymous: Entry, interval: IntervalRow) -> None:
        intervals = self._intervals(anonymous)
        if interval not in intervals:
            intervals.insert(bisect_left(intervals, interval), interval)
            rows.keep_interval(self._db, anonymous.id, interval)

    # --- pass two --------------------------------------------------------------------------------------------------

    def known(self, kind: str, value: str) -> Entry | None:
        """The id, if it was ever heard of."""
        return self._known(kind, value)

    def of(self, lead: int) -> list[Entry]:
        """Every id of a lead, the oldest first."""
        return [self.entry(row.id) for row in rows.of_lead(self._db, lead)]

    def intervals(self, anonymous: Entry) -> list[IntervalRow]:
        """Whose an anonymous id is from which instant on."""
        return self._intervals(anonymous)

    def named(self, kind: str, value: str) -> Entry:
        """The id; one never heard of is a new lead's."""
        return self._known(kind, value) or self._new(kind, value, None)

    def merge(self, one: int, other: int) -> None:
        """Two leads are one person: the older id survives."""
        self._merge(one, other)

    def give(self, entry: Entry, lead: int) -> None:
        """The id is `lead`'s from now on."""
        rows.give(self._db, entry.id, lead)
        entry.lead = lead

    def give_intervals(self, anonymous: Entry, intervals: Sequence[IntervalRow]) -> None:
        """Whose an anonymous id is from which instant on, all anew."""
        rows.replace_intervals(self._db, anonymous.id, intervals)
        anonymous.intervals = list(intervals)

    def new_lead(self) -> int:
        """A lead nobody has been."""
        lead, self._next_lead = self._next_lead, self._next_lead + 1
        self._new_leads.append((lead, self._at))
        return lead

    def lead_of(self, entry: Entry, at: int) -> int:
        """Whose an event under `entry` is that happened at `at`, by all that is known now."""
        if entry.kind != "anonymous":
            return entry.lead
        intervals = self._intervals(entry)
        if not intervals:
            return entry.lead
        place = bisect_right(intervals, at, key=_from_at) - 1
        return self.entry(intervals[max(place, 0)].anchor).lead

    # --- ids and leads ---------------------------------------------------------------------------------------------

    def _known(self, kind: str, value: str) -> Entry | None:
        entry = self._kept[kind].get(value)
        if entry is None:
            if value in self._absent.get(kind, ()):
                return None
            row = rows.find(self._db, kind, value)
            return None if row is None else self._remember(Entry(*row))
        return entry

    def entry(self, id: int) -> Entry:
        """The id of a row."""
        entry = self._with_id.get(id)
        if entry is None:
            row = rows.with_id(self._db, id)
            if row is None:
                raise LookupError(f"no identity {id}")
            entry = self._remember(Entry(*row))
        return entry

    def _new(self, kind: str, value: str, lead: int | None) -> Entry:
        """A new id; without `lead`, of a new lead."""
        if lead is None:
            lead = self.new_lead()
        row = IdentityRow(self._next_id, kind, value, lead)
        self._next_id += 1
        self._new_ids.append(row)
        entry = Entry(*row)
        if kind == "anonymous":
            entry.intervals = []
        return self._remember(entry)

    def _remember(self, entry: Entry) -> Entry:
        self._kept[entry.kind][entry.value] = self._with_id[entry.id] = entry
        self._absent.get(entry.kind, set()).discard(entry.value)
        return entry

    def _merge(self, one: int, other: int) -> None:
        """Two leads are one person: the older id survives."""
        self.written()
        survivor, absorbed = min(one, other), max(one, other)
        given = rows.give_all(self._db, absorbed, survivor)
        for _, kind, value in given:
            kept = self._kept[kind].get(value)
            if kept is not None:
                kept.lead = survivor
        self.taken[absorbed] = [id for id, _, _ in given]
        if absorbed in self._ruled_leads:
            self._ruled_leads.add(survivor)
        self.merges.append((absorbed, survivor))


class Saying(NamedTuple):
    """What an event says about who is who: ids of one person, an address one of them states, and where that was."""

    keys: list[tuple[str, str]]
    stated: str | None
    anonymous: list[str]
    mark: str


def saying(event: Event) -> Saying | None:
    """What `event` says about who is who, if it identifies anybody."""
    strong, stated = _strong_ids(event), facts.stated_email(event)
    keys = strong or ([("email", stated)] if stated else [])
    if not keys:
        return None
    return Saying(keys, stated if strong else None, _anonymous_ids(event), _mark(event))


def _from_at(interval: IntervalRow) -> int:
    return interval.from_at


def _mark(event: Event) -> str:
    """What orders events of one instant: their source, then their id as the client sent it."""
    return f"{event.source}\0{event.message_id}"


def _anonymous_ids(event: Event) -> list[str]:
    """The anonymous ids on which an event may identify somebody."""
    before = event.previous_id if event.kind == "alias" else None
    return [id for id in (event.anonymous_id, before) if id is not None]


def _strong_ids(event: Event) -> list[tuple[str, str]]:
    """The user id, the id it replaces (alias), and external ids."""
    ids = [("user", event.user_id)] if event.user_id is not None else []
    if ids and event.kind == "alias" and event.previous_id is not None and event.previous_id != event.user_id:
        ids.append(("user", event.previous_id))
    return ids + [("external", external) for external in event.external_ids]
