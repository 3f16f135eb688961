"""Pages hear of commits: real streams from a real server."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from tests.ingest.recorder import serving

from ripeline.server.audience import MOST_LEADS, STREAMS_A_SESSION, Audience, both
from ripeline.server.live import Live, Pace
from ripeline.server.log.change import Change

Opened = Callable[..., Iterator[str]]


def changed(cursor: int, *leads: int, inbox: bool = False) -> Change:
    return Change(cursor=cursor, leads=leads, inbox=inbox)


class Log:
    """Which sessions stand, and what a page missed."""

    def __init__(self) -> None:
        self.signed_in = {"ada", "ben"}
        self.asked: list[int] = []

    def changes_since(self, cursor: int) -> Change:
        self.asked.append(cursor)
        return changed(9, 7, inbox=True) if cursor < 9 else changed(9)


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def live(log: Log) -> Live:
    return Live(
        cookie="session",
        is_signed_in=log.signed_in.__contains__,
        changes_since=log.changes_since,
        audience=Audience(apart=0.01, most_streams=6),
        pace=Pace(heartbeat=0.1, asks_again=0.3, comes_back=1),
    )


@pytest.fixture
def opened(live: Live) -> Iterator[Opened]:
    """Open a stream: an iterator over its lines, the blank ones left out."""
    with ExitStack() as stack:
        address = stack.enter_context(serving(live))

        def open_stream(session: str = "ada", query: str = "", **headers: str) -> Iterator[str]:
            stream = httpx.stream(
                "GET", f"{address}/live{query}", headers={"cookie": f"session={session}", **headers}, timeout=30
            )
            response = stack.enter_context(stream)
            assert response.headers["content-type"] == "text/event-stream"
            return (line for line in response.iter_lines() if line)

        yield open_stream


def test_a_page_is_told_what_a_commit_changed(live: Live, opened: Opened) -> None:
    lines = opened()
    assert next(lines) == "retry: 1000"

    live.audience.heard(changed(3, 7, inbox=True))

    told = [next(line for line in lines if line.startswith(field)) for field in ("id:", "data:")]
    assert told == ["id: 3", 'data: {"cursor":3,"leads":[7],"inbox":true,"many":false}']


def messages(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    return (json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: "))


def test_a_quiet_stream_gives_signs_of_life(opened: Opened) -> None:
    lines = opened()

    assert [next(lines) for _ in range(3)] == ["retry: 1000", ": still here", ": still here"]


@pytest.mark.parametrize(("query", "headers"), [("?cursor=5", {}), ("?cursor=1", {"last-event-id": "5"})])
def test_a_page_that_was_away_is_told_what_it_missed(
    log: Log, opened: Opened, query: str, headers: dict[str, str]
) -> None:
    missed = next(messages(opened(query=query, **headers)))

    assert missed == {"cursor": 9, "leads": [7], "inbox": True, "many": False}
    assert log.asked == [5]


@pytest.mark.parametrize("query", ["?cursor=9", "?cursor=nonsense", ""])
def test_a_page_that_missed_nothing_is_told_nothing(opened: Opened, query: str) -> None:
    lines = opened(query=query)

    assert [next(lines), next(lines)] == ["retry: 1000", ": still here"]


def test_everybody_is_told(live: Live, opened: Opened) -> None:
    pages = [opened("ada"), opened("ben"), opened("ben")]
    assert [next(page) for page in pages] == ["retry: 1000"] * 3

    live.audience.heard(changed(3, 7))

    assert [next(messages(page))["leads"] for page in pages] == [[7]] * 3


def test_a_session_with_many_tabs_lets_the_oldest_make_room(opened: Opened) -> None:
    pages = [opened() for _ in range(STREAMS_A_SESSION + 1)]
    first = list(pages[0])  # it ends

    assert first[-1] == "retry: 20000"
    assert [next(page) for page in pages[1:]] == ["retry: 1000"] * STREAMS_A_SESSION


def test_who_signed_out_is_told_nothing_more(log: Log, opened: Opened) -> None:
    lines = opened()
    next(lines)
    log.signed_in.clear()

    assert set(lines) <= {": still here", "retry: 1000"}  # and it ends


@pytest.mark.parametrize("cookie", ["", "session=", "session=unknown", "other=ada", "session"])
def test_nobody_is_told_without_signing_in(live: Live, cookie: str) -> None:
    with serving(live) as address:
        answer = httpx.get(f"{address}/live", headers={"cookie": cookie})

    assert (answer.status_code, answer.json()["code"]) == (401, "signed-out")


def test_only_get_opens_a_stream(live: Live) -> None:
    with serving(live) as address:
        assert httpx.post(f"{address}/live", headers={"cookie": "session=ada"}).status_code == 405


def test_too_many_streams_are_turned_away_until_one_has_left(log: Log, live: Live) -> None:
    log.signed_in.update("abcdefg")
    with serving(live) as address, ExitStack() as stack:

        def status(session: str) -> int:
            asked = httpx.stream("GET", f"{address}/live", headers={"cookie": f"session={session}"}, timeout=30)
            return int(stack.enter_context(asked).status_code)

        assert [status(session) for session in "abcdefg"] == [200] * 6 + [503]
        stack.pop_all().close()
        assert any(status("g") == 200 for _ in range(1_000))


def test_streams_end_when_the_process_does(live: Live, opened: Opened) -> None:
    pages = [opened("ada"), opened("ben")]
    for page in pages:
        next(page)
    live.close()

    assert [list(page)[-1] for page in pages] == ["retry: 1000"] * 2


def test_two_changes_make_one() -> None:
    assert both(changed(2, 7, 8), changed(1, 8, 9, inbox=True)) == changed(2, 7, 8, 9, inbox=True)


def test_too_many_leads_are_not_named() -> None:
    change = both(changed(1, *range(MOST_LEADS)), changed(2, MOST_LEADS))

    assert (change.leads, change.many, change.cursor) == ((), True, 2)
    assert both(change, changed(3, 7)).leads == ()
