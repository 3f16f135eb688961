"""What holds for every path and every answer, each broken once by a plausible server.

That bodies are known by their bytes stands in test_door, the order of messages in log/test_order, that a commit comes
before its answer in log/test_kill.
"""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.cast import present
from tests.ingest.recorder import serving

from ripeline.server.asgi import process
from ripeline.server.ingest import answers
from ripeline.server.ingest.answers import Answer
from ripeline.server.ingest.paths import PATHS
from ripeline.server.log.commands import NewKey
from ripeline.server.workspace import Workspace

OTHERS = ["/v1/m", "/v1/pixel/track", "/pixel/v1/page", "/v1/projects/K/settings", "/sourceConfig"]
EVERY = sorted({*PATHS, *OTHERS, *(f"{path}/" for path in OTHERS)})
FAILURES = [reply for reply in vars(answers).values() if isinstance(reply, Answer) and reply.status != 200]


@pytest.fixture
def secret(workspace: Workspace) -> str:
    made = workspace.submit(NewKey(kind="write", name="shop", at=present())).result(timeout=30)
    return str(made.secret)


@pytest.fixture
def client(workspace: Workspace, secret: str) -> Iterator[httpx.Client]:
    app = process(workspace, now=present)
    with serving(app) as address, httpx.Client(base_url=address, timeout=60, auth=(secret, "")) as client:
        yield client
        app.close()


def test_no_path_redirects_or_reaches_the_console_whatever_the_method(client: httpx.Client) -> None:
    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        for path in EVERY:
            answer = client.request(method, path, headers={"origin": "https://shop.example"})

            assert answer.status_code in (200, 400, 401, 404, 405), (method, path, answer.status_code)
            assert answer.headers["access-control-allow-origin"] == "https://shop.example"
            assert "text/html" not in answer.headers["content-type"]


@pytest.mark.parametrize("path", ["/v1/m", "/v1/m/"])
def test_what_an_sdk_measures_of_itself_is_answered_and_left_alone(client: httpx.Client, path: str) -> None:
    answer = client.post(path, content=b'{"series":[{"type":"Counter"}]}', headers={"content-type": "text/plain"})

    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert "ripeline_events_accepted_total 0" in client.get("/metrics").text


@pytest.mark.parametrize("reply", [*FAILURES, answers.rate_limited(3)], ids=lambda reply: str(reply.status))
def test_every_error_has_a_code_a_message_and_a_wait_that_all_sdks_read(reply: Answer) -> None:
    told = httpx.Response(reply.status, content=reply.body).json()
    waits = [int(value) for name, value in reply.headers if name == b"retry-after"]

    assert all(isinstance(told[field], str) and told[field] for field in ("code", "message"))
    assert all(1 <= seconds <= 60 for seconds in waits)
    assert len(waits) == (reply.status in (429, 503))


def test_an_event_that_comes_many_times_at_once_counts_once(client: httpx.Client) -> None:
    from ripeline.server.log import queries

    def sent(number: int) -> int:
        event = {"type": "track", "event": "A", "userId": "lea", "messageId": "m1"}
        return client.post("/v1/batch", json={"batch": [event, {**event, "messageId": f"own-{number}"}]}).status_code

    with ThreadPoolExecutor(8) as senders:
        statuses = list(senders.map(sent, range(8)))

    ids = [event.message_id for event in queries.history(queries.leads(user_id="lea").items[0].id)]
    assert statuses == [200] * 8
    assert sorted(ids) == ["m1", *(f"own-{number}" for number in range(8))]


@pytest.mark.parametrize("nobody", [None, ""])
def test_visitors_with_an_empty_user_id_are_not_one(client: httpx.Client, nobody: str | None) -> None:
    from ripeline.server.log import queries

    told: list[dict[str, Any]] = [
        {"type": "page", "userId": nobody, "anonymousId": f"a{number}", "context": {"page": {"referrer": "$direct"}}}
        for number in (1, 2)
    ]
    client.post("/v1/batch", json={"batch": told})

    assert len(queries.leads().items) == 2


def test_a_write_key_opens_nothing_of_the_api(client: httpx.Client, secret: str) -> None:
    from ripeline.server.api.urls import urlpatterns

    paths = [re.sub(r"<[^>]+>", "1", str(pattern.pattern)) for pattern in urlpatterns]
    ways: list[dict[str, Any]] = [
        {"headers": {"authorization": f"Bearer {secret}"}, "auth": httpx.Auth()},
        {"auth": (secret, "")},
        {"params": {"writeKey": secret}, "json": {"writeKey": secret}, "auth": httpx.Auth()},
    ]
    opened = [
        (path, method)
        for path in paths
        for method in ("GET", "POST")
        for way in ways
        if client.request(method, f"/api/v1/{path}", **way).status_code not in (401, 404, 405)
    ]

    assert len(paths) > 5
    assert [place for place in opened if "openapi" not in place[0]] == []


def test_a_key_is_kept_as_a_hash_alone(workspace: Workspace, secret: str) -> None:
    kept = [path for path in Path(workspace.folder).rglob("*") if path.is_file()]

    assert kept
    assert [path for path in kept if secret.encode() in path.read_bytes()] == []


def test_a_page_that_teaches_to_point_an_sdk_names_paths_that_are_there() -> None:
    page = (Path(__file__).parents[2] / "docs/how-to/point-your-sdk.md").read_text("utf-8")
    posted = {"/v1/track", "/v1/import", "/v1/batch"}

    assert posted <= {path for path in PATHS if path in page}
    for sdk in ("segment-analytics-python", "rudder-sdk-python", "@segment/analytics-node", "rudder-sdk-node"):
        assert f"`{sdk}`" in page or f"/{sdk}`" in page
    assert "@segment/analytics-next" in page and "@rudderstack/analytics-js/bundled" in page
