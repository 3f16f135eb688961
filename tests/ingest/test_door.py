"""The door as an SDK meets it: real HTTP on a real port."""

import base64
import gzip
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.ingest.recorder import KEY, NOW, Recorder, door_before, serving

from ripeline.events.reason import Reason
from ripeline.server.ingest.paths import BATCHES, PATHS
from ripeline.server.log.commands import StoreUnavailable

EVENT = {"type": "track", "event": "Demo Requested", "userId": "ada", "messageId": "m1"}


RECORDER = Recorder()
NO_AUTH = httpx.Auth()  # adds nothing, where the client would add its key


@pytest.fixture
def recorder() -> Recorder:
    RECORDER.forget()
    return RECORDER


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with (
        serving(door_before(RECORDER)) as address,
        httpx.Client(base_url=address, auth=(KEY, ""), timeout=30) as client,
    ):
        yield client


@pytest.mark.parametrize("path", sorted(PATHS))
def test_every_path_answers_200_with_a_small_object_and_stores(
    client: httpx.Client, recorder: Recorder, path: str
) -> None:
    told: dict[str, Any] = {"userId": "ada", "event": "A", "groupId": "g", "previousId": "p", "messageId": "m1"}
    batch = {"batch": [{**told, "type": "track"}]}
    answer = client.post(path, json=batch if PATHS[path] in BATCHES else told)

    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert [(event.source, event.message_id, event.received_at) for event in recorder.events] == [("site", "m1", NOW)]
    assert recorder.events[0].kind == ("track" if PATHS[path] in BATCHES else PATHS[path])


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "application/json; charset=utf-8",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/octet-stream",
        None,
    ],
)
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("encoding", [None, "gzip"])
def test_a_body_is_what_its_bytes_say(
    client: httpx.Client, recorder: Recorder, kind: str | None, packed: bool, encoding: str | None
) -> None:
    body = json.dumps({"batch": [EVENT]}).encode()
    headers = {"content-type": kind, "content-encoding": encoding}
    answer = client.post(
        "/v1/batch",
        content=gzip.compress(body, mtime=0) if packed else body,
        headers={name: value for name, value in headers.items() if value},
    )

    assert answer.status_code == 200
    assert [event.name for event in recorder.events] == ["Demo Requested"]


def test_the_sending_time_may_stand_in_a_header(client: httpx.Client, recorder: Recorder) -> None:
    told = {**EVENT, "timestamp": "2026-03-01T08:00:00Z"}
    client.post("/v1/track", json=told, headers={"SentAt": "2026-03-01T09:00:00Z"})

    assert recorder.events[0].occurred_at.hour == 11


def basic(key: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(key.encode()).decode()}


@pytest.mark.parametrize(
    ("headers", "body", "query"),
    [
        (basic(f"{KEY}:"), {}, ""),
        (basic(KEY), {}, ""),
        (basic(f"{KEY}:password"), {}, ""),
        ({}, {"writeKey": KEY}, ""),
        ({"authorization": "Bearer token"}, {"writeKey": KEY}, ""),
        (basic(":"), {"batch": [{**EVENT, "writeKey": KEY}]}, ""),
        ({}, {}, f"?writeKey={KEY}"),
        ({}, {"writeKey": None}, f"?writeKey={KEY}"),
    ],
)
def test_the_write_key_stands_in_the_header_the_body_or_the_address(
    client: httpx.Client, recorder: Recorder, headers: dict[str, str], body: dict[str, Any], query: str
) -> None:
    answer = client.post(f"/v1/batch{query}", json={"batch": [EVENT], **body}, headers=headers, auth=NO_AUTH)

    assert answer.status_code == 200
    assert len(recorder.events) == 1


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, {}),
        (basic("wk_unknown:"), {}),
        (basic("wk_unknown:"), {"writeKey": KEY}),
        (basic("at_api:"), {}),
        ({}, {"writeKey": "wk_unknown"}),
        ({}, {"writeKey": 17}),
        ({"authorization": "Basic %%%"}, {}),
        ({"authorization": "Basic /////w=="}, {}),
    ],
)
def test_an_unknown_key_is_answered_401_with_code_and_message(
    client: httpx.Client, recorder: Recorder, headers: dict[str, str], body: dict[str, Any]
) -> None:
    answer = client.post("/v1/batch", json={"batch": [EVENT], **body}, headers=headers, auth=NO_AUTH)

    assert (answer.status_code, answer.json()["code"]) == (401, "unknown-key")
    assert isinstance(answer.json()["message"], str)
    assert recorder.commands == []


def test_a_bad_message_is_kept_aside_and_its_neighbours_are_stored(client: httpx.Client, recorder: Recorder) -> None:
    answer = client.post("/v1/batch", json={"batch": [EVENT, {"type": "track", "event": "A"}]})

    assert answer.status_code == 200
    assert answer.json()["refused"] == 1
    assert answer.json()["reasons"][0]["reason"] == "no-id"
    assert (len(recorder.events), [refusal.reason for refusal in recorder.refused]) == (1, [Reason.NO_ID])


def test_a_single_bad_message_is_kept_aside_and_answered_200(client: httpx.Client, recorder: Recorder) -> None:
    answer = client.post("/v1/page", json={"name": "Prices"})

    assert (answer.status_code, answer.json()["reasons"][0]["reason"]) == (200, "no-id")
    assert [(refusal.kind, refusal.body) for refusal in recorder.refused] == [("page", b'{"name":"Prices"}')]


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/v1/batch", b"hello", "not-json"),
        ("/v1/batch", b"", "not-json"),
        ("/v1/batch", b'{"events": []}', "wrong-shape"),
        ("/v1/batch", b'{"batch": {}}', "wrong-shape"),
        ("/v1/track", b"hello", "not-json"),
        ("/v1/track", b"\x1f\x8bhello", "not-gzip"),
        ("/v1/batch", gzip.compress(b'{"batch": []}', mtime=0)[:-4], "not-gzip"),
    ],
)
def test_a_body_that_cannot_be_read_is_answered_400_and_kept(
    client: httpx.Client, recorder: Recorder, path: str, body: bytes, code: str
) -> None:
    answer = client.post(path, content=body, headers={"content-encoding": "gzip"})

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert [(refusal.reason, refusal.body) for refusal in recorder.refused] == [(code, body)]


@pytest.mark.parametrize("packed", [False, True])
def test_a_body_over_the_limit_is_answered_413(client: httpx.Client, recorder: Recorder, packed: bool) -> None:
    body = json.dumps({"batch": [EVENT], "padding": "x" * 6_000_000}).encode()
    answer = client.post("/v1/batch", content=gzip.compress(body, mtime=0) if packed else body)

    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert recorder.commands == []


def test_a_batch_of_too_many_messages_is_answered_413_and_not_kept(client: httpx.Client, recorder: Recorder) -> None:
    answer = client.post("/v1/batch", json={"batch": [{}] * 20_001})

    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert recorder.commands == []


def test_a_body_of_unknown_length_over_the_limit_is_answered_413(client: httpx.Client) -> None:
    answer = client.post("/v1/batch", content=(b"x" * 1_000_000 for _ in range(6)))

    assert answer.status_code == 413


def test_a_batch_of_four_megabytes_in_pieces_is_taken(client: httpx.Client, recorder: Recorder) -> None:
    events = [{**EVENT, "messageId": str(number), "properties": {"text": "x" * 30_000}} for number in range(130)]
    body = json.dumps({"batch": events}).encode()
    answer = client.post("/v1/batch", content=(body[at : at + 100_000] for at in range(0, len(body), 100_000)))

    assert answer.status_code == 200
    assert len(recorder.events) == 130


def test_an_empty_batch_is_fine_and_stores_nothing(client: httpx.Client, recorder: Recorder) -> None:
    answer = client.post("/v1/batch", json={"batch": []})

    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert recorder.commands == []


@pytest.mark.parametrize("error", [StoreUnavailable("the disk is full"), RuntimeError("a fault of ours")])
def test_what_could_not_be_stored_is_to_be_sent_again(
    client: httpx.Client, recorder: Recorder, error: Exception
) -> None:
    recorder.error = error
    answer = client.post("/v1/track", json=EVENT)

    assert (answer.status_code, answer.json()["code"]) == (503, "store-unavailable")
    assert 1 <= int(answer.headers["retry-after"]) <= 60


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/batch", 405, "method-not-allowed"),
        ("PUT", "/v1/track/", 405, "method-not-allowed"),
        ("POST", "/v1/unknown", 404, "not-found"),
        ("POST", "/v1/batch//", 404, "not-found"),
    ],
)
def test_what_is_not_there_says_so_and_never_redirects(
    client: httpx.Client, method: str, path: str, status: int, code: str
) -> None:
    answer = client.request(method, path)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
