"""Who may import: administrators and people of operations. Everybody else sees the page, with the reason."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from ripeline.server.people import access

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def reason_against(request: HttpRequest) -> str:
    """Why the signed-in person may not import; empty if they may."""
    person = access.person(request)
    if person.is_administrator or person.team == "operations":
        return ""
    return _("Only administrators and people of operations can import.")


def importers_only(view: View[P]) -> View[P]:
    """403 with the reason for everybody else."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if reason := reason_against(request):
            raise PermissionDenied(reason)
        return view(request, *args, **kwargs)

    return guarded
