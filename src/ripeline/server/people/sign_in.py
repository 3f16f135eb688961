"""Signing in and out."""

from datetime import datetime

from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from ripeline.server.people import attempts
from ripeline.server.people.forms import SignInForm


@sensitive_post_parameters("password")
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask who it is; afterwards on to `next`, if that is a page of ours."""
    onward = _onward(request)
    if request.user.is_authenticated:
        return redirect(onward)
    form = SignInForm(request.POST or None)
    if form.is_valid():
        refusal = _refusal(request, form, now=timezone.now())
        if refusal is None:
            return redirect(onward)
        form.add_error(None, refusal)
    return render(request, "people/sign_in.html", {"form": form, "onward": onward}, status=422 if form.errors else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("people:sign-in")


def _onward(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next") or "/"
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if ours else "/"


def _refusal(request: HttpRequest, form: SignInForm, *, now: datetime) -> str | None:
    """Sign in; why not, if not. The same words for an unknown person, a wrong password and a deactivated one."""
    email, address = form.cleaned_data["email"], request.META["REMOTE_ADDR"]
    if until := attempts.begin(email, address, now=now):
        minutes = int((until - now).total_seconds() // 60) + 1
        return ngettext(
            "Too many attempts. Try again in %(minutes)d minute.",
            "Too many attempts. Try again in %(minutes)d minutes.",
            minutes,
        ) % {"minutes": minutes}
    user = authenticate(request, username=email, password=form.cleaned_data["password"])
    if user is None:
        return _("This email and password do not belong together. An administrator can give you a new password.")
    attempts.forget(email, address)
    login(request, user)
    return None
