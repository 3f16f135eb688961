"""Overload is answered; what waits is bounded and let go again."""

from concurrent.futures import ThreadPoolExecutor, as_completed

import httpx
import pytest
from tests.ingest.recorder import KEY, Recorder, door_before, serving

from ripeline.server.ingest.answers import Failed
from ripeline.server.ingest.door import Limits
from ripeline.server.ingest.waiting import Hold, Waiting

EVENT = {"event": "A", "userId": "ada", "properties": {"text": "x" * 9_000}}


def test_one_request_alone_always_fits() -> None:
    waiting = Waiting(at_most=10)

    with Hold(waiting) as hold:
        hold.more(8)
        hold.more(8)
        assert waiting.held == 16
    assert waiting.held == 0


def test_what_is_too_much_holds_nothing_and_fails() -> None:
    waiting = Waiting(at_most=10)

    with Hold(waiting) as first, Hold(waiting) as second:
        first.more(8)
        with pytest.raises(Failed) as failed:
            second.more(3)
        assert failed.value.reply.status == 429
        second.more(2)
    assert waiting.held == 0


def test_when_too_much_waits_the_rest_is_told_to_come_again_and_nothing_answered_is_lost() -> None:
    recorder = Recorder()
    recorder.free.clear()
    door = door_before(recorder, limits=Limits(waiting=50_000))
    with serving(door) as address, ThreadPoolExecutor(20) as senders:
        answers = [
            senders.submit(httpx.post, f"{address}/v1/track", json=EVENT, auth=(KEY, ""), timeout=60) for _ in range(20)
        ]
        turned_away = next(answer.result() for answer in as_completed(answers))
        recorder.free.set()
        statuses = [answer.result().status_code for answer in answers]

    assert (turned_away.status_code, turned_away.json()["code"]) == (429, "overloaded")
    assert 1 <= int(turned_away.headers["retry-after"]) <= 60
    assert statuses.count(200) == len(recorder.events)
    assert statuses.count(200) + statuses.count(429) == 20
    assert door.waiting.held == 0
