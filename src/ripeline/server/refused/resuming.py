"""Many refused events are replayed or discarded in parts, one command each, so that the writer is free between them."""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

from ripeline.server.log.commands import Command, CommandError, Discard, Replay, Replayed
from ripeline.server.log.records import RefusedEvent, Resumption

AT_ONCE = 200  # rows a part
MOST_BYTES = 2_000_000  # of their bodies
LOOKS_EVERY = timedelta(seconds=1)

logger = logging.getLogger(__name__)
Submit = Callable[[Command], "Future[Any]"]


class Resumer:
    """Does what is under way until `close`, also what a process before left undone."""

    def __init__(self, submit: Submit, *, now: Callable[[], datetime]) -> None:
        self._submit = submit
        self._now = now
        self._closing = Event()
        self._thread = Thread(target=self._work, name="resumer")

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Ends after the part that is being done; the next process goes on."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()

    def _work(self) -> None:
        from django.db import connections

        while not self._closing.is_set():
            try:
                self._round()
            except CommandError:
                logger.warning("refused events could not be replayed; it is tried again", exc_info=True)
            except Exception:
                logger.exception("refused events could not be replayed; it is tried again")
            self._closing.wait(LOOKS_EVERY.total_seconds())
        connections.close_all()

    def _round(self) -> None:
        from ripeline.server.log import queries

        for resumption in queries.resumptions_under_way():
            going: Resumption | None = resumption
            while going is not None and going.done_at is None and not self._closing.is_set():
                do_part(going, self._submit, now=self._now())
                going = queries.resumption(going.id)


def do_part(resumption: Resumption, submit: Submit, *, now: datetime) -> None:
    """The next part of it, the oldest first; with the last one it is done."""
    from ripeline.server.log import queries

    ids = queries.refused_part(resumption, limit=AT_ONCE)
    by, id = resumption.by, resumption.id
    if resumption.act == "discard":
        submit(Discard(ids=ids, by=by, at=now, resumption=id, reached=_reached(resumption, ids))).result()
        return
    rows: list[Replayed] = []
    again = size = count = 0
    for each in ids:
        event = queries.refused_one(each)
        replayed = None if event is None else _replayed(event, now=now)
        count, size = count + 1, size + (0 if event is None else event.size)
        again += replayed is None
        if replayed is not None:
            rows.append(replayed)
        if size >= MOST_BYTES:
            break
    reached = ids[count - 1] if count < len(ids) else _reached(resumption, ids)
    submit(Replay(rows=rows, by=by, at=now, resumption=id, reached=reached, again=again)).result()


def _reached(resumption: Resumption, ids: list[int]) -> int:
    return ids[-1] if len(ids) == AT_ONCE else resumption.last


def _replayed(event: RefusedEvent, *, now: datetime) -> Replayed | None:
    """What it has become; None where it is refused again, and stays as it is."""
    from ripeline.server.refused.actions import reading

    try:
        found = reading(event, event.body, now=now)
    except Exception:
        logger.exception("refused event %s could not be read again", event.id)
        return None
    if found.refused and not found.accepted:
        return None
    return Replayed(id=event.id, accepted=found.accepted, refused=found.refused)
