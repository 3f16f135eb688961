"""A workspace: a folder with an agreement, its settings and its data, opened by one process at a time.

- `DIR/ripeline.toml`: settings
- `DIR/definition.yaml`: the agreement being written; what is in force is what was published
- `DIR/data/`: `ripeline.db` (the log), `console.db` (people), `lake/`, `outbox/`, `lock`, `control.sock`
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from ripeline.server.configuration import configuration
from ripeline.server.control import Asked
from ripeline.server.log.change import Change
from ripeline.server.log.commands import Command
from ripeline.server.log.keyring import KeyRing
from ripeline.server.log.writer import Writer
from ripeline.server.migrating import migrate, set_up_django
from ripeline.translation import translated


class Workspace(Protocol):
    """What an open workspace offers. `submit` is thread-safe; its future holds the answer after the commit.

    `listeners` hear of each commit, in the writer's thread: they must return at once. `keys` knows the hashes in force.
    Where a running server holds the workspace, `submit` asks it; `keys` and `listeners` are then empty.
    """

    @property
    def folder(self) -> Path: ...

    @property
    def keys(self) -> KeyRing: ...

    @property
    def listeners(self) -> list[Callable[[Change], None]]: ...

    def submit(self, command: Command) -> "Future[Any]": ...


class NoWorkspaceError(Exception):
    """The folder is no workspace; the text says what to do."""


class WorkspaceHeldError(Exception):
    """Another process has the workspace open; the text says which, and what to do."""


class Local:
    """A workspace this process has to itself."""

    def __init__(self, folder: Path, writer: Writer) -> None:
        self.folder = folder
        self.writer = writer
        self.keys = writer.keys
        self.listeners = writer.listeners
        self.submit = writer.submit


@contextmanager
def opened(folder: Path, *, now: Callable[[], datetime]) -> Iterator[Workspace]:
    """The workspace in `folder`: its databases migrated, its writer running, or the server that holds it asked.

    Raises NoWorkspaceError, WorkspaceHeldError, and what reading `ripeline.toml` raises.
    """
    folder = folder.resolve()
    with ExitStack() as stack:
        workspace: Workspace
        try:
            workspace = stack.enter_context(held(folder, now=now))
        except WorkspaceHeldError:
            workspace = Asked(folder)
            if not workspace.answers():
                raise
            set_up_django(folder)
        make_current(workspace)
        try:
            yield workspace
        finally:
            make_current(None)


@contextmanager
def held(folder: Path, *, now: Callable[[], datetime], address: str = "") -> Iterator[Local]:
    """The workspace in `folder` for this process alone. Raises NoWorkspaceError and WorkspaceHeldError."""
    folder = folder.resolve()
    if not (folder / "ripeline.toml").is_file():
        raise NoWorkspaceError(
            translated("{folder} is no workspace: make one with `ripeline init {folder}`", folder=folder)
        )
    settings = configuration(folder)
    (folder / "data").mkdir(exist_ok=True)
    with locked(folder):
        set_up_django(folder)
        migrate(folder)
        writer = Writer(folder / "data" / "ripeline.db", now=now, address=settings.workspace.address or address)
        try:
            yield Local(folder, writer)
        finally:
            writer.close()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keeps every other process out of the workspace. The lock goes with the process, however that ends.

    Raises WorkspaceHeldError.
    """
    handle = os.open(folder / "data" / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(handle, 20).decode() or "?"
            told = translated(
                "{folder} is open in process {holder}: stop that, or wait until it has ended",
                folder=folder,
                holder=holder,
            )
            raise WorkspaceHeldError(told) from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)


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
