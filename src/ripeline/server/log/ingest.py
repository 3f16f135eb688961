"""Events of a whole group of commands enter the log: counted once, given to their leads, folded, in one pass."""

from collections.abc import Mapping, Sequence

import msgspec

from ripeline.events.event import Event
from ripeline.events.ids import message_key
from ripeline.events.instants import micros
from ripeline.scoring.rows import told
from ripeline.server.log import folding, merging, profile, reckoning
from ripeline.server.log.commands import Ingest, Ingested
from ripeline.server.log.identity import Entry
from ripeline.server.log.session import Log
from ripeline.server.log.store import events as rows
from ripeline.server.log.store import leads
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
    _keep_refused(log, commands)
    events = [event for command in commands for event in command.accepted]
    fresh = counted_once(log, events)
    stored = events if all(fresh) else [event for event, first in zip(events, fresh, strict=True) if first]
    if stored:
        given, again = placed(log, stored)
        touched = folding.touch(log, again | {one.lead for one in given})
        for lead in again:
            touched[lead].again = True
        append(log, given, touched)
        learn(log, given)
        folding.fold(log, touched)
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
    """Facts, for people's eyes."""
    telling: dict[int, list[Event]] = {}
    for one in given:
        if one.event.facts or one.event.hints:
            telling.setdefault(one.lead, []).append(one.event)
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


def _keep_refused(log: Log, commands: Sequence[Ingest]) -> None:
    refused = [refusal for command in commands for refusal in command.refused]
    if refused:
        rows.keep_refused(
            log.db,
            [
                (log.source(one.source), one.kind, one.reason.value, one.detail, micros(one.received_at), one.body)
                for one in refused
            ],
        )


def _answers(commands: Sequence[Ingest], fresh: Sequence[bool]) -> list[Ingested]:
    answers, place = [], 0
    for command in commands:
        count = len(command.accepted)
        stored = sum(fresh[place : place + count])
        answers.append(Ingested(stored=stored, duplicates=count - stored, refused=len(command.refused)))
        place += count
    return answers
