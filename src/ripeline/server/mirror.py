"""Committed rows go on to the lake, thousands at once. What a crash leaves out comes again: the lake knows its end."""

import sqlite3
from contextlib import closing
from pathlib import Path

from ripeline.batch.compaction import compact, worth_compacting
from ripeline.batch.lake import Lake
from ripeline.server.log.store import mirrored

ROWS_AT_ONCE = 10_000


class Mirror:
    """Brings the log at `path` into the lake in `folder`, through a connection of its own."""

    def __init__(self, path: Path, folder: Path) -> None:
        self._path = path
        self.lake = Lake(folder)

    def is_behind(self, cursor: int) -> bool:
        """Whether a full segment was committed by `cursor` and is not in the lake."""
        return cursor - self.lake.mirrored_to() >= ROWS_AT_ONCE

    def catch_up(self) -> None:
        """Everything committed by now is in the lake when this returns."""
        with closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)) as db:
            decided = mirrored.newest_change(db)  # before the events: nothing decided comes without what led to it
            while events := mirrored.events(db, self.lake.mirrored_to(), ROWS_AT_ONCE):
                self.lake.mirror(events)
            for table in mirrored.RECORDS:
                rows = mirrored.changed(db, table, after=self.lake.mirrored_to(table), through=decided)
                self.lake.record(table, rows, through=decided)

    def tidy(self) -> None:
        """Many small files become few, where that is worth it."""
        if worth_compacting(self.lake):
            compact(self.lake)
