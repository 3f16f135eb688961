"""Files are kept, imported beside everything else, stopped, and forgotten again."""

import logging
import shutil
from datetime import timedelta
from pathlib import Path
from threading import Event as Signal
from threading import Lock, Thread
from threading import enumerate as enumerate_threads

from django.core.files.uploadedfile import UploadedFile
from django.db import close_old_connections, connections
from django.utils import timezone
from django.utils.translation import gettext as _

from ripeline.batch.history import History
from ripeline.batch.mapping_text import MappingError, mapping
from ripeline.batch.tables import UnreadableFile, kind
from ripeline.server import workspace
from ripeline.server.imports.models import State, Upload
from ripeline.server.imports.refused_rows import RefusedRows
from ripeline.server.imports.running import SERVED, Counts, Import, Stopped
from ripeline.server.log.commands import CommandError

KEPT = 50  # imports that are shown; those before them are forgotten
ABANDONED_AFTER = timedelta(days=7)  # files nobody started to import
LONGEST_NAME = 120

logger = logging.getLogger(__name__)
_going: dict[int, Signal] = {}  # imports this process carries out
_at_the_list = Lock()


class Busy(Exception):
    """Another import is under way."""


def keep(file: "UploadedFile[bytes]", *, by: str) -> Upload:
    """The file, whole, in the workspace's folder. Raises UnreadableFile for a kind that is not read."""
    name = _safe(file.name or "")
    kind(Path(name))
    _forget_old()
    kept = Upload.objects.create(name=name, size=file.size or 0, by=by, uploaded_at=timezone.now())
    try:
        folder_of(kept).mkdir(parents=True)
        with path_of(kept).open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
    except BaseException:
        remove(kept)
        raise
    return kept


def folder_of(upload: Upload) -> Path:
    return workspace.current().folder / "data" / "uploads" / str(upload.pk)


def path_of(upload: Upload) -> Path:
    """Where the file is, under its own name: ids of rows without one are made of it."""
    return folder_of(upload) / upload.name


def refused_of(upload: Upload) -> Path:
    return folder_of(upload) / ".refused.csv"  # no name that an uploaded file can have


def is_going(upload: Upload) -> bool:
    """Whether this process imports it; one that another began ended with that."""
    return upload.pk in _going


def start(upload: Upload) -> None:
    """The import begins, or begins again: what was stored by then counts once. Raises Busy, and what is unreadable."""
    text = upload.mapping
    with _at_the_list:
        if _going:
            raise Busy
        history = History(path_of(upload), mapping(text) if text else None, source=upload.source)
        signal = _going[upload.pk] = Signal()
    refused_of(upload).unlink(missing_ok=True)
    Upload.objects.filter(pk=upload.pk).update(
        state=State.RUNNING, rows=0, stored=0, duplicates=0, refused=0, ended_at=None, detail=""
    )
    Thread(target=_run, args=(upload, history, signal), name=f"import-{upload.pk}", daemon=True).start()


def stop(upload: Upload) -> None:
    """No more of it is taken in from now on; what was stays."""
    signal = _going.get(upload.pk)
    if signal is not None:
        signal.set()


def threads() -> list[Thread]:
    """Those that import just now."""
    return [thread for thread in enumerate_threads() if thread.name.startswith("import-")]


def remove(upload: Upload) -> None:
    """File, refused rows and counts go; what was imported stays."""
    shutil.rmtree(folder_of(upload), ignore_errors=True)
    Upload.objects.filter(pk=upload.pk).delete()


def _run(upload: Upload, history: History, stopped: Signal) -> None:
    counts = Counts()

    def told(present: Counts) -> None:
        nonlocal counts
        counts = present
        _note(upload, counts)
        if stopped.is_set():
            raise Stopped

    state, detail = State.DONE, ""
    refused = RefusedRows(refused_of(upload))
    opened = workspace.current()
    try:
        running = Import(opened.submit, refused=refused, told=told, at_once=SERVED, folder=folder_of(upload))
        running.run(history, end=timezone.now())
    except Stopped:
        state = State.STOPPED
    except (UnreadableFile, MappingError, CommandError, OSError) as problem:
        state, detail = State.FAILED, str(problem)
    except Exception:
        logger.exception("an import failed")
        state, detail = State.FAILED, _("The server failed; its log says how.")
    finally:
        refused.close()
        _note(upload, counts, state=state, detail=detail, ended_at=timezone.now())
        if state == State.DONE:
            path_of(upload).unlink(missing_ok=True)
        _going.pop(upload.pk, None)
        connections.close_all()


def _note(upload: Upload, counts: Counts, **more: object) -> None:
    close_old_connections()
    told = {"rows": counts.rows, "stored": counts.stored, "duplicates": counts.duplicates, "refused": counts.refused}
    Upload.objects.filter(pk=upload.pk).update(**told, **more)


def _forget_old() -> None:
    abandoned = Upload.objects.filter(state=State.UPLOADED, uploaded_at__lt=timezone.now() - ABANDONED_AFTER)
    for upload in [*abandoned, *Upload.objects.all()[KEPT - 1 :]]:
        if not is_going(upload):
            remove(upload)


def _safe(told: str) -> str:
    """A file's name as one of ours: no path, nothing that cannot be printed, the ending kept."""
    name = "".join(letter for letter in Path(told).name if letter.isprintable() and letter not in "/\\").lstrip(".")
    return name if len(name) <= LONGEST_NAME else name[-LONGEST_NAME:].lstrip(".")
