"""The page of one lead: why its score, what happened, who it is; on any past day too."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ripeline.server.inbox.queries import action_bar
from ripeline.server.inbox.queries import order as inbox_order
from ripeline.server.leads import accounts, profile, score_line, stages, timeline
from ripeline.server.leads.consents import consents
from ripeline.server.leads.evidence import rule_words
from ripeline.server.leads.history import History, history
from ripeline.server.leads.titles import heading
from ripeline.server.leads.why import gate_of
from ripeline.server.log import queries
from ripeline.server.times import clock, day, local_day
from ripeline.server.times import heading as day_heading


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What the address asks for: a day, a filter of the timeline and a place in it."""

    on: date | None = None
    show: str = "all"
    rule: str = ""
    before: int | None = None
    is_odd: bool = False  # a day was asked for that is none

    def query(self, **changed: Any) -> str:
        """The query of the same page with some of it changed, without what goes without saying."""
        wish = msgspec.structs.replace(self, **changed)
        parts = {
            "as_of": wish.on.isoformat() if wish.on else "",
            "show": "" if wish.show == "all" else wish.show,
            "rule": wish.rule,
            "before": "" if wish.before is None else str(wish.before),
        }
        query = urlencode({name: said for name, said in parts.items() if said})
        return f"?{query}" if query else ""


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """The day shown, and those that can be."""

    first: date
    last: date
    on: date
    as_of: datetime
    is_past: bool
    words: str
    notice: str

    @property
    def span(self) -> int:
        return (self.last - self.first).days

    @property
    def index(self) -> int:
        return (self.on - self.first).days


@require_safe
@never_cache
def lead(request: HttpRequest, id: int) -> HttpResponse:
    """One lead, known or not; the id of a lead that was joined to another leads on to that one."""
    record = queries.lead(id)
    if record is None:
        raise Http404(_("There is no lead %(id)s.") % {"id": id})
    address = reverse("leads:lead", args=[record.id])
    if record.id != id:
        query = request.GET.urlencode()
        return redirect(f"{address}?{query}" if query else address)
    return render(request, "leads/lead.html", _context(record, _wish(request), address, now=timezone.now()))


def _context(record: queries.LeadRecord, wish: Wish, address: str, *, now: datetime) -> dict[str, Any]:
    log = queries.biography(record.id)
    first_at = min([event.occurred_at for event in log.events[:1]] or [record.created_at, now])
    day = _day(first_at, wish, now=now)
    wish = msgspec.structs.replace(wish, on=day.on if day.is_past else None)

    def url_of_rule(rule: str) -> str:
        return address + wish.query(rule=rule, show="all", before=None) + "#timeline"

    known = history(log, reachable=record.reachable, as_of=day.as_of, url=url_of_rule)
    bar = action_bar(record, log.acts, mine=False, now=now)
    bar["urls"] |= {"self": address, "here": address + wish.query(), "now": address + wish.query(on=None), "target": ""}
    bar["urls"] |= {"back": address, "back_to": "lead"}
    return {
        **bar,
        "neighbours": _neighbours(record.id, now=now) if bar["standing"].waits and not day.is_past else None,
        "lead": heading(record),
        "day": day,
        "why": known.why,
        "foot": _foot(known, now=now),
        **_line(known),
        "timeline": _timeline(known, wish, address),
        "profile": profile.facts(known.facts, known.definition, known.events, first_touch=known.first_touch),
        "company": accounts.card(record, known.facts, as_of=day.as_of, is_past=day.is_past),
        "stages": stages.rail(known.transitions, first_at=first_at, now=day.as_of),
        "identity": profile.identity(queries.identities(record.id), known.merges, now=now),
        "consents": consents(record.id, as_of=day.as_of, now=now),
    }


def _wish(request: HttpRequest) -> Wish:
    """The wish in the address; what is unknown there goes without saying, an odd day is said to be odd."""
    asked = request.GET
    on, is_odd = None, False
    if asked.get("as_of"):
        try:
            on = date.fromisoformat(asked["as_of"])
        except ValueError:
            is_odd = True
    show, before = asked.get("show", ""), asked.get("before", "")
    return Wish(
        on=on,
        show=show if show in timeline.SHOWN else "all",
        rule=asked.get("rule", "")[:200],
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 10 else None,
        is_odd=is_odd,
    )


def _day(first_at: datetime, wish: Wish, *, now: datetime) -> Day:
    """The day asked for, kept between the lead's first and today; a past one is shown as it ended."""
    today = local_day(now)
    first = min(local_day(first_at), today)
    on = min(max(wish.on or today, first), today)
    is_past = on < today
    as_of = _end_of(on) if is_past else now
    words = day_heading(on, today=today)
    if wish.is_odd:
        notice = _("That is no date; this is the score of today.")
    else:
        past = _("As it stood at the end of %(day)s. What came later is left out.") % {"day": words}
        notice = past if is_past else ""
    return Day(first=first, last=today, on=on, as_of=as_of, is_past=is_past, words=words, notice=notice)


def _end_of(on: date) -> datetime:
    """The last microsecond of a day in the reader's time zone."""
    midnight = datetime.combine(on + timedelta(days=1), time.min, tzinfo=timezone.get_current_timezone())
    return midnight.astimezone(UTC) - timedelta(microseconds=1)


def _neighbours(lead: int, *, now: datetime) -> dict[str, str]:
    """Where a lead that waits stands among those that do, and the pages of the ones before and after it."""
    order = inbox_order(owner=None, now=now)
    if lead not in order:
        return {}
    place = order.index(lead)
    around = {"previous": order[place - 1] if place else None, "next": order[place + 1] if order[place + 1 :] else None}
    pages = {side: reverse("leads:lead", args=[id]) for side, id in around.items() if id is not None}
    return {"words": _("%(place)s of %(all)s waiting") % {"place": place + 1, "all": len(order)}, **pages}


def _line(known: History) -> dict[str, Any]:
    if known.trace is None:
        return {"line": None, "change": None}
    gate = gate_of(known.definition)
    scores = score_line.scores(known.trace, as_of=known.as_of)
    return {
        "line": score_line.score_line(scores, gate=gate, as_of=known.as_of),
        "change": score_line.change(scores),
    }


def _timeline(known: History, wish: Wish, address: str) -> timeline.Timeline:
    criteria = known.definition.criteria if known.definition else ()
    rule = next((criterion for criterion in criteria if criterion.key == wish.rule), None)

    def url(**changed: Any) -> str:
        return address + wish.query(**changed)

    return timeline.timeline(
        known.way,
        show=wish.show,
        rule=rule.key if rule else "",
        rule_sentence=rule_words(rule) if rule else "",
        before=wish.before,
        url=url,
        now=known.as_of,
    )


def _foot(known: History, *, now: datetime) -> dict[str, Any]:
    """Under which agreement the score was computed, who signed it, and when this was done."""
    version = known.version
    if version is None:
        return {}
    signed = [_signed(each.team) % {"name": each.name, "team": each.team} for each in version.signatures]
    on = day(local_day(version.published_at), today=local_day(now))
    values = {"number": version.number, "names": get_text_list(signed, _("and")), "day": on}
    agreed = _("Definition %(number)s, signed by %(names)s, %(day)s") if signed else _("Definition %(number)s, %(day)s")
    return {"agreed": agreed % values, "computed": _("Computed at %(time)s") % {"time": clock(now)}, "at": now}


def _signed(team: str) -> str:
    """A sentence for each team that signs: its name is declined in many languages."""
    return {
        "marketing": _("%(name)s for Marketing"),
        "sales": _("%(name)s for Sales"),
    }.get(team, _("%(name)s for %(team)s"))
