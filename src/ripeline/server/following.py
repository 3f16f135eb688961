"""When committed rows go on to the lake: a full segment at once, or what there is after a minute.

The lake comes with Arrow, so the thread loads it as it begins, and nobody waits for it.
"""

import logging
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

from ripeline.server.log.change import Change

if TYPE_CHECKING:
    from ripeline.server.mirror import Mirror

AT_LATEST_SECONDS = 60.0  # after which fewer rows go too

logger = logging.getLogger(__name__)


class Follower:
    """Has the lake in `folder` follow the log at `path` until `close`, in a thread."""

    def __init__(self, path: Path, folder: Path) -> None:
        self._path = path
        self._folder = folder
        self._mirror: Mirror | None = None
        self._closing = Event()
        self._enough = Event()
        self._thread = Thread(target=self._follow, name="mirror")

    def start(self) -> None:
        self._thread.start()

    def heard(self, told: Change) -> None:
        """A commit: in the writer's thread, so it only wakes the mirror, and only for a full segment."""
        if self._mirror is not None and self._mirror.is_behind(told.cursor):
            self._enough.set()

    def close(self) -> None:
        """Mirrors what is left, then ends."""
        self._closing.set()
        self._enough.set()
        if self._thread.is_alive():
            self._thread.join()

    def _follow(self) -> None:
        from ripeline.server.mirror import Mirror

        self._mirror = mirror = Mirror(self._path, self._folder)
        going = True
        while going:
            self._enough.wait(AT_LATEST_SECONDS)
            self._enough.clear()
            going = not self._closing.is_set()
            try:
                mirror.catch_up()
                if going:
                    mirror.tidy()
            except Exception:
                logger.exception("the lake could not follow the log; it tries again")
