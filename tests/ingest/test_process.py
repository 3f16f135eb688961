"""The parts together: an event through the door, into the log, and news of it on a signed-in page."""

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from django.conf import settings
from tests.cast import Browser
from tests.ingest.recorder import serving

from ripeline.server.asgi import process
from ripeline.server.log import commands
from ripeline.server.workspace import Workspace


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def client(workspace: Workspace) -> Iterator[httpx.Client]:
    app = process(workspace, now=now)
    with serving(app) as address, httpx.Client(base_url=address, timeout=60) as client:
        yield client
        app.close()


@pytest.fixture
def key(workspace: Workspace) -> commands.KeyMade:
    made = workspace.submit(commands.NewKey(kind="write", name="shop", at=now())).result()
    assert isinstance(made, commands.KeyMade)
    return made


EVENT = {
    "event": "Demo Requested",
    "userId": "lea",
    "messageId": "m1",
    "context": {"traits": {"email": "lea@firm.example"}},
}


def test_a_signed_in_page_hears_of_an_event_that_was_stored(
    client: httpx.Client, key: commands.KeyMade, browser: Browser
) -> None:
    cookie = f"{settings.SESSION_COOKIE_NAME}={browser('sam').session.session_key}"
    with client.stream("GET", "/live", headers={"cookie": cookie}) as stream:
        lines = stream.iter_lines()
        assert next(lines) == "retry: 2000"

        answer = client.post("/v1/track", json=EVENT, auth=(key.secret, ""))

        assert answer.json() == {"success": True}
        assert next(line for line in lines if line.startswith("data: ")).startswith('data: {"cursor":')


def test_an_event_sent_twice_is_on_the_leads_page_once(
    client: httpx.Client, key: commands.KeyMade, browser: Browser
) -> None:
    from ripeline.server.log import queries

    for _ in range(2):
        assert client.post("/v1/track", json=EVENT, auth=(key.secret, "")).status_code == 200

    lead = queries.leads(search="lea@firm.example").items[0]
    assert [event.message_id for event in queries.history(lead.id)] == ["m1"]
    assert browser("sam").get(f"/leads/{lead.id}/").status_code == 200


@pytest.mark.parametrize(("path", "kind"), [("/api/v1/outcomes", "application/json"), ("/sign-in/", "text/html")])
@pytest.mark.parametrize("body", [b"a" * 1_000_001, [b"a" * 600_000, b"a" * 600_000]], ids=["declared", "chunked"])
def test_a_body_beyond_the_bound_is_refused_before_anybody_reads_it(
    client: httpx.Client, path: str, kind: str, body: bytes | list[bytes]
) -> None:
    answer = client.post(path, content=body if isinstance(body, bytes) else iter(body))

    assert answer.status_code == 413
    assert answer.headers["content-type"].startswith(kind)
    assert "too-large" in answer.text or "Nothing was saved" in answer.text
    assert client.post("/api/v1/outcomes", content=b"a" * 1_000_000).status_code == 401


def test_a_revoked_key_opens_nothing_at_once(client: httpx.Client, key: commands.KeyMade, workspace: Workspace) -> None:
    workspace.submit(commands.RevokeKey(id=key.id, at=now())).result()

    assert client.post("/v1/track", json=EVENT, auth=(key.secret, "")).status_code == 401
