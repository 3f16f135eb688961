"""Many refused events at once: replayed as they are or discarded, in parts, and how far that has come."""

from typing import Literal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ripeline.server.log import queries
from ripeline.server.people.access import menders_only, person
from ripeline.server.refused import actions
from ripeline.server.refused.listing import sentence
from ripeline.server.refused.wishes import Wish, wish_in


@menders_only
@require_POST
def replay(request: HttpRequest) -> HttpResponse:
    return _begun(request, "replay", wish_in(request.POST))


@menders_only
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest) -> HttpResponse:
    """Say what discarding does to how many; do it when confirmed."""
    if request.method == "POST":
        return _begun(request, "discard", wish_in(request.POST))
    wish = wish_in(request.GET)
    count = sum(one.count for one in queries.refused_counts(wish.events()))
    context = {"wish": wish, "count": count, "sentence": sentence(wish.reason), "back": _back(wish)}
    return render(request, "refused/discard.html", context)


@require_safe
@never_cache
def progress(request: HttpRequest, id: int) -> HttpResponse:
    """How far it has come, asked for again and again by the list."""
    resumption = queries.resumption(id)
    if resumption is None:
        raise Http404
    return render(request, "refused/_progress.html", {"one": resumption, "asked": True})


def _begun(request: HttpRequest, act: Literal["replay", "discard"], wish: Wish) -> HttpResponse:
    resumed = actions.resume(act, wish.events(), by=person(request).email.lower(), at=timezone.now())
    if not resumed.total:
        messages.success(request, _("Nothing was waiting there."))
    return redirect(_back(wish))


def _back(wish: Wish) -> str:
    query = wish.address(page=1)
    return reverse("refused:list") + (query if query != "?" else "")
