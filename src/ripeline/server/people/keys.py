"""Settings, keys: what may send events, and what may read the API."""

import msgspec
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ripeline.server import workspace
from ripeline.server.api.queries import token_uses
from ripeline.server.log.commands import KeyMade, NameTaken, NewKey, RevokeKey
from ripeline.server.log.queries import keys as known_keys
from ripeline.server.people import access
from ripeline.server.people.forms import KeyForm
from ripeline.server.sources import queries as sources


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    uses = token_uses()
    listed = [msgspec.structs.replace(key, used_at=uses.get(key.id, key.used_at)) for key in known_keys()]
    in_force, revoked = ([key for key in listed if bool(key.revoked_at) is gone] for gone in (False, True))
    context = {"in_force": in_force, "revoked": revoked, "barred": access.reason_against(access.person(request))}
    return render(request, "people/keys.html", context)


@never_cache
@access.administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make a key; the answer shows its secret, of which only a hash is stored."""
    form = KeyForm(request.POST or None)
    if form.is_valid():
        wish = NewKey(kind=form.cleaned_data["kind"], name=form.cleaned_data["name"], at=timezone.now())
        try:
            made = workspace.current().submit(wish).result()
        except NameTaken:
            form.add_error("name", _("A key of this name is in use. Choose another, or revoke that one first."))
        else:
            assert isinstance(made, KeyMade)
            return render(request, "people/secret.html", _told_once(request, made))
    return render(request, "people/new_key.html", {"form": form}, status=422 if form.errors else 200)


def _told_once(request: HttpRequest, made: KeyMade) -> dict[str, object]:
    """The secret, and with a write key all lines that carry it: later nobody can fill it in."""
    told: dict[str, object] = {"key": made, "origin": request.build_absolute_uri("/")}
    if made.kind == "write":
        told |= {
            "source": sources.source(made.id, now=timezone.now()),
            "lines": sources.connecting(request, key=made.secret),
        }
    return told


@access.administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, id: int) -> HttpResponse:
    """Say what revoking does; do it when confirmed."""
    key = next((key for key in known_keys() if key.id == id and key.revoked_at is None), None)
    if key is None:
        raise Http404
    if request.method != "POST":
        return render(request, "people/revoke.html", {"key": key})
    workspace.current().submit(RevokeKey(id=id, at=timezone.now())).result()
    messages.success(request, _("The key “%(name)s” opens nothing any more.") % {"name": key.name})
    return redirect("people:keys")
