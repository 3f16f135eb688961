"""One process, routed by path."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.ingest.recorder import KEY, Recorder, door_before, serving

from ripeline.server.asgi import Process
from ripeline.server.ingest.answers import Answer, answer
from ripeline.server.live import Live


class Readiness:
    missing: str | None = None


async def django(_scope: Any, _receive: Any, send: Any) -> None:
    await answer(send, Answer(200, b"a page", content_type=b"text/html"), ())


def process(readiness: Readiness) -> Process:
    live = Live(cookie="session", is_signed_in=bool, changes_since=lambda cursor: cursor)  # type: ignore[arg-type,return-value]  # never asked
    return Process(
        door=door_before(Recorder()), live=live, django=django, missing=lambda: readiness.missing, failed=lambda: 3
    )


READINESS = Readiness()


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with serving(process(READINESS)) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/inbox/", "/v1", "/v1batch", "/live/", "/api/v1/leads", "/healthz/"])
def test_what_is_not_ours_is_the_consoles(client: httpx.Client, path: str) -> None:
    assert client.get(path).text == "a page"


def test_events_and_streams_never_reach_the_console(client: httpx.Client) -> None:
    assert client.post("/v1/track", json={}).json()["code"] == "unknown-key"
    assert client.get("/v1/").json()["code"] == "not-found"
    assert client.get("/live").json()["code"] == "signed-out"


def test_the_process_tells_that_it_lives_and_whether_it_takes_events(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").status_code == 200

    READINESS.missing = "the disk is full"
    answer = client.get("/readyz")
    READINESS.missing = None

    assert (answer.status_code, answer.json()) == (503, {"code": "not-ready", "message": "the disk is full"})
    assert client.get("/healthz").status_code == 200


def test_metrics_count_what_came_and_what_was_refused(client: httpx.Client) -> None:
    client.post("/v1/page", json={"userId": "ada"}, auth=(KEY, ""))
    client.post("/v1/batch", json={"batch": [{}]}, auth=(KEY, ""))
    answer = client.get("/metrics")

    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert 'ripeline_ingest_requests_total{kind="page",status="200"} 1' in lines
    assert 'ripeline_events_refused_total{reason="unknown-type"} 1' in lines
    assert "ripeline_events_accepted_total 1" in lines
    assert "ripeline_ingest_waiting_bytes 0" in lines
    assert "ripeline_due_failed_total 3" in lines
