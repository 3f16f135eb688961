"""A line of the list of leads in words. Fifty of them are a page, so what repeats from line to line is made once."""

from datetime import date, datetime, timedelta
from functools import lru_cache

import msgspec
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from ripeline.server import times
from ripeline.server.console.templatetags.console import stage
from ripeline.server.figures import whole
from ripeline.server.log.queries import LeadRow

STALE = timedelta(hours=1)  # open leads are aged anew every quarter of an hour; older scores say so


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What the list shows of one lead. `stale` says when a score was made that is not of the last hour."""

    id: int
    who: str
    work: str
    stage: SafeString
    score: str
    as_of: str
    stale: str
    grade: str
    owner: str
    last: str
    last_in_full: str
    last_iso: str


def row(lead: LeadRow, *, gate: float | None, now: datetime) -> dict[str, object]:
    """A line as the template reads it: a dict, which it reads in half the time."""
    scored, latest = localtime(lead.scored_at), localtime(lead.newest_at)
    shown = Row(
        id=lead.id,
        who=lead.name or lead.email or _("Visitor %(id)d") % {"id": lead.id},
        work=", ".join(filter(None, (lead.title, lead.company))),
        stage=stage(lead.stage),
        score=whole(lead.total, gate=gate),
        as_of=_("As of %(when)s") % {"when": _in_full(scored)},
        stale=_("as of %(when)s") % {"when": times.moment(scored, now=now)} if now - scored > STALE else "",
        grade=lead.grade,
        owner=lead.owner_name,
        last=times.moment(lead.newest_at, now=now),
        last_in_full=_in_full(latest),
        last_iso=lead.newest_at.isoformat(timespec="seconds"),
    )
    return msgspec.structs.asdict(shown)


def _in_full(at: datetime) -> str:
    return _("%(day)s, %(time)s") % {"day": _day(at.date(), get_language()), "time": f"{at:%H:%M}"}


@lru_cache(maxsize=2048)
def _day(on: date, _language: str | None) -> str:
    # Translators: Django date format of a day with its year.
    return date_format(on, pgettext("date format", "j M Y"))
