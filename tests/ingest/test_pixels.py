"""A message in the address of a picture: always the picture, and what is wrong is kept where the key is known."""

import base64
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
from tests.ingest.recorder import KEY, Recorder, door_before, serving

from ripeline.server.log.commands import StoreUnavailable

TOLD = {"writeKey": KEY, "userId": "ada", "event": "Email Opened", "properties": {"subject": "Ünï?>"}}
RECORDER = Recorder()


@pytest.fixture
def recorder() -> Recorder:
    RECORDER.forget()
    return RECORDER


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with serving(door_before(RECORDER)) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


def packed(told: Any) -> bytes:
    return base64.b64encode(json.dumps(told, ensure_ascii=False).encode())


def is_picture(answer: httpx.Response) -> bool:
    return answer.headers["content-type"] == "image/gif" and answer.content.startswith(b"GIF89a")


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize(
    "spelled",
    [
        packed(TOLD).decode(),  # its plus reads as a blank
        quote(packed(TOLD)),
        packed(TOLD).decode().rstrip("="),
        base64.urlsafe_b64encode(base64.b64decode(packed(TOLD))).decode(),
        quote(json.dumps(TOLD)),
    ],
    ids=["as it is", "quoted", "without padding", "for addresses", "plain"],
)
def test_segments_pixel_brings_a_message_in_base64(
    client: httpx.Client, recorder: Recorder, spelled: str, slash: str
) -> None:
    answer = client.get(f"/v1/pixel/track{slash}?data={spelled}")

    assert (answer.status_code, is_picture(answer), answer.headers["cache-control"]) == (200, True, "no-store")
    assert [(one.name, one.user_id, one.properties) for one in recorder.events] == [
        ("Email Opened", "ada", TOLD["properties"])
    ]


@pytest.mark.parametrize("path", ["/v1/pixel/", "/pixel/v1/"])
@pytest.mark.parametrize("kind", ["track", "page"])
def test_a_pixel_brings_a_message_in_fields(client: httpx.Client, recorder: Recorder, path: str, kind: str) -> None:
    fields = {
        "writeKey": KEY,
        "anonymousId": "a1",
        "userId": "",
        "event": "Seen",
        "context.page.url": "https://shop.example/?a=1&b",
        "context.page.title": "Zażółć",
        "properties.price": "9.90",
    }
    answer = client.get(f"{path}{kind}?{urlencode(fields)}")

    assert (answer.status_code, is_picture(answer)) == (200, True)
    [event] = recorder.events
    assert (event.kind, event.user_id, event.anonymous_id) == (kind, None, "a1")
    assert event.context == {"page": {"url": "https://shop.example/?a=1&b", "title": "Zażółć"}}
    assert event.properties == {"price": "9.90"}
    assert KEY.encode() not in event.body


def test_a_name_said_twice_has_a_list_and_one_below_a_text_keeps_its_dots(
    client: httpx.Client, recorder: Recorder
) -> None:
    fields = "properties.a.b=2&properties.a=1&properties.tag=x&properties.tag=y"
    client.get(f"/v1/pixel/track?writeKey={KEY}&userId=ada&event=A&{fields}")

    assert recorder.events[0].properties == {"a": "1", "a.b": "2", "tag": ["x", "y"]}


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("/v1/pixel/track?writeKey=wk_site&data=%21%21", "not-json"),
        ("/v1/pixel/track?writeKey=wk_site&data=aGVsbG8", "not-json"),
        ("/v1/pixel/track?writeKey=wk_site&userId=ada", "no-name"),
        ("/v1/pixel/nothing?writeKey=wk_site&userId=ada", "unknown-type"),
        ("/v1/pixel?writeKey=wk_site&userId=ada", "unknown-type"),
        ("/pixel/v1/page?writeKey=wk_site", "no-id"),
        ("/pixel/v1/page?writeKey=wk_site&userId=ada&context=none&context.page.url=x", "wrong-shape"),
        ("/pixel/v1/page?writeKey=wk_site&userId=a&userId=b", "wrong-shape"),
        ("/pixel/v1/page?writeKey=wk_site&userId=%ff", "not-text"),
        ("/pixel/v1/page?writeKey=wk_site&userId=a%00", "not-text"),
        (f"/pixel/v1/page?writeKey=wk_site&userId=ada&{'a.' * 20_000}a=1", "nested-too-deeply"),
    ],
)
def test_what_is_wrong_with_a_pixel_is_kept_and_the_picture_shown(
    client: httpx.Client, recorder: Recorder, address: str, reason: str
) -> None:
    answer = client.get(address)

    assert (answer.status_code, is_picture(answer)) == (200, True)
    assert ([one.reason for one in recorder.refused], recorder.events) == ([reason], [])


@pytest.mark.parametrize("query", ["", "?", "?data=", "?writeKey=wk_gone&userId=ada&event=A", "?data=%ff", "?&&=&a"])
def test_a_pixel_of_nobody_is_a_picture_and_nothing_else(client: httpx.Client, recorder: Recorder, query: str) -> None:
    answer = client.get(f"/v1/pixel/track{query}")

    assert (answer.status_code, is_picture(answer), recorder.commands) == (200, True, [])


def test_who_asks_only_for_its_head_has_not_seen_the_picture(client: httpx.Client, recorder: Recorder) -> None:
    answer = client.head(f"/v1/pixel/track?writeKey={KEY}&userId=ada&event=A")

    assert (answer.status_code, answer.content, recorder.commands) == (200, b"", [])


def test_a_picture_that_could_not_be_stored_is_to_be_asked_for_again(client: httpx.Client, recorder: Recorder) -> None:
    recorder.error = StoreUnavailable("the disk is full")
    answer = client.get(f"/v1/pixel/track?writeKey={KEY}&userId=ada&event=A")

    assert (answer.status_code, is_picture(answer), answer.headers["retry-after"]) == (503, True, "5")
