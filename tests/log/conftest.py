"""A workspace of its own for every test, made from one that was migrated once."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from tests.log.desk import Clock, Desk

from ripeline.server import workspace
from ripeline.server.workspace import Local, held


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that was just made."""
    folder = tmp_path_factory.mktemp("new-workspace")
    (folder / "ripeline.toml").touch()
    with held(folder, now=Clock()):
        pass
    return folder


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(migrated: Path, tmp_path: Path) -> Path:
    """A workspace of this test alone, closed."""
    return Path(shutil.copytree(migrated, tmp_path / "workspace"))


@pytest.fixture
def desk(folder: Path, clock: Clock) -> Iterator[Desk]:
    """The workspace, open; nothing is published yet."""
    with held(folder, now=clock) as opened:
        workspace.make_current(opened)
        yield Desk(opened, clock)
        workspace.make_current(None)


@pytest.fixture
def reopened(folder: Path, clock: Clock) -> Callable[[], AbstractContextManager[Local]]:
    """Opens the workspace again, as after a restart."""
    return lambda: held(folder, now=clock)


@pytest.fixture
def tables(migrated: Path) -> Callable[[], sqlite3.Connection]:
    """Makes an empty log in memory, for tests that fill a hundred of them."""

    def made() -> sqlite3.Connection:
        db = sqlite3.connect(":memory:", isolation_level=None)
        with sqlite3.connect(migrated / "data/ripeline.db") as source:
            source.backup(db)
        source.close()
        return db

    return made
