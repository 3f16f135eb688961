"""What is due is taken and done in one transaction, with the moment it was due: a restart loses nothing."""

from ripeline.events.instants import instant
from ripeline.lifecycle import clocks
from ripeline.server.log import ageing, consequences, decisions, folding, importing, publishing
from ripeline.server.log.session import Log
from ripeline.server.log.store import identities, lifecycle
from ripeline.server.log.store.lifecycle import DueRow

AT_ONCE = 100


def due(log: Log) -> int:
    """Does what is due by now, the most overdue first; returns how many rows were taken."""
    taken = lifecycle.take_due(log.db, now=log.at, limit=AT_ONCE)
    for row in taken:
        _ERRANDS[row.kind](log, row)
    return len(taken)


def _breach(log: Log, row: DueRow) -> None:
    """A deadline passed without an answer. It is recorded at the moment it was due, whenever that is noticed."""
    clock = lifecycle.clock(log.db, int(row.key))
    if clock is None or clock.stopped_at is not None or clock.breached_at is not None:
        return
    running = clocks.Clock(started_at=instant(clock.started_at), due_at=instant(clock.due_at))
    if clocks.breached_at(running, now=log.now) is None:
        lifecycle.put_due(log.db, at=clock.due_at, kind=row.kind, key=row.key)
        return
    _notice(log, clock.lead, "Answer Overdue", at=clock.due_at)
    lifecycle.breach_clock(log.db, clock.id, at=clock.due_at, seq=log.newest_seq)


def _wait_over(log: Log, row: DueRow) -> None:
    """A recycled lead may qualify again. Nobody moves by this alone: the next happening decides."""
    lead = identities.resolved(log.db, int(row.key.partition("/")[0]))
    if lead is not None and decisions.is_waiting(log, lead, row.key):
        _notice(log, lead, "Wait Over", at=row.due_at)


def _notice(log: Log, id: int, name: str, *, at: int) -> None:
    lead = identities.resolved(log.db, id)
    if lead is None:
        return
    brought = folding.touch(log, [lead])[lead]
    decisions.append_own(log, lead, brought, kind="notice", name=name, body={}, at=at)
    folding.keep_head(log, lead, brought)
    log.changed.add(lead)
    log.inbox = True


def _refold(log: Log, row: DueRow) -> None:
    publishing.refold(log, row.body)


def _age(log: Log, row: DueRow) -> None:
    ageing.age(log, row.body)


def _offer(log: Log, row: DueRow) -> None:
    """The import in which the lead qualified was never ended."""
    importing.offer(log, [int(row.key)], end=log.at)


_ERRANDS = {
    consequences.BREACH: _breach,
    decisions.WAIT: _wait_over,
    importing.OFFER: _offer,
    publishing.REFOLD: _refold,
    ageing.AGE: _age,
}
