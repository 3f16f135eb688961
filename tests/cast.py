"""Three people and a workspace open in this process: what the tests of pages and of the API stand on.

Ada administers, Sam sells, Mia is of marketing. Their passwords are their names, with a cheap hash.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from django.test import Client
from django.test.utils import override_settings

import ripeline.definition
from ripeline.events.decode import decode
from ripeline.events.event import Event
from ripeline.server.log.commands import Ingest, Publish, Signature
from ripeline.server.migrating import set_up_django
from ripeline.server.workspace import Workspace, opened

Browser = Callable[..., Client]

# Models can be imported from here on; each test then opens a workspace of its own.
set_up_django(Path(mkdtemp(prefix="ripeline-unopened-")))

CHEAP_HASHES = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
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
    """A workspace with the three people and nothing else in it, made once and copied for each test."""
    from ripeline.server.people import actions

    folder = tmp_path_factory.mktemp("migrated")
    (folder / "ripeline.toml").write_text("")
    with opened(folder, now=present), CHEAP_HASHES:
        for key, person in CAST.items():
            actions.add(email=f"{key}@ours.example", password=key, at=present(), **person)  # type: ignore[arg-type]  # a person's fields
    return folder


@pytest.fixture
def workspace(migrated: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace of this test alone, open, with the three people in it."""
    with opened(copied(migrated, tmp_path), now=present) as workspace, CHEAP_HASHES:
        yield workspace


@pytest.fixture
def browser(workspace: Workspace) -> Browser:
    """A browser: `browser("sam")` is signed in as Sam, `browser()` as nobody."""
    return browsing


def copied(migrated: Path, into: Path) -> Path:
    """A closed workspace like `migrated`."""
    return Path(shutil.copytree(migrated, into / "workspace", ignore=shutil.ignore_patterns("*.sock", "lock")))


def browsing(who: str = "", **more: Any) -> Client:
    """A browser of the workspace that is open."""
    from ripeline.server.people.models import User

    client = Client(headers={"host": "localhost"}, **more)
    if who:
        client.force_login(User.objects.get(email=f"{who}@ours.example"))
    return client


def event(name: str = "Page Viewed", *, at: datetime | None = None, message_id: str = "", **told: Any) -> Event:
    """What somebody did a moment ago, as an SDK tells it; further arguments are the message's own fields."""
    message = {"type": "page"} if name == "Page Viewed" else {"type": "track", "event": name}
    return decoded({**message, **told}, at=at or present(), message_id=message_id or uuid4().hex)


def known_as(user_id: str, *, at: datetime | None = None, anonymous_id: str | None = None, **traits: Any) -> Event:
    """Somebody says who they are."""
    told = {"type": "identify", "userId": user_id, "anonymousId": anonymous_id, "traits": traits}
    return decoded(told, at=at or present(), message_id=uuid4().hex)


def decoded(message: dict[str, Any], *, at: datetime, message_id: str) -> Event:
    """The message as the door hands it on."""
    body = msgspec.json.encode({**message, "messageId": message_id, "timestamp": at})
    event = decode(body, source="website", received_at=at)
    assert isinstance(event, Event), event
    return event


def send(workspace: Workspace, *events: Event) -> None:
    """The events are on disk, folded and decided."""
    workspace.submit(Ingest(source="website", accepted=events)).result(timeout=30)


def publish(workspace: Workspace, text: str = STARTER) -> None:
    """The definition is in force, signed by both teams."""
    signatures = (Signature(team="marketing", name="Mia Mazur"), Signature(team="sales", name="Sam Sundin"))
    workspace.submit(Publish(text=text, signatures=signatures, at=present())).result(timeout=30)


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement asked of the two databases meanwhile, ours too: Django counts only its own."""
    from django.db import connections

    asked: list[str] = []
    for alias in ("default", "log"):
        connections[alias].ensure_connection()
        connections[alias].connection.set_trace_callback(asked.append)
    try:
        yield asked
    finally:
        for alias in ("default", "log"):
            connections[alias].connection.set_trace_callback(None)


def words(page: bytes) -> str:
    """The text of a page, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.decode()).split())


def shown_once(page: bytes) -> str:
    """The secret on a page that shows one."""
    found = re.search(r'<code id="secret">([^<]+)</code>', page.decode())
    assert found is not None
    return found[1]
