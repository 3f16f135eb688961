"""A workspace: a folder with an agreement, its settings and its data, opened by one process at a time.

    DIR/ripeline.toml      settings
    DIR/definition.yaml    the agreement being written; what is in force is what was published
    DIR/data/              ripeline.db (the log), console.db (people), lake/, outbox/, lock, control.sock
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from ripeline.server.log.commands import Answer, Command
from ripeline.server.log.keyring import KeyRing
from ripeline.server.log.queries import Change


class Workspace(Protocol):
    """What an open workspace offers. `submit` is thread-safe; its future holds the answer after the commit.

    `listeners` hear of each commit, in the writer's thread: they must return at once. `keys` knows the hashes in force.
    Where a running server holds the workspace, `submit` asks it; `keys` and `listeners` are then empty.
    """

    folder: Path
    keys: KeyRing
    listeners: list[Callable[[Change], None]]

    def submit(self, command: Command) -> "Future[Answer]": ...


@contextmanager
def opened(folder: Path, *, now: Callable[[], datetime]) -> Iterator[Workspace]:
    """The workspace in `folder`: its databases migrated, its writer running, or the server that holds it asked."""
    raise NotImplementedError
    yield


_current: Workspace | None = None


def current() -> Workspace:
    """The workspace this process serves. Raises LookupError where none is open."""
    if _current is None:
        raise LookupError("no workspace is open in this process")
    return _current


def make_current(workspace: Workspace | None) -> None:
    """Names the workspace that views and the door submit to."""
    global _current  # noqa: PLW0603 - one process serves one workspace
    _current = workspace


def settings_of(folder: Path) -> dict[str, Any]:
    raise NotImplementedError
