"""Who may do what: administrators manage people and keys, marketing and operations mend what was refused.

Everybody else sees the pages, disabled, with the reason.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from ripeline.server.people.models import Team, User

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def person(request: HttpRequest) -> User:
    """Who is signed in; only for views that ask for it."""
    assert isinstance(request.user, User)
    return request.user


def reason_against(user: User) -> str:
    """Why `user` may not manage people and keys, and who can; empty if they may."""
    if user.is_administrator:
        return ""
    names = User.objects.filter(is_administrator=True, is_active=True).order_by("name").values_list("name", flat=True)
    return _("Only an administrator can change this: ask %(names)s.") % {"names": get_text_list(list(names), _("or"))}


def reason_against_mending(user: User) -> str:
    """Why `user` may not replay or discard refused events; empty if they may.

    What comes in is the business of marketing and operations; a rep who mends an event would score their own lead.
    """
    if user.is_administrator or user.team in (Team.MARKETING, Team.OPERATIONS):
        return ""
    return _("Marketing, operations and administrators can replay and discard refused events; Sales can look at them.")


def menders_only(view: View[P]) -> View[P]:
    """403 with the reason for everybody else."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if reason := reason_against_mending(person(request)):
            raise PermissionDenied(reason)
        return view(request, *args, **kwargs)

    return guarded


def administrators_only(view: View[P]) -> View[P]:
    """403 with the reason for everybody else."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if reason := reason_against(person(request)):
            raise PermissionDenied(reason)
        return view(request, *args, **kwargs)

    return guarded
