"""Pages of other origins may send events, also when something goes wrong."""

from collections.abc import Iterator

import httpx
import pytest
from tests.ingest.recorder import KEY, Recorder, door_before, serving

ORIGIN = "https://shop.example"


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with serving(door_before(Recorder())) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/batch/", "/v1/track", "/v1/t"])
@pytest.mark.parametrize(
    "requested",
    [
        "authorization,content-type",
        "anonymousid, sentat",
        "x-retry-count",
        "rsa-retry-attempt,rsa-retry-reason,rsa-since-first-attempt,rsa-since-last-attempt",
    ],
)
def test_a_preflight_allows_the_headers_that_are_asked_for(client: httpx.Client, path: str, requested: str) -> None:
    headers = {
        "origin": ORIGIN,
        "access-control-request-method": "POST",
        "access-control-request-headers": requested,
    }
    answer = client.options(path, headers=headers)

    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert answer.headers["access-control-allow-headers"] == requested
    assert answer.headers["access-control-allow-methods"] == "POST, GET, OPTIONS"
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert int(answer.headers["access-control-max-age"]) >= 600


@pytest.mark.parametrize(
    ("method", "path", "key", "status"),
    [
        ("POST", "/v1/track", KEY, 200),
        ("POST", "/v1/batch", KEY, 400),
        ("POST", "/v1/track", "unknown", 401),
        ("POST", "/v1/nothing", KEY, 404),
        ("GET", "/v1/track", KEY, 405),
    ],
)
def test_every_answer_can_be_read_by_the_page(
    client: httpx.Client, method: str, path: str, key: str, status: int
) -> None:
    event = {"event": "A", "userId": "ada"}
    answer = client.request(method, path, json=event, auth=(key, ""), headers={"origin": ORIGIN})

    assert answer.status_code == status
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert answer.headers["access-control-expose-headers"] == "Retry-After"
    assert answer.headers["vary"] == "Origin"


def test_a_program_without_an_origin_gets_no_leave(client: httpx.Client) -> None:
    answer = client.post("/v1/track", json={}, auth=(KEY, ""))

    assert "access-control-allow-origin" not in answer.headers
