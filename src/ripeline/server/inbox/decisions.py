"""Accept, reject, reassign and undo: checked again by the writer, answered by the next lead or by who was faster."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ripeline.server.inbox import actions, queries
from ripeline.server.inbox.standing import refused
from ripeline.server.inbox.views import is_fragment, is_mine, panes, record_or_404
from ripeline.server.leads.titles import heading
from ripeline.server.log import queries as log
from ripeline.server.log.commands import Conflict, Moved, NotAllowed
from ripeline.server.people.access import person

LONGEST_NOTE = 2000


@require_POST
def accept(request: HttpRequest, id: int) -> HttpResponse:
    """Take the lead on."""
    record, by = record_or_404(id), person(request).email
    name = heading(record).name
    return _decided(
        request,
        record,
        lambda: actions.accept(record, by=by, at=timezone.now(), note=_note(request)),
        said=_("%(name)s accepted.") % {"name": name},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def reject(request: HttpRequest, id: int) -> HttpResponse:
    """Give the lead back for a reason; the form is a page of its own where there is no dialog."""
    record, by = record_or_404(id), person(request).email
    reason = request.POST.get("reason", "")
    if request.method != "POST":
        return _form(request, record, "inbox/reject.html")
    definition = queries.current_definition()
    if reason not in {known.key for known in (definition.reject_reasons if definition else ())}:
        error = _("Choose a reason: it says what follows.")
        return _form(request, record, "inbox/reject.html", error=error, status=422)
    name = heading(record).name
    return _decided(
        request,
        record,
        lambda: actions.reject(record, by=by, reason=reason, at=timezone.now(), note=_note(request)),
        said=_("%(name)s rejected.") % {"name": name},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def reassign(request: HttpRequest, id: int) -> HttpResponse:
    """Give the lead to a colleague; the clock runs on."""
    record, by = record_or_404(id), person(request).email
    if request.method != "POST":
        return _form(request, record, "inbox/reassign.html")
    rep = next((rep for rep in log.reps() if rep.key == request.POST.get("to")), None)
    if rep is None:
        return _form(request, record, "inbox/reassign.html", error=_("Choose a colleague."), status=422)
    values = {"name": heading(record).name, "colleague": rep.name}
    seen = actions.Seen(owner=request.POST.get("owner_seen"), stage=request.POST.get("stage_seen"))
    return _decided(
        request,
        record,
        lambda: actions.reassign(record, to=rep.key, seen=seen, by=by, at=timezone.now()),
        said=_("%(name)s now belongs to %(colleague)s.") % values,
        leaves=is_mine(request),
        can_undo=False,
    )


@require_POST
def undo(request: HttpRequest, id: int, act: int) -> HttpResponse:
    """Take back one's own last decision, and show the lead again where one stands."""
    record = record_or_404(id)
    try:
        actions.undo(record.id, act=act, by=person(request).email, at=timezone.now())
    except (Conflict, NotAllowed) as refusal:
        messages.error(request, refused(refusal, log.reps(), now=timezone.now()))
    else:
        messages.success(request, _("Taken back: %(name)s waits again.") % {"name": heading(record).name})
    on_lead_page = "/leads/" in (request.htmx.current_url or request.headers.get("Referer", ""))  # type: ignore[attr-defined]  # set by django-htmx
    if on_lead_page:
        return _gone_to(request, reverse("leads:lead", args=[record.id]))
    if not is_fragment(request):
        return redirect(reverse("inbox:lead", args=[record.id]))
    response = _panes(request, record.id)
    response["HX-Retarget"], response["HX-Reswap"] = "#inbox", "innerHTML"
    return response


def _decided(
    request: HttpRequest,
    record: log.LeadRecord,
    act: Callable[[], Moved],
    *,
    said: str,
    leaves: bool = True,
    can_undo: bool = True,
) -> HttpResponse:
    """Carry out `act` and go on: to the next lead in the inbox, or back to the lead's own page."""
    order = _order(request)
    try:
        moved = act()
    except (Conflict, NotAllowed) as refusal:
        return _refused(request, record, refusal)
    undo_url = reverse("inbox:undo", args=[record.id, moved.seq]) if can_undo else ""
    messages.success(request, said, extra_tags=undo_url)
    if request.POST.get("back") == "lead":
        return _gone_to(request, reverse("leads:lead", args=[record.id]))
    shown = queries.after(order, record.id) if leaves else record.id
    if not is_fragment(request):
        return redirect(_address(request, shown), permanent=False)
    return _panes(request, shown)


def _panes(request: HttpRequest, shown: int | None, *, status: int = 200, **more: Any) -> HttpResponse:
    mine = is_mine(request)
    context = panes(request, shown, opened=shown is not None, mine=mine, with_toasts=True, **more)
    response = render(request, "inbox/_panes.html", context, status=status)
    response["HX-Push-Url"] = _address(request, shown)
    return response


def _refused(request: HttpRequest, record: log.LeadRecord, refusal: Conflict | NotAllowed) -> HttpResponse:
    """Say in place who decided meanwhile and when; nothing was changed."""
    now = timezone.now()
    sentence = refused(refusal, log.reps(), now=now)
    if request.POST.get("back") == "lead":
        messages.error(request, f"{sentence} {_('Your decision was not saved.')}")
        return _gone_to(request, reverse("leads:lead", args=[record.id]))
    if is_fragment(request):
        return _panes(request, record.id, status=409, conflict=sentence)
    context = panes(request, record.id, opened=True, mine=is_mine(request), conflict=sentence)
    return render(request, "inbox/inbox.html", context, status=409)


def _form(
    request: HttpRequest, record: log.LeadRecord, template: str, *, error: str = "", status: int = 200
) -> HttpResponse:
    """A decision's form as a page of its own; where it came from a dialog, the panes with the error as a toast."""
    mine = is_mine(request)
    if error and is_fragment(request):
        messages.error(request, error)
        return _panes(request, record.id, status=status)
    context = {
        **queries.action_bar(record, log.acts(record.id), mine=mine, now=timezone.now()),
        "error": error,
        "chosen": request.POST,
    }
    if (request.POST or request.GET).get("back") == "lead":
        context["urls"] |= {"back": reverse("leads:lead", args=[record.id]), "back_to": "lead"}
    return render(request, template, context, status=status)


def _order(request: HttpRequest) -> list[int]:
    owner = person(request).email if is_mine(request) else None
    return queries.order(owner=owner, now=timezone.now())


def _address(request: HttpRequest, lead: int | None) -> str:
    path = reverse("inbox:lead", args=[lead]) if lead is not None else reverse("inbox:list")
    query = QueryDict(mutable=True)
    if is_mine(request):
        query["mine"] = "1"
    return f"{path}?{query.urlencode()}" if query else path


def _gone_to(request: HttpRequest, url: str) -> HttpResponse:
    """Go to another page, asked by htmx or not."""
    if not is_fragment(request):
        return redirect(url)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = url
    return response


def _note(request: HttpRequest) -> str:
    return request.POST.get("note", "").strip()[:LONGEST_NOTE]
