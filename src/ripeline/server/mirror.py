"""Committed rows go on to the lake, thousands at once. What a crash leaves out comes again: the lake knows its end."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

from ripeline.batch.compaction import compact, worth_compacting
from ripeline.batch.lake import Lake
from ripeline.server.log.change import Change
from ripeline.server.log.store import mirrored

ROWS_AT_ONCE = 10_000
AT_LATEST_SECONDS = 60.0  # after which fewer rows go too

logger = logging.getLogger(__name__)


class Mirror:
    """Follows the log at `path` into the lake in `folder`, in its own thread and through its own connection."""

    def __init__(self, path: Path, folder: Path) -> None:
        self._path = path
        self.lake = Lake(folder)
        self._closing = Event()
        self._enough = Event()
        self._thread = Thread(target=self._follow, name="mirror")

    def start(self) -> None:
        self._thread.start()

    def heard(self, told: Change) -> None:
        """A commit: in the writer's thread, so it only wakes the mirror, and only for a full segment."""
        if told.cursor - self.lake.mirrored_to() >= ROWS_AT_ONCE:
            self._enough.set()

    def close(self) -> None:
        """Mirrors what is left, then ends."""
        self._closing.set()
        self._enough.set()
        if self._thread.is_alive():
            self._thread.join()

    def catch_up(self) -> None:
        """Everything committed by now is in the lake when this returns."""
        with closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)) as db:
            while events := mirrored.events(db, self.lake.mirrored_to(), ROWS_AT_ONCE):
                self.lake.mirror(events)
            self._records(db)

    def _records(self, db: sqlite3.Connection) -> None:
        through = self.lake.mirrored_to()
        for table, changed in mirrored.RECORDS.items():
            rows = db.execute(changed, {"after": self.lake.mirrored_to(table), "through": through}).fetchall()
            self.lake.record(table, rows, through=through)

    def _follow(self) -> None:
        going = True
        while going:
            self._enough.wait(AT_LATEST_SECONDS)
            self._enough.clear()
            going = not self._closing.is_set()
            try:
                self.catch_up()
                if going and worth_compacting(self.lake):
                    compact(self.lake)
            except Exception:
                logger.exception("the lake could not follow the log; it tries again")
