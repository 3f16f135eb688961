"""The shell's own answers: the way home, the inbox's count, the search dialog's finds."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from ripeline.server import searching
from ripeline.server.log import queries

FINDS = 8


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return redirect("inbox:list")


@require_safe
@login_not_required
def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(staticfiles_storage.url("console/mark.svg"), permanent=False)


@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    """The inbox's count again, asked for when a change is announced."""
    return render(request, "console/_count_again.html")


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The first leads that match what is being typed into the search dialog."""
    sought = searching.sought(request.GET.get("q", ""))
    found = queries.leads(search=sought, per_page=FINDS) if sought else None
    return render(request, "console/_found.html", {"sought": sought, "found": found})
