"""Settings, people: who is here, adding somebody, changing somebody."""

from copy import copy

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ripeline.server.people import access, actions
from ripeline.server.people.forms import PersonForm
from ripeline.server.people.models import User


@require_safe
def everybody(request: HttpRequest) -> HttpResponse:
    people = User.objects.order_by("-is_active", "name", "pk")
    return render(
        request, "people/people.html", {"people": people, "barred": access.reason_against(access.person(request))}
    )


@never_cache
@access.administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add somebody; the answer shows their first password, which is stored nowhere."""
    form = PersonForm(request.POST or None)
    if not form.is_valid():
        return render(request, "people/add.html", {"form": form}, status=422 if form.errors else 200)
    described = {name: form.cleaned_data[name] for name in ("email", "name", "team", "territory")}
    user, password = actions.add(**described, administrator=form.cleaned_data["is_administrator"], at=timezone.now())
    return render(request, "people/password.html", {"person": user, "password": password, "is_new": True})


@access.administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, id: int) -> HttpResponse:
    person = get_object_or_404(User, pk=id)  # as stored: a form writes into its instance even if it is refused
    form = PersonForm(request.POST or None, instance=copy(person))
    if form.is_valid():
        changed = form.save(commit=False)
        try:
            actions.change(changed)
        except actions.MustStay as refusal:
            form.add_error("is_administrator", str(refusal))
        else:
            messages.success(request, _("Saved %(name)s.") % {"name": changed.name})
            return redirect("people:people")
    return render(request, "people/change.html", {"form": form, "person": person}, status=422 if form.errors else 200)


@never_cache
@access.administrators_only
@require_POST
def reset_password(request: HttpRequest, id: int) -> HttpResponse:
    user = get_object_or_404(User, pk=id)
    return render(request, "people/password.html", {"person": user, "password": actions.reset_password(user)})


@access.administrators_only
@require_POST
def deactivate(request: HttpRequest, id: int) -> HttpResponse:
    user = get_object_or_404(User, pk=id)
    try:
        actions.set_active(user, active=False)
    except actions.MustStay as refusal:
        messages.error(request, str(refusal))
        return redirect("people:change", id)
    messages.success(request, _("%(name)s can no longer sign in and is given no new leads.") % {"name": user.name})
    return redirect("people:people")


@access.administrators_only
@require_POST
def activate(request: HttpRequest, id: int) -> HttpResponse:
    user = get_object_or_404(User, pk=id)
    actions.set_active(user, active=True)
    messages.success(request, _("%(name)s can sign in again.") % {"name": user.name})
    return redirect("people:people")
