"""Two leads turn out to be one, or events change hands: everything but the events themselves follows."""

from collections.abc import Iterable

import msgspec

from ripeline.lifecycle.merging import Stood, winner
from ripeline.server.log import consequences, profile
from ripeline.server.log.identity import Entry
from ripeline.server.log.session import Log
from ripeline.server.log.store import identities, leads, lifecycle, standings
from ripeline.server.log.store.before import Before
from ripeline.server.log.store.identities import MergeRow
from ripeline.server.log.store.lifecycle import NEW, ClockRow
from ripeline.server.log.store.standings import StateRow


def settled(log: Log, *, ruling: int | None = None) -> set[int]:
    """Carries out what identity found in this group; returns the leads that must be folded again from the log.

    `ruling` is the decision that it found that by, if not events.
    """
    notes = log.identities
    survivors: dict[int, int] = {}
    again: set[int] = set()
    for absorbed, survivor in notes.merges:
        survivors[absorbed] = survivor
        again.discard(absorbed)
        if _merge(log, absorbed, survivor, ruling=ruling):
            again.add(survivor)
    changed_hands: set[int] = set()
    for giver, taker in notes.moves:
        one, other = _now(survivors, giver), _now(survivors, taker)
        if one != other:
            _link(log, one, other)
            changed_hands |= {one, other}
    for lead in changed_hands:  # what is known of them may have been said by events that are another's now
        keep_facts(log, {lead: profile.learnt(log.reader.history(lead))})
    log.changed.update(survivors)
    log.consents.follow([*notes.merges, *notes.moves])
    log.memory.forget_leads({*survivors, *survivors.values(), *changed_hands})
    return again | changed_hands


def keep_facts(log: Log, facts: dict[int, profile.Facts]) -> None:
    rows = []
    for lead, known in facts.items():
        shown = profile.columns(known)
        columns = (shown.name, shown.title, shown.company, shown.email, shown.phone, shown.sought)
        rows.append((*columns, profile.written(known), lead))
    leads.keep_facts(log.db, rows)


def _now(survivors: dict[int, int], lead: int) -> int:
    while lead in survivors:
        lead = survivors[lead]
    return lead


def _merge(log: Log, absorbed: int, survivor: int, *, ruling: int | None) -> bool:
    """One lead takes over all the other has; True if there was anything to fold."""
    states = {**standings.present(log.db, (absorbed, survivor), 0)}
    states |= standings.present(log.db, (absorbed, survivor), log.definition_number)
    kept = _winner(log, states, absorbed, survivor)
    before = _before(log, absorbed, survivor, states)
    identities.keep_merge(
        log.db, MergeRow(NEW, absorbed, survivor, kept, 0, log.at, log.next_seq, ruling, msgspec.json.encode(before))
    )
    _join_facts(log, absorbed, survivor)
    if absorbed not in states:
        return False
    loser = absorbed if kept == survivor else survivor
    heads = [states[loser].head] if loser in states else []
    identities.link_chain(log.db, survivor, [*filter(None, heads), *identities.chains(log.db, absorbed)])
    if kept == absorbed:
        standings.hand_to(log.db, absorbed, survivor)
    else:
        standings.drop(log.db, absorbed)
    standings.keep_newest_at(log.db, survivor, max(state.newest_at for state in states.values()))
    lifecycle.move_acts(log.db, absorbed, survivor)
    _join_clocks(log, absorbed, survivor, stage=states[kept].stage)
    _join_offers(log, absorbed, survivor, states[kept])
    log.inbox = True
    return True


def _before(log: Log, absorbed: int, survivor: int, states: dict[int, StateRow]) -> Before:
    """What is kept of the absorbed lead, in case they are parted again."""
    owner, survivors_owner = (states[lead].owner if lead in states else "" for lead in (absorbed, survivor))
    clocks = lifecycle.clocks_of(log.db, absorbed, log.definition_number) if absorbed in states else []
    offers = [*lifecycle.offers_of(log.db, absorbed), *lifecycle.offers_of(log.db, survivor)]
    ids = log.identities.taken.get(absorbed, [])
    others = strongest(entry for entry in log.identities.of(survivor) if entry.id not in ids)
    return Before(ids, [entry.id for entry in others], owner, survivors_owner, [clock.id for clock in clocks], offers)


def strongest(entries: Iterable[Entry]) -> list[Entry]:
    """The ids that best say who somebody is: user ids and external ids, else addresses, else anonymous ids."""
    entries = list(entries)
    for kinds in (("user", "external"), ("email",), ("anonymous",)):
        found = [entry for entry in entries if entry.kind in kinds]
        if found:
            return found
    return []


def _winner(log: Log, states: dict[int, StateRow], absorbed: int, survivor: int) -> int:
    if absorbed not in states or survivor not in states:
        return absorbed if absorbed in states else survivor
    one, other = (_stood(log, states[lead]) for lead in (survivor, absorbed))
    return winner(one, other).lead


def _stood(log: Log, state: StateRow) -> Stood:
    moves = lifecycle.standing_transitions(log.db, state.lead, log.definition_number)
    return Stood(state.lead, state.stage, moves[-1].moved_at if moves else log.at)


def _join_facts(log: Log, absorbed: int, survivor: int) -> None:
    stored = leads.facts(log.db, (absorbed, survivor))
    own, others = (profile.read(stored.get(lead, b"{}")) for lead in (survivor, absorbed))
    if others:
        keep_facts(log, {survivor: profile.joined(own, others)})


def _join_clocks(log: Log, absorbed: int, survivor: int, *, stage: str) -> None:
    """The earliest running clock continues if the stage it runs for has won; the others stop and are not measured."""
    running = lifecycle.running_clocks(log.db, (absorbed, survivor))
    going = next((clock for clock in running if clock.stage == stage), None)
    for clock in running:
        if clock is not going:
            _stop_as_merged(log, clock)
    for clock in lifecycle.clocks_of(log.db, absorbed, log.definition_number):
        lifecycle.move_clock(log.db, clock, survivor, seq=log.next_seq)


def _stop_as_merged(log: Log, clock: ClockRow) -> None:
    lifecycle.stop_clock(log.db, clock.id, at=log.at, stopped_as="merged", seq=log.next_seq)
    lifecycle.drop_due(log.db, consequences.BREACH, str(clock.id))


def _join_offers(log: Log, absorbed: int, survivor: int, kept: StateRow) -> None:
    offers = lifecycle.withdraw_offer(log.db, absorbed) + lifecycle.withdraw_offer(log.db, survivor)
    if offers and kept.stage in ("visitor", "lead", "recycled"):
        earliest = min(offers, key=lambda offer: offer.crossed_at)
        lifecycle.offer(log.db, earliest._replace(lead=survivor, cycle=kept.cycle))


def _link(log: Log, giver: int, taker: int) -> None:
    """From now on `taker`'s events are looked for on `giver`'s chains too."""
    head = standings.head(log.db, giver)
    identities.link_chain(log.db, taker, [*([] if head is None else [head]), *identities.chains(log.db, giver)])
