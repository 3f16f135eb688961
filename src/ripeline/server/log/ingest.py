"""Events of a whole group of commands enter the log: counted once, given to their leads, folded, in one pass."""

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from ripeline.events.event import Event
from ripeline.events.ids import message_key
from ripeline.events.instants import micros
from ripeline.events.refusal import Refusal
from ripeline.scoring.rows import told
from ripeline.server.log import accounts, folding, merging, profile, reckoning
from ripeline.server.log.commands import ImportHistory, Ingest, Ingested
from ripeline.server.log.identity import Entry
from ripeline.server.log.session import Log
from ripeline.server.log.store import arrivals, leads
from ripeline.server.log.store import events as rows
from ripeline.server.log.store import refused as aside
from ripeline.server.log.touched import Touched


class Placed(msgspec.Struct, gc=False):
    """An event, the id it came under, an anonymous one beside it, and whose it is."""

    event: Event
    at: int
    entry: Entry
    beside: Entry | None
    lead: int = 0


def ingest(log: Log, commands: Sequence[Ingest]) -> list[Ingested]:
    """Carries out commands as one: the answers are in their order."""
    keep_refused(log, commands)
    events = [event for command in commands for event in command.accepted]
    fresh = counted_once(log, events)
    stored = events if all(fresh) else [event for event, first in zip(events, fresh, strict=True) if first]
    if stored:
        first_seq = log.next_seq
        given, again = placed(log, stored)
        touched = folding.touch(log, again | {one.lead for one in given})
        for lead in again:
            touched[lead].again = True
        append(log, given, touched)
        learn(log, given)
        folding.fold(log, touched)
        _count(log, given, first_seq)
    return _answers(commands, fresh)


def counted_once(log: Log, events: Sequence[Event]) -> list[bool]:
    """Which of `events` the log has not had before."""
    return rows.first_copies(log.db, [(log.source(event.source), message_key(event.message_id)) for event in events])


def placed(log: Log, events: Sequence[Event]) -> tuple[list[Placed], set[int]]:
    """Whose `events` are, and the leads that must be folded again for what was learnt about identities."""
    identities = log.identities
    identities.meet(events)
    under = identities.under
    given = []
    for event in events:
        at = micros(event.occurred_at)
        given.append(Placed(event, at, *under(event, at)))
    identities.written()
    reckoning.settle(log)
    again = merging.settled(log) if identities.merges or identities.moves else set()
    if again:
        accounts.settle(log, again)
    lead_of = identities.lead_of
    for one in given:
        one.lead = lead_of(one.entry, one.at)
    return given, again


def append(log: Log, given: Sequence[Placed], touched: Mapping[int, Touched]) -> None:
    """Events enter the log, each on its lead's chain, and are brought to it."""
    appended = []
    seq, source = log.next_seq, log.source
    shapes = log.program.shapes if log.program is not None else None
    received_at, received = None, 0
    for one in given:
        event, beside, share = one.event, one.beside, touched[one.lead]
        if shapes is not None:
            share.told.append(told(shapes, event, one.at))
        if event.received_at is not received_at:  # a whole batch has one
            received_at, received = event.received_at, micros(event.received_at)
        row = (
            seq, one.entry.id, None if beside is None else beside.id, one.lead, share.head, one.at, received,
            source(event.source), event.kind, event.name, event.message_id, event.body,
        )  # fmt: skip
        appended.append(row)
        share.head = seq
        share.events.append(event)
        seq += 1
    log.next_seq = seq
    rows.append(log.db, appended)


def learn(log: Log, given: Sequence[Placed]) -> None:
    """Consent, facts for people's eyes, and accounts."""
    consenting = [one for one in given if one.event.consents]
    if consenting:
        log.consents.learn((one.event, one.entry, log.source(one.event.source)) for one in consenting)
    telling: dict[int, list[Event]] = {}
    grouped = []
    for one in given:
        if one.event.facts or one.event.hints:
            telling.setdefault(one.lead, []).append(one.event)
            if one.event.group_id is not None:
                grouped.append((one.event, one.entry))
    if not telling:
        return
    stored = leads.facts(log.db, telling)
    changed = {}
    for lead, events in telling.items():
        facts = profile.read(stored[lead])
        news = [profile.learn(facts, event) for event in events]
        if any(news):
            changed[lead] = facts
    merging.keep_facts(log, changed)
    if grouped:
        accounts.take_in(log, grouped)


def keep_refused(log: Log, commands: Sequence[Ingest | ImportHistory]) -> None:
    """What the door kept aside, with its bytes."""
    refused = [refusal for command in commands for refusal in command.refused]
    if refused:
        aside.keep(log.db, [_kept(log, one) for one in refused])
    counts: Counter[tuple[str, str, bool]] = Counter((one.source, one.reason.value, True) for one in refused)
    for command in commands:
        for source, reasons in command.unkept.items():
            counts.update({(source, reason, False): count for reason, count in reasons.items()})
    for (source, reason, kept), count in counts.items():
        arrivals.refuse(log.db, log.source(source), reason=reason, kept=kept, count=count, at=log.at)


def _kept(log: Log, one: Refusal) -> aside.Kept:
    sent_at = None if one.sent_at is None else micros(one.sent_at)
    return log.source(one.source), one.kind, one.reason.value, one.detail, micros(one.received_at), one.body, sent_at


def _count(log: Log, given: Sequence[Placed], first_seq: int) -> None:
    """What came of each source, for the page of sources."""
    newest = {one.event.source: place for place, one in enumerate(given)}
    counts = {source: len(given) for source in newest}
    if len(counts) > 1:
        counts = Counter(one.event.source for one in given)
    for source, place in newest.items():
        one = given[place]
        lag = micros(one.event.received_at) - one.at
        arrivals.count(log.db, log.source(source), events=counts[source], at=log.at, lag=lag, seq=first_seq + place)


def _answers(commands: Sequence[Ingest], fresh: Sequence[bool]) -> list[Ingested]:
    answers, place = [], 0
    for command in commands:
        count = len(command.accepted)
        stored = sum(fresh[place : place + count])
        answers.append(Ingested(stored=stored, duplicates=count - stored, refused=len(command.refused)))
        place += count
    return answers
