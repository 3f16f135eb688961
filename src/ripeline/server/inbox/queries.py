"""What the inbox shows: who waits, and all that an answer to one of them needs."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from django.urls import reverse

from ripeline.events.instants import micros
from ripeline.server.inbox.standing import reasons, standing
from ripeline.server.inbox.waiting import Group, announcement, filled, groups, row
from ripeline.server.leads.consents import consents
from ripeline.server.leads.history import history
from ripeline.server.leads.profile import contact
from ripeline.server.leads.timeline import latest
from ripeline.server.leads.titles import heading
from ripeline.server.leads.why import gate_of
from ripeline.server.log import queries as log
from ripeline.server.times import Countdown, countdown

ACTIVITY = 6
ROWS = 40  # of the list at first, and with each step further down
ANNOUNCED = 3  # of those who arrived since the list was drawn: more than that is no news but a number


class List(msgspec.Struct, frozen=True, kw_only=True):
    """The left pane.

    `order` holds the ids of all who wait from top to bottom, the groups the rows of the first `upto` of them; `others`
    counts those of colleagues left out. `drawn` marks who was there: who is in the queue `since` later has arrived.
    """

    groups: list[Group]
    order: list[int]
    upto: int
    others: int
    gate: float | None
    drawn: int
    arrived: list[tuple[int, str]]

    @property
    def total(self) -> int:
        return len(self.order)

    @property
    def more(self) -> int:
        """How many more the next step shows."""
        return min(ROWS, max(0, self.total - self.upto))

    @property
    def next_upto(self) -> int:
        return self.upto + ROWS

    @property
    def is_deep(self) -> bool:
        """Whether somebody went down further than where everybody begins."""
        return self.upto > ROWS


def waiting(*, owner: str | None, now: datetime, upto: int = ROWS, drawn: int | None = None) -> List:
    """Who waits, only `owner`'s if given; words are made for the first `upto`, and for who arrived after `drawn`."""
    queue = log.queue(owner=owner)
    sorted_groups = groups(queue, now=now)
    order = [lead for group in sorted_groups for lead in group.order]
    shown, new = order[:upto], _arrived(queue, drawn)
    gate = gate_of(current_definition())
    found = {lead.lead: lead for lead in log.waiting(now=now, leads={*shown, *new})} if order else {}
    reasons = log.reason_lines(shown, now=now) if shown else {}
    rows = {lead: row(found[lead], reasons.get(lead, ""), gate=gate, now=now) for lead in shown if lead in found}
    return List(
        groups=[filled(group, rows) for group in sorted_groups],
        order=order,
        upto=upto,
        others=log.waiting_count() - len(queue) if owner else 0,
        gate=gate,
        drawn=max((micros(lead.since) for lead in queue if lead.since is not None), default=0),
        arrived=[(lead, announcement(found[lead], now=now)) for lead in new if lead in found],
    )


def _arrived(queue: Iterable[log.Queued], drawn: int | None) -> list[int]:
    """Who came into the queue after it was `drawn`, the latest first."""
    if drawn is None:
        return []
    new = [(micros(lead.since), lead.lead) for lead in queue if lead.since is not None and micros(lead.since) > drawn]
    return [lead for _since, lead in sorted(new, reverse=True)[:ANNOUNCED]]


def order(*, owner: str | None, now: datetime) -> list[int]:
    """The ids of those who wait, from top to bottom."""
    return [lead for group in groups(log.queue(owner=owner), now=now) for lead in group.order]


def current_definition() -> Any:
    """The definition in force; None before the first is published."""
    version = log.current_version()
    return log.definition(version.number) if version else None


def due(record: log.LeadRecord, *, now: datetime) -> Countdown | None:
    """The running clock of a lead."""
    clock = record.clock
    if clock is None or clock.stopped_at is not None:
        return None
    return countdown(clock.due_at, started_at=clock.started_at, now=now)


def after(order: list[int], lead: int) -> int | None:
    """The lead to show once `lead` is answered: the next one down, else the one above; None if nobody else waits.

    >>> after([4, 7, 9], 7), after([4, 7, 9], 9), after([7], 7), after([4, 9], 7)
    (9, 7, None, 4)
    """
    if lead not in order:
        return order[0] if order else None
    place = order.index(lead)
    rest = [*order[place + 1 :], *reversed(order[:place])]
    return rest[0] if rest else None


def action_bar(record: log.LeadRecord, acts: list[log.ActRecord], *, mine: bool, now: datetime) -> dict[str, Any]:
    """What the action bar and the dialogs over `record` show; `acts` are what people did with it."""
    return {
        "lead": heading(record),
        "standing": standing(record, acts, now=now),
        "due": due(record, now=now),
        "reasons": reasons(current_definition()),
        "seen": {"owner": record.owner, "stage": record.stage},
        "reps": [rep for rep in log.reps() if rep.takes_leads and rep.key != record.owner],
        "mine": mine,
        "urls": {
            "accept": reverse("inbox:accept", args=[record.id]),
            "reject": reverse("inbox:reject", args=[record.id]),
            "reassign": reverse("inbox:reassign", args=[record.id]),
            "back": reverse("inbox:lead", args=[record.id]),
            "target": "#inbox",
        },
    }


def detail(record: log.LeadRecord, *, mine: bool, now: datetime) -> dict[str, Any]:
    """All of the right pane."""
    told = log.biography(record.id)
    known = history(told, reachable=record.reachable, as_of=now)
    return {
        **action_bar(record, told.acts, mine=mine, now=now),
        "lead": heading(record, first_touch=known.first_touch),
        "why": known.why,
        "activity": latest(known.way, ACTIVITY, now=now),
        "contact": [*contact(record), *consents(record.id, as_of=now, now=now)],
    }
