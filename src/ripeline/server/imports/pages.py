"""Settings, import: choose a file, say what its columns are, watch it come in, fetch what was refused."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ripeline.batch.guessing import guessed
from ripeline.batch.mapping_text import MappingError, mapping
from ripeline.batch.tables import UnreadableFile
from ripeline.server.imports import access, actions
from ripeline.server.imports.forms import ColumnsForm, initial
from ripeline.server.imports.models import State, Upload
from ripeline.server.imports.previews import Preview, preview, sampled
from ripeline.server.people.access import person


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """The imports so far, and a file for the next one."""
    problem = ""
    if request.method == "POST":
        if reason := access.reason_against(request):
            problem = reason
        elif (file := request.FILES.get("file")) is None:
            problem = _("Choose a file first.")
        else:
            try:
                return redirect("imports:one", actions.keep(file, by=person(request).email).pk)
            except (UnreadableFile, OSError) as error:
                problem = str(error)
    uploads = [(upload, actions.is_going(upload)) for upload in Upload.objects.all()]
    largest = settings.CONFIGURATION.console.largest_upload_mb
    context = {"uploads": uploads, "problem": problem, "barred": access.reason_against(request), "largest": largest}
    return render(request, "imports/list.html", context, status=422 if problem else 200)


@access.importers_only
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, id: int) -> HttpResponse:
    """The file's columns and first events until it is started; then how far it is, and what came of it."""
    upload = get_object_or_404(Upload, pk=id)
    if upload.state != State.UPLOADED:
        return _progress(request, upload)
    try:
        sample = sampled(actions.path_of(upload))
    except UnreadableFile as error:
        return render(request, "imports/unreadable.html", {"upload": upload, "problem": str(error)}, status=422)
    if request.method != "POST":
        choice = guessed(sample.columns, sample.rows)
        form = ColumnsForm(sample, initial(sample, choice))  # bound: what a guess lacks is said at once
        return _columns(request, upload, form, status=200)
    form = ColumnsForm(sample, request.POST)
    wish = request.POST.get("do", "")
    if form.is_valid() and wish == "save":
        return _saved(form)
    if form.is_valid() and wish == "start":
        upload.mapping, upload.source = form.text, form.cleaned_data["source"]
        upload.save(update_fields=("mapping", "source"))
        return _started(request, upload)
    return _columns(request, upload, form, status=200 if form.is_valid() else 422)


@access.importers_only
@require_POST
def go_on(request: HttpRequest, id: int) -> HttpResponse:
    """An import that was stopped, or interrupted, begins again; what is there already counts once."""
    upload = get_object_or_404(Upload, pk=id)
    if not actions.path_of(upload).is_file():
        raise Http404
    return redirect("imports:one", id) if actions.is_going(upload) else _started(request, upload)


@access.importers_only
@require_POST
def stop(request: HttpRequest, id: int) -> HttpResponse:
    actions.stop(get_object_or_404(Upload, pk=id))
    return redirect("imports:one", id)


@access.importers_only
@require_POST
def remove(request: HttpRequest, id: int) -> HttpResponse:
    """The file and its refused rows go; events that were imported stay."""
    upload = get_object_or_404(Upload, pk=id)
    if actions.is_going(upload):
        messages.error(request, _("Stop the import first."))
        return redirect("imports:one", id)
    actions.remove(upload)
    messages.success(request, _("“%(name)s” is gone; what was imported from it stays.") % {"name": upload.name})
    return redirect("imports:list")


@access.importers_only
@require_safe
def refused(request: HttpRequest, id: int) -> HttpResponse:
    """The refused rows with their reasons, as CSV."""
    path = actions.refused_of(get_object_or_404(Upload, pk=id))
    if not path.is_file():
        raise Http404
    answer: Any = FileResponse(path.open("rb"), as_attachment=True, filename="refused.csv", content_type="text/csv")
    whole = HttpResponse(b"".join(answer.streaming_content), headers=dict(answer.items()))
    answer.close()
    return whole


def _columns(request: HttpRequest, upload: Upload, form: ColumnsForm, *, status: int) -> HttpResponse:
    context = {"upload": upload, "form": form, "preview": _previewed(upload, form) if form.is_valid() else None}
    return render(request, "imports/columns.html", context, status=status)


def _previewed(upload: Upload, form: ColumnsForm) -> Preview | None:
    text = form.text
    try:
        return preview(actions.path_of(upload), mapping(text) if text else None, source=form.cleaned_data["source"])
    except (UnreadableFile, MappingError) as error:
        form.add_error(None, str(error))
        return None


def _saved(form: ColumnsForm) -> HttpResponse:
    headers = {"Content-Disposition": 'attachment; filename="map.yaml"'}
    return HttpResponse(form.text, content_type="application/yaml; charset=utf-8", headers=headers)


def _started(request: HttpRequest, upload: Upload) -> HttpResponse:
    try:
        actions.start(upload)
    except actions.Busy:
        messages.error(request, _("Another import is under way. Start this one when that has ended."))
    except (UnreadableFile, MappingError) as error:
        messages.error(request, str(error))
    return redirect("imports:one", upload.pk)


def _progress(request: HttpRequest, upload: Upload) -> HttpResponse:
    going = actions.is_going(upload)
    if not going:
        upload.refresh_from_db()  # it may have ended since it was read
    context = {
        "upload": upload,
        "going": going,
        "interrupted": upload.state == State.RUNNING and not going,
        "can_go_on": not going and actions.path_of(upload).is_file(),
        "has_refused": not going and actions.refused_of(upload).is_file(),
    }
    fragment = getattr(request, "htmx", False)
    return render(request, "imports/_progress.html" if fragment else "imports/progress.html", context)
