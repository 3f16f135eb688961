"""The inbox: the whole page, or the fragment that htmx asks for."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from ripeline.server.inbox import queries
from ripeline.server.log import queries as log
from ripeline.server.people.access import person

MOST_STEPS = 25  # a thousand rows: nobody works down a longer list than that


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page; going back in the history it wants the whole."""
    htmx = request.htmx  # type: ignore[attr-defined]  # set by django-htmx
    return bool(htmx) and not htmx.history_restore_request


def panes(request: HttpRequest, shown: int | None, *, opened: bool, mine: bool, **more: Any) -> dict[str, Any]:
    """List and detail around the lead `shown`, or the first one that waits."""
    now = timezone.now()
    waiting = queries.waiting(owner=_owner(request, mine=mine), now=now, upto=upto(request))
    chosen = shown if shown is not None else (waiting.order[0] if waiting.order else None)
    record = log.lead(chosen) if chosen is not None else None
    return {
        **_list(waiting, record, mine=mine),
        **(queries.detail(record, mine=mine, now=now) if record else {}),
        "opened": opened,
        **more,
    }


@require_safe
@never_cache
def inbox(request: HttpRequest) -> HttpResponse:
    """The list; beside it, where there is room, the lead to answer first."""
    return render(request, "inbox/inbox.html", panes(request, None, opened=False, mine=is_mine(request)))


@require_safe
@never_cache
@vary_on_headers("HX-Request", "HX-History-Restore-Request")
def lead(request: HttpRequest, id: int) -> HttpResponse:
    """One lead beside the list; for htmx the lead alone."""
    record, mine = record_or_404(id), is_mine(request)
    if record.id != id:
        return redirect(reverse("inbox:lead", args=[record.id]))
    if not is_fragment(request):
        return render(request, "inbox/inbox.html", panes(request, id, opened=True, mine=mine))
    now = timezone.now()
    order = queries.order(owner=_owner(request, mine=mine), now=now)
    context = {**queries.detail(record, mine=mine, now=now), "opened": True, "next": queries.after(order, id)}
    return render(request, "inbox/_detail.html", context)


@require_safe
@never_cache
def rows(request: HttpRequest) -> HttpResponse:
    """The list anew; and of the lead on screen the countdown, and its action bar if somebody decided meanwhile."""
    now, mine, asked = timezone.now(), is_mine(request), request.GET
    drawn, on_screen = _number(asked.get("drawn", "")), _number(asked.get("lead", ""))
    waiting = queries.waiting(owner=_owner(request, mine=mine), now=now, upto=upto(request), drawn=drawn)
    record = log.lead(on_screen) if on_screen is not None else None
    context = {**_list(waiting, record, mine=mine), "opened": "opened" in asked}
    if record:
        context |= queries.action_bar(record, log.acts(record.id), mine=mine, now=now)
        context["has_moved"] = asked.get("standing") != context["standing"].key
    return render(request, "inbox/_refresh.html", context)


def _list(waiting: queries.List, record: log.LeadRecord | None, *, mine: bool) -> dict[str, Any]:
    return {
        "list": waiting,
        "mine": mine,
        "query": "?mine=1" if mine else "",
        "on_screen": record.id if record else None,
        "next": queries.after(waiting.order, record.id) if record else None,
    }


def record_or_404(id: int) -> log.LeadRecord:
    """The lead that has this id now."""
    record = log.lead(id)
    if record is None:
        raise Http404(_("There is no lead %(id)s.") % {"id": id})
    return record


def upto(request: HttpRequest) -> int:
    """How far down the list was asked for, in whole steps."""
    asked = _number((request.POST if request.method == "POST" else request.GET).get("upto", "")) or 0
    steps = min(-(-asked // queries.ROWS), MOST_STEPS)
    return max(1, steps) * queries.ROWS


def _owner(request: HttpRequest, *, mine: bool) -> str | None:
    return person(request).email if mine else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def is_mine(request: HttpRequest) -> bool:
    """Whether only the reader's own leads are wanted."""
    return (request.POST if request.method == "POST" else request.GET).get("mine") == "1"
