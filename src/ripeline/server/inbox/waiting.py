"""The list of an inbox: rows grouped by how soon an answer is due."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

import msgspec
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ripeline.server import charts
from ripeline.server.figures import whole
from ripeline.server.log.queries import Waiting
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
    announcement: str


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Rows that are due alike, soonest first."""

    key: str
    title: str
    rows: list[Row]


def groups(waiting: Iterable[Waiting], *, gate: float | None, now: datetime) -> list[Group]:
    """Overdue, due within the hour, later today, later, and offered without a clock; empty ones left out."""
    ranked = sorted(waiting, key=lambda lead: (ORDER.index(_group(lead, now=now)), lead.due_at or now, -lead.total))
    return [
        Group(key=key, title=str(TITLES[key]), rows=[row(lead, gate=gate, now=now) for lead in leads])
        for key, leads in groupby(ranked, key=lambda lead: _group(lead, now=now))
    ]


def row(lead: Waiting, *, gate: float | None, now: datetime) -> Row:
    """What the list shows of one lead."""
    left = countdown(lead.due_at, started_at=lead.started_at or now, now=now) if lead.due_at else None
    return Row(
        lead=lead.lead,
        name=lead.name,
        work=", ".join(filter(None, (lead.title, lead.company))),
        reason=lead.reason_line,
        score=whole(lead.total, gate=gate),
        share=charts.ring_share(lead.total, gate=gate),
        countdown=left,
        announcement=_announcement(lead.name, left),
    )


def _group(lead: Waiting, *, now: datetime) -> str:
    if lead.due_at is None:
        return "offered"
    if lead.due_at <= now:
        return "overdue"
    if lead.due_at - now <= HOUR:
        return "hour"
    return "today" if localtime(lead.due_at).date() == localtime(now).date() else "later"


def _announcement(name: str, left: Countdown | None) -> str:
    if left is None:
        return _("%(name)s is on offer in the inbox.") % {"name": name}
    return _("%(name)s is waiting for an answer, due in %(time)s.") % {"name": name, "time": left.words}
