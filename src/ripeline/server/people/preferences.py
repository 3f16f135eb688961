"""Settings, one's own: colours, language, keys, password."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ripeline.server.people import access, actions
from ripeline.server.people.forms import PasswordForm, PreferencesForm


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    form = PreferencesForm(request.POST or None, instance=access.person(request))
    if form.is_valid():
        form.save(commit=False).save(update_fields=form.cleaned_data)  # the rest may change meanwhile
        messages.success(request, _("Your preferences are saved."))
        return redirect("people:preferences")
    return render(request, "people/preferences.html", {"form": form}, status=422 if form.errors else 200)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """A new password of one's own; other browsers are signed out by it."""
    user = access.person(request)
    form = PasswordForm(user, request.POST or None)
    if form.is_valid():
        actions.set_password(user, form.cleaned_data["new_password"])
        update_session_auth_hash(request, user)
        messages.success(request, _("Your password is changed. Other browsers are signed out."))
        return redirect("people:preferences")
    return render(request, "people/own_password.html", {"form": form}, status=422 if form.errors else 200)
