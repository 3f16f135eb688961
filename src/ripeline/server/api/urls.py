"""The addresses of the API, each with and without a slash at its end: a redirected POST loses its body."""

from collections.abc import Callable

import msgspec
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, re_path
from django.views.decorators.http import require_safe

from ripeline.server.api import acts, identity, leads, openapi, records, replays
from ripeline.server.api.endpoint import endpoint


@require_safe
@login_not_required
def description(request: HttpRequest) -> HttpResponse:
    """What the API is; needs no token, for it tells nothing of anybody."""
    return HttpResponse(msgspec.json.encode(openapi.openapi(request)), content_type="application/json")


def _address(pattern: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
    return re_path(rf"^{pattern}/?$", view, name=name)


def _whole(view: Callable[..., object]) -> Callable[..., object]:
    """Numbers in an address arrive as text."""
    return lambda request, **place: view(request, **{name: int(text) for name, text in place.items()})


LEAD = r"leads/(?P<id>[0-9]{1,18})"
REFUSED = r"refused/(?P<id>[0-9]{1,18})"

app_name = "api"
urlpatterns = [
    _address("openapi.json", description, "openapi"),
    _address("leads", endpoint(GET=leads.leads), "leads"),
    _address(LEAD, endpoint(GET=_whole(leads.lead)), "lead"),
    _address(f"{LEAD}/events", endpoint(GET=_whole(leads.events)), "events"),
    _address(f"{LEAD}/transitions", endpoint(GET=_whole(leads.transitions), POST=_whole(acts.act)), "transitions"),
    _address(f"{LEAD}/unmerge", endpoint(POST=_whole(identity.unmerge)), "unmerge"),
    _address("doubts", endpoint(GET=identity.doubts), "doubts"),
    _address("rulings", endpoint(POST=identity.rule), "rulings"),
    _address("rulings/(?P<id>[0-9]{1,18})/undo", endpoint(POST=_whole(identity.undo)), "undo-ruling"),
    _address("outcomes", endpoint(POST=acts.outcome), "outcomes"),
    _address("refused", endpoint(GET=records.refused), "refused"),
    _address(REFUSED, endpoint(GET=_whole(replays.one)), "refused-one"),
    _address(f"{REFUSED}/replay", endpoint(POST=_whole(replays.replay)), "replay"),
    _address(f"{REFUSED}/discard", endpoint(POST=_whole(replays.discard)), "discard"),
    _address("definitions", endpoint(GET=records.definitions), "definitions"),
    _address("definitions/(?P<number>[0-9]{1,9})", endpoint(GET=_whole(records.definition)), "definition"),
]
