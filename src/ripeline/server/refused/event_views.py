"""The page of one refused event: why, what came, and the form in which it is mended."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ripeline.events.refusal import Refusal
from ripeline.server.log import queries
from ripeline.server.log.commands import Refused, Settled
from ripeline.server.log.refusals import sentence as refusal_sentence
from ripeline.server.people.access import menders_only, person, reason_against_mending
from ripeline.server.people.queries import names
from ripeline.server.refused import actions
from ripeline.server.refused.json_fault import json_fault
from ripeline.server.refused.listing import sentence
from ripeline.server.refused.shown import shown
from ripeline.server.refused.wishes import wish_in
from ripeline.server.times import full

MOST_PROBLEMS = 10


@require_safe
@never_cache
def event(request: HttpRequest, id: int) -> HttpResponse:
    return render(request, "refused/event.html", _context(request, _found(id)))


@require_safe
@never_cache
def whole(request: HttpRequest, id: int) -> HttpResponse:
    """The bytes as they came, for a file: nothing of them is drawn by a browser."""
    response = HttpResponse(_found(id).body, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="refused-{id}.bin"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@menders_only
@require_POST
def replay(request: HttpRequest, id: int) -> HttpResponse:
    """As it came, or as the form has it; what is refused again is told at the form, with what was typed."""
    found = _found(id)
    typed = request.POST.get("message", "").replace("\r\n", "\n")
    body = _meant(found, typed, is_mended="message" in request.POST)
    fault = json_fault(typed) if body != found.body else ""
    if fault:
        return _again(request, found, typed, [fault])
    try:
        settled = actions.replay(found, body, by=_by(request), at=timezone.now())
    except actions.StillRefused as still:
        return _again(request, found, typed, _problems(still.refused))
    except Refused as refusal:
        messages.error(request, refusal_sentence(refusal.why, refusal.values, moment=full))
        return redirect(_address(request, id))
    messages.success(request, _told(settled))
    return redirect(_address(request, id))


@menders_only
@require_POST
def discard(request: HttpRequest, id: int) -> HttpResponse:
    """It stays, and leaves the list of what waits."""
    found = _found(id)
    actions.discard(id, by=_by(request), at=timezone.now())
    messages.success(request, _("The event is discarded. It stays here and can still be replayed."))
    wish = wish_in(request.GET)
    _newer, older = queries.refused_beside(found.id, wish.events())
    return redirect(_address(request, older) if older else reverse("refused:list") + wish.address(page=1))


def _found(id: int) -> queries.RefusedEvent:
    found = queries.refused_one(id)
    if found is None:
        raise Http404(_("There is no refused event %(id)s.") % {"id": id})
    return found


def _by(request: HttpRequest) -> str:
    return person(request).email.lower()


def _address(request: HttpRequest, id: int) -> str:
    query = wish_in(request.GET).address()
    return reverse("refused:event", args=[id]) + (query if query != "?" else "")


def _meant(found: queries.RefusedEvent, typed: str, *, is_mended: bool) -> bytes:
    """The original bytes where nothing was changed: what a page shows of them may not be all there was."""
    if not is_mended or typed == shown(found.body).mendable:
        return found.body
    return typed.encode(errors="surrogatepass")


def _again(request: HttpRequest, found: queries.RefusedEvent, typed: str, problems: list[str]) -> HttpResponse:
    context = {**_context(request, found), "typed": typed, "problems": problems}
    return render(request, "refused/event.html", context, status=422)


def _problems(refused: Any) -> list[str]:
    told = [f"{sentence(one.reason)} ({one.detail})" for one in refused[:MOST_PROBLEMS] if isinstance(one, Refusal)]
    left = len(refused) - len(told)
    if left:
        more = ngettext("%(count)d more message is refused.", "%(count)d more messages are refused.", left)
        told.append(more % {"count": left})
    return told


def _told(settled: Settled) -> str:
    if settled.refused:
        text = ngettext(
            "%(stored)d event is stored; what is refused still has rows of its own.",
            "%(stored)d events are stored; what is refused still has rows of its own.",
            settled.stored,
        )
    elif settled.stored:
        text = ngettext(
            "%(stored)d event is stored and scored.", "%(stored)d events are stored and scored.", settled.stored
        )
    elif settled.duplicates:
        text = _("It had come before under the same id, and counts once.")
    else:
        text = _("There is nothing to count in it. It is settled.")
    return text % {"stored": settled.stored}


def _context(request: HttpRequest, found: queries.RefusedEvent) -> dict[str, Any]:
    wish = wish_in(request.GET)
    newer, older = queries.refused_beside(found.id, wish.events())
    form = shown(found.body)
    return {
        "event": found,
        "sentence": sentence(found.reason),
        "shown": form,
        "typed": form.mendable,
        "problems": [],
        "settled_by": names().get(found.settled_by, found.settled_by),
        "barred": reason_against_mending(person(request)),
        "query": wish.address() if wish.parts else "",
        "list": reverse("refused:list") + wish.address(),
        "newer": _address(request, newer) if newer else "",
        "older": _address(request, older) if older else "",
    }
