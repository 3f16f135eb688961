"""Three people and a workspace open in this process: what the tests of pages and of the API stand on.

Ada administers, Sam sells, Mia is of marketing. Their passwords are their names, with a cheap hash.
"""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.test.utils import override_settings

import ripeline.definition
from ripeline.events.event import Event
from ripeline.server.log.commands import Ingest, Publish, Signature
from ripeline.server.migrating import set_up_django
from ripeline.server.workspace import Workspace, opened

Browser = Callable[..., Client]

# Models can be imported from here on; each test then opens a workspace of its own.
set_up_django(Path(mkdtemp(prefix="ripeline-unopened-")))

STARTER = (Path(ripeline.definition.__file__).parent / "templates/definition.yaml").read_text("utf-8")
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

        from ripeline.server.people import actions

        assert settings.DATABASES["default"]["NAME"] == folder / "data/console.db"
        with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
            for key, person in CAST.items():
                actions.add(email=f"{key}@ours.example", password=key, at=present(), **person)  # type: ignore[arg-type]  # a person's fields
            yield workspace


@pytest.fixture
def browser(workspace: Workspace) -> Browser:
    """A browser: `browser("sam")` is signed in as Sam, `browser()` as nobody."""
    from ripeline.server.people.models import User

    def opened_by(who: str = "", **more: Any) -> Client:
        client = Client(headers={"host": "localhost"}, **more)
        if who:
            client.force_login(User.objects.get(email=f"{who}@ours.example"))
        return client

    return opened_by


def event(name: str = "Page Viewed", *, user_id: str | None = "ada", **more: Any) -> Event:
    """Something a lead did a moment ago."""
    at = more.pop("at", present())
    kind = "page" if name == "Page Viewed" else "track"
    told = {"kind": kind, "message_id": uuid4().hex, "occurred_at": at, "received_at": at, **more}
    return Event(source="website", name=name, user_id=user_id, **told)


def known_as(user_id: str, **facts: Any) -> Event:
    """Somebody says who they are."""
    return event("Identified", kind="identify", user_id=user_id, facts=facts)


def send(workspace: Workspace, *events: Event) -> None:
    """The events are on disk, folded and decided."""
    workspace.submit(Ingest(source="website", accepted=events)).result(timeout=30)


def publish(workspace: Workspace, text: str = STARTER) -> None:
    """The definition is in force, signed by both teams."""
    signatures = (Signature(team="marketing", name="Mia Mazur"), Signature(team="sales", name="Sam Sundin"))
    workspace.submit(Publish(text=text, signatures=signatures, at=present())).result(timeout=30)
