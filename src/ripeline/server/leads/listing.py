"""The list of leads: search, one filter, an order, fifty a page. What is asked for lives in the address."""

from datetime import datetime
from urllib.parse import urlencode

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from ripeline.definition.model import STAGES
from ripeline.server.console.words import stage_name
from ripeline.server.leads.rows import row
from ripeline.server.leads.why import gate_of
from ripeline.server.log import queries
from ripeline.server.searching import sought

PER_PAGE = 50
ORDERS = ("recent", "score", "name")
KNOWN = "known"  # everybody but visitors


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What the address asks for. `stage` is a stage, `known`, or empty for everybody."""

    search: str = ""
    stage: str = ""
    order: str = "recent"
    page: int = 1

    @property
    def narrows(self) -> bool:
        return bool(self.search or self.stage)

    def address(self, **changed: str | int) -> str:
        """The query of the same wish with some parts changed, without what goes without saying."""
        wish = msgspec.structs.replace(self, **changed)
        parts = {"q": wish.search, "stage": wish.stage, "order": wish.order, "page": wish.page}
        plain = {"q": "", "stage": "", "order": "recent", "page": 1}
        return "?" + urlencode({name: value for name, value in parts.items() if value != plain[name]})


def wish_of(request: HttpRequest) -> Wish:
    """The wish in the address; what is unknown there goes without saying, for links get cut and mistyped."""
    asked = request.GET
    stage, order, page = asked.get("stage", ""), asked.get("order", ""), asked.get("page", "")
    return Wish(
        search=sought(asked.get("q", "")),
        stage=stage if stage in (*STAGES, KNOWN) else "",
        order=order if order in ORDERS else "recent",
        page=int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 7 and int(page) else 1,
    )


@require_safe
@vary_on_headers("HX-Target", "HX-History-Restore-Request")
def leads(request: HttpRequest) -> HttpResponse:
    wish = wish_of(request)
    found = queries.leads(
        search=wish.search,
        page=wish.page,
        per_page=PER_PAGE,
        stage=wish.stage if wish.stage in STAGES else None,
        visitors=wish.stage != KNOWN,
        order=wish.order,
    )
    htmx = request.htmx  # type: ignore[attr-defined]  # set by django-htmx
    is_fragment = htmx.target == "leads" and not htmx.history_restore_request
    context = {**_context(wish, found, now=timezone.now()), "is_fragment": is_fragment}
    return render(request, "leads/list.html#found" if is_fragment else "leads/list.html", context)


def _context(wish: Wish, found: queries.Page, *, now: datetime) -> dict[str, object]:
    stages = [("", ""), (KNOWN, ""), *((stage, stage_name(stage)) for stage in STAGES)]
    orders = {order: wish.address(order=order, page=1) for order in ORDERS}
    version = queries.current_version()
    gate = gate_of(queries.definition(version.number)) if version else None
    return {
        "wish": wish,
        "found": found,
        "stages": stages,
        "orders": orders,
        "before": wish.address(page=found.number - 1) if found.number > 1 else "",
        "after": wish.address(page=found.number + 1) if found.number < found.pages else "",
        "rows": [row(lead, gate=gate, now=now) for lead in found.items],
    }
