"""History enters the log with its recorded moments: scored, its stages as they came about, nobody told."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import groupby

import msgspec

from ripeline.batch.messages import external_id
from ripeline.events.ids import message_key
from ripeline.events.instants import MICROSECOND, micros
from ripeline.scoring.standing import cooled_down
from ripeline.server.log import consequences, folding, ingest
from ripeline.server.log.commands import Imported, ImportHistory, RecordedAct
from ripeline.server.log.decisions import Deed, decide, has_counted
from ripeline.server.log.ingest import Placed
from ripeline.server.log.session import Log
from ripeline.server.log.store import identities, lifecycle, standings
from ripeline.server.log.store.standings import NEVER, StateRow
from ripeline.server.log.touched import Touched

OFFER = "offer"  # the due row of who qualified in a part of an import
PATIENCE = timedelta(days=1)  # with an import whose last part does not come
ENDED = "import-ended"  # the due row of a stream of parts, when no more of it has come
QUIET = timedelta(minutes=10)  # longer than SDKs wait before they try again
_STREAM = "stream"  # the body of OFFER rows that such a stream brought


def import_history(log: Log, command: ImportHistory) -> Imported:
    """A part of a history. Each lead's events and acts are taken in time order, whatever came in between elsewhere."""
    ingest.keep_refused(log, [command])
    fresh = ingest.counted_once(log, command.events)
    events = [event for event, first in zip(command.events, fresh, strict=True) if first]
    given, again = ingest.placed(log, events)
    ingest.learn(log, given)
    before = lifecycle.newest_transition(log.db)
    done, unknown = _acts_by_lead(log, command.acts)
    history = _History(log, given, done, lived=command.as_lived, known=_known(log, command.known))
    history.take_in(again)
    if not command.as_lived:
        _note_qualified(log, history.leads, stream=_STREAM if command.ends_when_quiet else "")
    if command.ends_when_quiet and command.events:
        lifecycle.put_due(log.db, at=log.at + QUIET // MICROSECOND, kind=ENDED, key="")
    if command.end is not None and command.as_lived:
        _run_clocks(log)
    elif command.end is not None:
        _offer(log, end=micros(command.end))
    return Imported(
        stored=len(events),
        duplicates=len(fresh) - len(events) + history.duplicates,
        leads=len(history.leads),
        transitions=lifecycle.newest_transition(log.db) - before,
        acts=history.applied,
        skipped=history.skipped + unknown,
    )


class _History:
    """The leads of a part, each with what is still to be taken in, the next first."""

    def __init__(
        self,
        log: Log,
        given: Sequence[Placed],
        done: Mapping[int, list[RecordedAct]],
        *,
        lived: bool,
        known: frozenset[int] = frozenset(),
    ) -> None:
        self._log = log
        self._known = known
        self._lived = lived
        self._events = _by_lead(given)
        # the next one last; those of one instant in the order told, for many a source knows only days
        self._acts = {lead: sorted(recorded, key=lambda act: act.at)[::-1] for lead, recorded in done.items()}
        self.leads = self._events.keys() | self._acts.keys()
        self.applied = self.duplicates = self.skipped = 0

    def take_in(self, again: set[int]) -> None:
        """Events up to each lead's next act are folded, then the acts are done; until nothing is left."""
        touched = folding.touch(self._log, self._events.keys() | self._acts.keys() | again)
        for lead in again:
            touched[lead].again = True
        for lead in touched.keys() & self._known:
            touched[lead].reachable = True
        while touched:
            for share in touched.values():
                share.moves = self._lived
            following = [one for lead in touched for one in self._until_next_act(lead)]
            ingest.append(self._log, following, touched)
            folding.fold(self._log, touched, happened=self._lived)
            touched = self._decided(touched)

    def _until_next_act(self, lead: int) -> list[Placed]:
        events, pending = self._events.get(lead, []), self._acts.get(lead)
        count = len(events)
        if pending:
            at = micros(pending[-1].at)
            count = sum(one.at <= at for one in events)
        self._events[lead] = events[count:]
        return events[:count]

    def _decided(self, touched: Mapping[int, Touched]) -> dict[int, Touched]:
        """The leads that have anything left, each after its next act."""
        left = {}
        for lead, share in touched.items():
            pending = self._acts.get(lead)
            if not pending:
                continue
            brought = folding.standing_as(lead, share.state)
            act = pending.pop()
            if brought.state is None:
                self.skipped += 1
            elif has_counted(self._log, _message_id(act)):
                self.duplicates += 1
            elif _apply(self._log, lead, brought, act):
                self.applied += 1
            else:
                self.skipped += 1
            left[lead] = brought
        return left


def _by_lead(given: Sequence[Placed]) -> dict[int, list[Placed]]:
    in_order = sorted(given, key=lambda one: (one.lead, one.at, one.event.source, one.event.message_id))
    return {lead: list(events) for lead, events in groupby(in_order, key=lambda one: one.lead)}


def _acts_by_lead(log: Log, recorded: Iterable[RecordedAct]) -> tuple[dict[int, list[RecordedAct]], int]:
    """Acts by the lead they were about, and how many are about nobody known."""
    found: dict[int, list[RecordedAct]] = {}
    unknown = 0
    for act in recorded:
        lead = _named(log, act.user_id)
        if lead is None:
            unknown += 1
        else:
            found.setdefault(lead, []).append(act)
    return found, unknown


def _known(log: Log, names: Sequence[str]) -> frozenset[int]:
    """The leads that a file calls so."""
    users = identities.find_all(log.db, "user", names) if names else []
    others = [external_id(name) for name in {*names} - {row.value for row in users}]
    rows = [*users, *(identities.find_all(log.db, "external", others) if others else ())]
    return frozenset(row.lead for row in rows)


def _named(log: Log, name: str) -> int | None:
    """Whom a file calls so: by user id, or by the external id it gave beside one."""
    row = identities.find(log.db, "user", name) or identities.find(log.db, "external", external_id(name))
    return None if row is None else row.lead


def _apply(log: Log, lead: int, brought: Touched, done: RecordedAct) -> bool:
    """An act of history, at its own moment; False where it was not legal from the stage the lead had by then."""
    at = micros(done.at)
    deed = Deed(
        act=done.act, by=done.by, reason=done.reason, note=done.note, amount=done.amount, currency=done.currency
    )
    return decide(log, lead, brought, deed, at=at, message_id=_message_id(done), received_at=at) is not None


def _message_id(done: RecordedAct) -> str:
    """What an act of history counts under: its sender's id, else all that makes it this act and no other."""
    if done.message_id:
        return done.message_id
    told = (done.user_id, done.act, micros(done.at), done.by, done.reason, done.amount, done.currency)
    return f"history-{message_key(msgspec.json.encode(told).decode()).hex()}"


def _run_clocks(log: Log) -> None:
    """Whoever nobody answered is waited for from now on; deadlines that have passed are breaches at their moment."""
    for clock in lifecycle.every_running_clock(log.db):
        lifecycle.put_due(log.db, at=clock.due_at, kind=consequences.BREACH, key=str(clock.id))


def _note_qualified(log: Log, leads: Iterable[int], *, stream: str) -> None:
    """Who qualifies after this part is offered with the last one; if that never comes, when it is overdue."""
    for state in _qualifying(log, leads, since=NEVER):
        overdue = log.at + PATIENCE // MICROSECOND
        lifecycle.put_due(log.db, at=overdue, kind=OFFER, key=str(state.lead), body=stream)


def end_stream(log: Log, *, noticed: int) -> None:
    """No part came for `QUIET` before the instant `noticed`: the last one was the end."""
    _offer(log, end=noticed - QUIET // MICROSECOND, stream=_STREAM)


def _offer(log: Log, *, end: int, stream: str = "") -> None:
    """Who qualifies by what this import brought, and acted lately, waits in the inbox until taken, without a clock."""
    offer(log, [int(row.key) for row in lifecycle.take_kind(log.db, OFFER, body=stream)], end=end)


def offer(log: Log, leads: Iterable[int], *, end: int) -> None:
    """Offers those of `leads` who qualify, acted within `handover_within` before `end` and need not be left alone."""
    if log.version is None:
        return
    now = {identities.resolved(log.db, lead) for lead in leads} - {None}
    for state in _qualifying(log, now, since=end - log.definition.handover_within // MICROSECOND):
        consequences.offer(log, state.lead, cycle=state.cycle, crossed_at=state.crossed_at or end, event="")
        log.changed.add(state.lead)


def _qualifying(log: Log, leads: Iterable[int | None], *, since: int) -> list[StateRow]:
    if log.version is None:
        return []
    stages = ("lead", "recycled", "visitor") if log.definition.visitors_may_qualify else ("lead", "recycled")
    found = standings.qualifying(log.db, leads, log.definition_number, since=since, stages=stages)
    return [state for state in found if state.fold is not None and cooled_down(state.fold, at=log.at)]
