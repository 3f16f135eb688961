"""Three people and a workspace open in this process: what the tests of pages and of the API stand on.

Ada administers, Sam sells, Mia is of marketing. Their passwords are their names, with a cheap hash.
"""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ripeline.events.decode import decode_all
from ripeline.server.workspace import Workspace, opened

if TYPE_CHECKING:
    from django.test import Client

CAST = {
    "ada": {"name": "Ada Ahlberg", "team": "operations", "administrator": True},
    "sam": {"name": "Sam Sundin", "team": "sales", "territory": "Nordics"},
    "mia": {"name": "Mia Mazur", "team": "marketing"},
}


def present() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with its tables and nothing in them, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("migrated")
    (folder / "ripeline.toml").write_text("")
    with opened(folder, now=present):
        pass
    return folder


@pytest.fixture
def workspace(migrated: Path, tmp_path: Path) -> Iterator[Workspace]:
    """An open workspace with the three people in it."""
    folder = tmp_path / "workspace"
    shutil.copytree(migrated, folder, ignore=shutil.ignore_patterns("*.sock", "lock"))
    with opened(folder, now=present) as workspace:
        from django.conf import settings
        from django.test.utils import override_settings

        from ripeline.server.people import actions

        assert settings.DATABASES["default"]["NAME"] == folder / "data/console.db"
        with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
            for key, person in CAST.items():
                actions.add(email=f"{key}@ours.example", password=key, at=present(), **person)  # type: ignore[arg-type]  # a person's fields
            yield workspace


@pytest.fixture
def browser(workspace: Workspace) -> Callable[..., "Client"]:
    """A browser: `browser("sam")` is signed in as Sam, `browser()` as nobody."""
    from django.test import Client

    from ripeline.server.people.models import User

    def opened_by(who: str = "", **more: Any) -> Client:
        client = Client(headers={"host": "localhost"}, **more)
        if who:
            client.force_login(User.objects.get(email=f"{who}@ours.example"))
        return client

    return opened_by
