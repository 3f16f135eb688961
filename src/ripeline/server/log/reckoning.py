"""Where somebody decided who is who, the persons are reckoned from everything that events ever said of them.

This reads whole histories, and is as slow as that: it happens when somebody decides, and when what comes in later names
one of those few people anew.
"""

from collections.abc import Iterable, Mapping

import msgspec

from ripeline.events.event import Event
from ripeline.server.log.identity import Entry, saying
from ripeline.server.log.persons import Evidence, Persons, in_force, persons
from ripeline.server.log.reading import OURS
from ripeline.server.log.session import Log
from ripeline.server.log.store import identities as rows
from ripeline.server.log.store import rulings, standings
from ripeline.server.log.store.rulings import Ruling

NAMED = ("user", "external", "email")


class Circle(msgspec.Struct):
    """People whom events or decisions have to do with one another: their ids, and what events say of these."""

    leads: set[int] = set()
    entries: dict[int, Entry] = {}
    evidence: Evidence = msgspec.field(default_factory=Evidence)


def reckon(log: Log, leads: Iterable[int], *, returning: Mapping[int, int] = {}) -> set[int]:
    """Finds out anew who the people around `leads` are; notes what changed in `log.identities`.

    `returning` says which lead an id was of before a merge: a person who has nothing but such ids goes by that lead
    again. Returns those leads.
    """
    log.identities.written()
    decided = rulings.every(log.db)
    circle = _circle(log, leads, decided)
    found = persons(
        {id: entry.kind for id, entry in circle.entries.items()}, circle.evidence, in_force(rulings.standing(log.db))
    )
    before = {id: _owners(log, entry) for id, entry in circle.entries.items()}
    theirs = _leads(log, circle, found, returning)
    _merge(log, circle, found, theirs)
    cut: set[int] = set()
    for id, entry in circle.entries.items():
        if id in found.intervals and found.intervals[id] != log.identities.intervals(entry):
            log.identities.give_intervals(entry, found.intervals[id])
            cut.add(id)
        if entry.lead != theirs[found.of[id]]:
            log.identities.give(entry, theirs[found.of[id]])
    log.identities.written()
    for id, entry in circle.entries.items():
        after = _owners(log, entry)
        if after != before[id] or id in cut:
            log.identities.moves += [(one, other) for one in before[id] | after for other in after if one != other]
    _note_doubts(log, circle)
    log.identities.rule((), {*circle.leads, *theirs.values()})
    return set(returning.values()) & set(theirs.values())


def settle(log: Log) -> None:
    """What a group of events says of people about whom somebody has decided."""
    if log.identities.doubtful:
        doubtful, log.identities.doubtful = log.identities.doubtful, set()
        reckon(log, doubtful)


# --- who is concerned, and what was said -----------------------------------------------------------------------------


def _circle(log: Log, leads: Iterable[int], decided: list[Ruling]) -> Circle:
    together: dict[int, set[int]] = {}
    for ruling in decided:
        ids = {id for side in ruling.sides for id in side}
        for id in ids:
            together.setdefault(id, set()).update(ids)
    circle, pending = Circle(), list(leads)
    said = list(log.identities.said)
    while pending:
        lead = pending.pop()
        if lead in circle.leads:
            continue
        circle.leads.add(lead)
        for entry in log.identities.of(lead):
            if entry.kind in NAMED or (entry.kind == "anonymous" and entry.id in together):
                circle.entries[entry.id] = entry
                pending += _beside(log, entry, together.get(entry.id, set()))
        for event, at in _events(log, lead):
            pending += _learn(log, circle.evidence, event, at, together)
        for event, at in [each for each in said if _names(log, each[0], circle.leads)]:
            said.remove((event, at))
            pending += _learn(log, circle.evidence, event, at, together)
    return circle


def _beside(log: Log, entry: Entry, together: set[int]) -> list[int]:
    """The leads of whatever an id was ever put beside."""
    ids = set(together)
    if entry.kind == "anonymous":
        ids |= {interval.anchor for interval in log.identities.intervals(entry)}
    leads = [log.identities.entry(id).lead for id in ids]
    if entry.kind == "email":
        leads += [holder.lead for holder in rows.holders(log.db, entry.id)]
    return leads


def _events(log: Log, lead: int) -> Iterable[tuple[Event, int]]:
    for row in standings.events(log.db, lead):
        if row.kind not in OURS:
            yield log.reader.event(row), row.occurred_at


def _names(log: Log, event: Event, leads: set[int]) -> bool:
    told = saying(event)
    if told is None:
        return False
    named = [
        *told.keys,
        *([("email", told.stated)] if told.stated else []),
        *(("anonymous", id) for id in told.anonymous),
    ]
    return any((entry := log.identities.known(*key)) is not None and entry.lead in leads for key in named)


def _learn(log: Log, evidence: Evidence, event: Event, at: int, ruled: Mapping[int, object]) -> list[int]:
    """Adds what an event says; returns the leads of the ids it names."""
    told = saying(event)
    if told is None:
        return []
    moment = (at, told.mark)
    first, *others = (log.identities.named(*key) for key in told.keys)
    for place, other in enumerate(others):
        if other is not first:
            evidence.name(first.id, other.id, moment, place=place)
    leads = [first.lead, *(other.lead for other in others)]
    if told.stated:
        address = log.identities.named("email", told.stated)
        evidence.state(address.id, first.id, moment)
        leads.append(address.lead)
    for anonymous in told.anonymous:
        beside = log.identities.known("anonymous", anonymous)
        if beside is not None and beside.id in ruled:
            evidence.mark(beside.id, first.id, moment)
            leads.append(beside.lead)
    return leads


# --- by which lead each person goes ----------------------------------------------------------------------------------


def _leads(log: Log, circle: Circle, found: Persons, returning: Mapping[int, int]) -> dict[int, int]:
    """The lead of each person: the oldest of those that are theirs, by the oldest id of each."""
    votes: dict[int, set[int]] = {person: set() for person in found.of.values()}
    voted: set[int] = set()
    for id, entry in sorted(circle.entries.items()):
        if entry.lead not in voted and id not in returning:
            voted.add(entry.lead)
            votes[found.of[id]].add(entry.lead)
    named: dict[int, int] = {}
    taken: set[int] = set()
    for id, lead in sorted(returning.items()):
        person = found.of.get(id)
        if person is not None and not votes[person] and person not in named and lead not in taken:
            named[person] = lead
            taken.add(lead)
    for person, leads in votes.items():
        if person not in named:
            named[person] = min(leads) if leads else log.identities.new_lead()
    return named


def _merge(log: Log, circle: Circle, found: Persons, theirs: Mapping[int, int]) -> None:
    """Leads whose oldest id went over to an older lead are that one now."""
    oldest: dict[int, int] = {}
    for id, entry in sorted(circle.entries.items()):
        oldest.setdefault(entry.lead, theirs[found.of[id]])
    kept = set(theirs.values())
    for lead, survivor in sorted(oldest.items()):
        if lead not in kept:
            log.identities.merge(lead, survivor)


def _owners(log: Log, entry: Entry) -> set[int]:
    """Whose an id is or, of an anonymous one, was at times."""
    if entry.kind != "anonymous":
        return {entry.lead}
    intervals = log.identities.intervals(entry)
    return {log.identities.entry(interval.anchor).lead for interval in intervals} or {entry.lead}


def _note_doubts(log: Log, circle: Circle) -> None:
    for entry in circle.entries.values():
        if entry.kind == "email" and len({holder.lead for holder in rows.holders(log.db, entry.id)}) > 1:
            rows.doubt(log.db, entry.id, log.at)
