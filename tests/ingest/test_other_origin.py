"""A real browser on a page of another origin, as a shop is."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.ingest.recorder import KEY, Recorder, door_before, serving

from ripeline.server.ingest.answers import Answer, answer
from ripeline.server.log.commands import StoreUnavailable

SEND = """async ([door, key, retries]) => {
    const headers = {"Content-Type": "application/json", "Authorization": "Basic " + btoa(key + ":")};
    if (retries) headers["X-Retry-Count"] = String(retries);
    const body = JSON.stringify({event: "Demo Requested", anonymousId: "a1"});
    const answer = await fetch(door + "/v1/track", {method: "POST", headers, body, credentials: "include"});
    return [answer.status, await answer.json(), answer.headers.get("Retry-After")];
}"""


async def shop(_scope: Any, _receive: Any, send: Any) -> None:
    await answer(send, Answer(200, b"<!doctype html><title>Shop</title>", content_type=b"text/html"), ())


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def sent(open_page: Callable[..., Page], recorder: Recorder) -> Iterator[Callable[..., list[Any]]]:
    """Send an event from the shop's page: its status, its body, and the wait it may read."""
    with serving(door_before(recorder)) as door, serving(shop) as address:
        page = open_page()
        page.goto(address)
        yield lambda *, key=KEY, retries=0: page.evaluate(SEND, [door, key, retries])


@pytest.mark.parametrize("retries", [0, 1])
def test_a_page_sends_events_and_reads_the_answer(
    sent: Callable[..., list[Any]], recorder: Recorder, retries: int
) -> None:
    assert sent(retries=retries) == [200, {"success": True}, None]
    assert [event.anonymous_id for event in recorder.events] == ["a1"]


def test_a_page_reads_errors_and_how_long_to_wait(sent: Callable[..., list[Any]], recorder: Recorder) -> None:
    recorder.error = StoreUnavailable("the disk is full")
    status, error, wait = sent()

    assert (status, error["code"], wait) == (503, "store-unavailable", "5")
    assert sent(key="unknown")[0] == 401
