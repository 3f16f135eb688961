"""What is due is taken and done in one transaction, with the moment it was due: a restart loses nothing.

What fails is taken back by itself and tried again later, ever more seldom: it must not stop what is due beside it.
"""

import logging
from datetime import timedelta
from typing import NamedTuple

from ripeline.events.instants import MICROSECOND, instant
from ripeline.lifecycle import clocks
from ripeline.server.log import accounts, ageing, consequences, decisions, folding, importing, publishing
from ripeline.server.log.session import Log
from ripeline.server.log.store import identities, lifecycle
from ripeline.server.log.store.connection import has_failed
from ripeline.server.log.store.lifecycle import DueRow

AT_ONCE = 100
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(days=1)

logger = logging.getLogger(__name__)


class Taken(NamedTuple):
    """How many rows were taken, and how many of them failed and are tried again."""

    taken: int
    failed: int


def due(log: Log) -> Taken:
    """Does what is due by now, the most overdue first. Without a definition that can be read, all of it waits."""
    if log.is_unreadable:
        return Taken(0, 0)
    rows = lifecycle.take_due(log.db, now=log.at, limit=AT_ONCE)
    return Taken(len(rows), sum(not _done(log, row) for row in rows))


def _done(log: Log, row: DueRow) -> bool:
    try:
        with log.apart():
            _ERRANDS[row.kind](log, row)
    except Exception as error:
        if has_failed(error):  # the disk is full or gone: nothing beside it would be stored either
            raise
        logger.exception("what was due failed, and is tried again: %s %s", row.kind, row.key)
        pause = min(FIRST_PAUSE * 2 ** min(row.attempts, 12), LONGEST_PAUSE)
        lifecycle.put_back(log.db, row, again_at=log.at + pause // MICROSECOND)
        return False
    return True


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


def _catch_up(log: Log, row: DueRow) -> None:
    accounts.catch_up(log, row.body)


def _offer(log: Log, row: DueRow) -> None:
    """The import in which the lead qualified was never ended: that part of it was the end, for this lead."""
    importing.offer(log, [int(row.key)], end=row.due_at - importing.PATIENCE // MICROSECOND)


def _import_ended(log: Log, row: DueRow) -> None:
    """Parts of an import came without a last one, and no more for a while."""
    importing.end_stream(log, noticed=row.due_at)


_ERRANDS = {
    consequences.BREACH: _breach,
    decisions.WAIT: _wait_over,
    importing.OFFER: _offer,
    importing.ENDED: _import_ended,
    publishing.REFOLD: _refold,
    ageing.AGE: _age,
    accounts.CATCH_UP: _catch_up,
}
