"""Settings, sources: where events come from, what each demands, and how to connect one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ripeline.server.log import queries as log
from ripeline.server.people import access
from ripeline.server.sources import actions, queries
from ripeline.server.sources.forms import DemandForm


@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """Every source, and what it last brought."""
    barred = access.reason_against(access.person(request))
    return render(request, "sources/sources.html", {"sources": queries.sources(now=timezone.now()), "barred": barred})


@require_safe
def one(request: HttpRequest, id: int) -> HttpResponse:
    """One source, and what to paste to send to it."""
    return render(request, "sources/source.html", _context(request, id))


@require_safe
def status(request: HttpRequest, id: int) -> HttpResponse:
    """How a source stands now: asked again whenever something came in."""
    return render(request, "sources/_status.html", {"source": _source(id)})


@require_POST
@access.administrators_only
def demand(request: HttpRequest, id: int) -> HttpResponse:
    """What the source demands from now on."""
    context = _context(request, id)
    form = DemandForm(request.POST)
    if not form.is_valid():
        return render(request, "sources/source.html", {**context, "form": form}, status=422)
    actions.demand(id, form.demand())
    messages.success(request, _("“%(name)s” demands this from the next event on.") % {"name": context["source"].name})
    return redirect("sources:source", id)


def _source(id: int) -> queries.Source:
    found = queries.source(id, now=timezone.now()) if id < 2**63 else None
    if found is None:
        raise Http404(_("There is no such source."))
    return found


def _context(request: HttpRequest, id: int) -> dict[str, Any]:
    shown = _source(id)
    key = next(key for key in log.keys(kind="write") if key.id == id)
    return {
        "source": shown,
        "lines": queries.connecting(request),
        "form": DemandForm.of(key.demand),
        "barred": access.reason_against(access.person(request)),
    }
