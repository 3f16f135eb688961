"""The list of refused events: how many by reason and source, then each, newest first. Filters live in the address."""

from datetime import datetime
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from ripeline.events.reason import Reason, explained
from ripeline.server.log import queries
from ripeline.server.people.access import person, reason_against_mending
from ripeline.server.refused.wishes import OPEN, SHOWN, Wish, wish_in

PER_PAGE = 50
MOST_COUNTS = 12  # reasons of sources above the list; further ones are found by narrowing


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """So many of one source and reason; its own list is at `address`."""

    source: str
    reason: str
    sentence: str
    count: int
    latest_at: datetime
    address: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the list."""

    id: int
    source: str
    sentence: str
    detail: str
    received_at: datetime
    settled: str


@require_safe
@vary_on_headers("HX-Target", "HX-History-Restore-Request")
def refused(request: HttpRequest) -> HttpResponse:
    wish = wish_in(request.GET)
    htmx = request.htmx  # type: ignore[attr-defined]  # set by django-htmx
    is_fragment = htmx.target == "refused" and not htmx.history_restore_request
    context = {**_context(wish, request), "is_fragment": is_fragment}
    return render(request, "refused/list.html#found" if is_fragment else "refused/list.html", context)


def _context(wish: Wish, request: HttpRequest) -> dict[str, Any]:
    every = queries.refused_counts(msgspec.structs.replace(wish.events(), source=None, reason=None))
    meant = [one for one in every if wish.source in ("", one.source) and wish.reason in ("", one.reason)]
    total = sum(one.count for one in meant)
    pages = max(1, -(-total // PER_PAGE))
    wish = msgspec.structs.replace(wish, page=min(wish.page, pages))
    found = queries.refused(wish=wish.events(), limit=PER_PAGE, skip=(wish.page - 1) * PER_PAGE) if total else []
    here = wish.address(page=1)
    return {
        "wish": wish,
        "here": here,
        "total": total,
        "pages": pages,
        "sources": sorted({wish.source, *(one.source for one in every)} - {""}),
        "reasons": [(reason.value, explained(reason)) for reason in Reason],
        "shown": [(show, _shown(show)) for show in SHOWN],
        "counts": [_count(one, wish) for one in meant[:MOST_COUNTS]],
        "more_counts": len(meant[MOST_COUNTS:]),
        "rows": [_row(one) for one in found],
        "query": wish.address(),
        "before": wish.address(page=wish.page - 1) if wish.page > 1 else "",
        "after": wish.address(page=wish.page + 1) if wish.page < pages else "",
        "barred": reason_against_mending(person(request)),
        "can_resume": wish.show == OPEN and total > 0,
        "under_way": queries.resumptions_under_way(),
        "now": timezone.now(),
    }


def _shown(show: str) -> str:
    return {
        OPEN: _("Not mended yet"),
        "replayed": _("Replayed"),
        "discarded": _("Discarded"),
        "all": _("All"),
    }[show]


def _count(one: queries.RefusedCount, wish: Wish) -> Count:
    return Count(
        source=one.source,
        reason=one.reason,
        sentence=sentence(one.reason),
        count=one.count,
        latest_at=one.latest_at,
        address=wish.address(source=one.source, reason=one.reason, page=1),
    )


def _row(one: queries.RefusedEvent) -> Row:
    return Row(
        id=one.id,
        source=one.source,
        sentence=sentence(one.reason),
        detail=one.detail,
        received_at=one.received_at,
        settled=_shown(one.settled_as) if one.settled_as else "",
    )


def sentence(reason: str) -> str:
    """What a reason means; the code itself where another release had it."""
    return explained(Reason(reason)) if reason in set(Reason) else reason
