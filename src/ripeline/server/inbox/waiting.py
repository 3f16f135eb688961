"""The list of an inbox: rows grouped by how soon an answer is due."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import groupby

import msgspec
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ripeline.server import charts
from ripeline.server.figures import whole
from ripeline.server.log.queries import Queued, Waiting
from ripeline.server.times import HOUR, Countdown, countdown

TITLES: dict[str, Promise] = {
    "overdue": gettext_lazy("Overdue"),
    "hour": gettext_lazy("Due within the hour"),
    "today": gettext_lazy("Later today"),
    "later": gettext_lazy("Later"),
    "offered": gettext_lazy("Offered"),
}
ORDER = tuple(TITLES)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One lead of the list. `countdown` is None where no clock runs."""

    lead: int
    name: str
    work: str  # title and company
    reason: str
    score: str
    share: float
    countdown: Countdown | None


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Leads that are due alike, soonest first: all of them in `order`, those that are shown as `rows`."""

    key: str
    title: str
    order: list[int]
    rows: list[Row] = []


def groups(queue: Iterable[Queued], *, now: datetime) -> list[Group]:
    """Overdue, due within the hour, later today, later, and offered without a clock; empty ones left out."""
    tomorrow = localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    placed = [(_group(lead, now=now, tomorrow=tomorrow), lead) for lead in queue]
    placed.sort(key=lambda one: (ORDER.index(one[0]), one[1].due_at or now, -one[1].total, one[1].lead))
    return [
        Group(key=key, title=str(TITLES[key]), order=[lead.lead for _key, lead in leads])
        for key, leads in groupby(placed, key=lambda one: one[0])
    ]


def filled(group: Group, known: Mapping[int, Row]) -> Group:
    """The group with the rows of those of its leads that are known."""
    return msgspec.structs.replace(group, rows=[known[lead] for lead in group.order if lead in known])


def row(lead: Waiting, reason: str, *, gate: float | None, now: datetime) -> Row:
    """What the list shows of one lead."""
    return Row(
        lead=lead.lead,
        name=lead.name,
        work=", ".join(filter(None, (lead.title, lead.company))),
        reason=reason,
        score=whole(lead.total, gate=gate),
        share=charts.ring_share(lead.total, gate=gate),
        countdown=left(lead, now=now),
    )


def left(lead: Waiting, *, now: datetime) -> Countdown | None:
    """What is left of the lead's clock, if one runs."""
    return countdown(lead.due_at, started_at=lead.started_at or now, now=now) if lead.due_at else None


def announcement(lead: Waiting, *, now: datetime) -> str:
    """What is said when the lead arrives."""
    clock = left(lead, now=now)
    if clock is None:
        return _("%(name)s is on offer in the inbox.") % {"name": lead.name}
    if clock.tone == "late":
        return _("%(name)s is waiting for an answer: %(late)s.") % {"name": lead.name, "late": clock.words}
    return _("%(name)s is waiting for an answer, due in %(time)s.") % {"name": lead.name, "time": clock.words}


def _group(lead: Queued, *, now: datetime, tomorrow: datetime) -> str:
    if lead.due_at is None:
        return "offered"
    if lead.due_at <= now:
        return "overdue"
    if lead.due_at - now <= HOUR:
        return "hour"
    return "today" if lead.due_at < tomorrow else "later"
