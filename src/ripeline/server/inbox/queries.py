"""What the inbox shows: who waits, and all that an answer to one of them needs."""

from datetime import datetime
from typing import Any

import msgspec
from django.urls import reverse

from ripeline.server.inbox.standing import reasons, standing
from ripeline.server.inbox.waiting import Group, groups
from ripeline.server.leads.history import history, recorded
from ripeline.server.leads.profile import contact
from ripeline.server.leads.timeline import latest
from ripeline.server.leads.titles import heading
from ripeline.server.leads.why import gate_of
from ripeline.server.log import queries as log
from ripeline.server.times import Countdown, countdown

ACTIVITY = 6


class List(msgspec.Struct, frozen=True, kw_only=True):
    """The left pane. `order` holds the leads' ids from top to bottom; `others` counts those of colleagues left out."""

    groups: list[Group]
    order: list[int]
    total: int
    others: int
    gate: float | None


def waiting(*, owner: str | None, now: datetime) -> List:
    """Who waits, only `owner`'s if given."""
    found = log.waiting(now=now, owner=owner)
    gate = gate_of(current_definition())
    sorted_groups = groups(found, gate=gate, now=now)
    order = [row.lead for group in sorted_groups for row in group.rows]
    others = log.waiting_count() - len(found) if owner else 0
    return List(groups=sorted_groups, order=order, total=len(found), others=others, gate=gate)


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


def action_bar(record: log.LeadRecord, *, mine: bool, now: datetime) -> dict[str, Any]:
    """What the action bar and the dialogs over `record` show."""
    return {
        "lead": heading(record),
        "standing": standing(record, log.acts(record.id), now=now),
        "due": due(record, now=now),
        "reasons": reasons(current_definition()),
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
    known = history(recorded(record.id), reachable=record.reachable, as_of=now)
    return {
        **action_bar(record, mine=mine, now=now),
        "lead": heading(record, first_touch=known.first_touch),
        "why": known.why,
        "activity": latest(known.way, ACTIVITY, now=now),
        "contact": contact(record),
    }
