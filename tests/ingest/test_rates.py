"""A flood under one key is slowed down, and leaves the others alone."""

from collections.abc import Iterator

import httpx
import pytest
from tests.ingest.recorder import KEY, NOW, OTHER_KEY, Recorder, known_keys, serving

from ripeline.server.ingest.answers import Failed
from ripeline.server.ingest.door import Door, Limits
from ripeline.server.ingest.rates import Rates

EVENT = {"event": "A", "userId": "ada"}


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


CLOCK, RECORDER = Clock(), Recorder()


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    RECORDER.forget()
    limits = Limits(messages_per_second=2, burst=4)
    door = Door(submit=RECORDER.submit, keys=known_keys(), now=lambda: NOW, limits=limits, clock=CLOCK)
    with serving(door) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


def admitted(rates: Rates, source: str) -> int:
    """The seconds to wait; 0 where it is let in."""
    try:
        rates.admit(source)
    except Failed as failed:
        return int(dict(failed.reply.headers)[b"retry-after"])
    return 0


def test_a_bucket_is_refilled_by_the_second_up_to_its_size() -> None:
    clock = Clock()
    rates = Rates(per_second=2, burst=10, clock=clock)
    waits = [admitted(rates, "site")]
    for seconds, spent in ((0, 14), (1.9, 0), (0.3, 1), (1000, 11), (0.0, 0)):
        clock.seconds += seconds
        waits.append(admitted(rates, "site"))
        if spent:
            rates.spend("site", spent)

    assert waits == [0, 0, 1, 0, 0, 1]


def test_one_source_waits_for_no_other() -> None:
    rates = Rates(per_second=1, burst=1, clock=Clock())
    rates.spend("site", 500)

    assert (admitted(rates, "site"), admitted(rates, "shop")) == (60, 0)


def test_without_a_limit_nobody_waits() -> None:
    rates = Rates(per_second=0, burst=1, clock=Clock())
    rates.spend("site", 500)

    assert admitted(rates, "site") == 0


def test_a_key_that_sent_too_much_is_told_to_wait_and_nothing_is_stored(client: httpx.Client) -> None:
    client.post("/v1/batch", json={"batch": [{**EVENT, "type": "track"}] * 6}, auth=(KEY, ""))
    answer = client.post("/v1/track", json=EVENT, auth=(KEY, ""), headers={"origin": "https://shop.example"})
    other = client.post("/v1/track", json=EVENT, auth=(OTHER_KEY, ""))

    assert (answer.status_code, answer.json()["code"]) == (429, "rate-limited")
    assert (answer.headers["retry-after"], answer.headers["access-control-expose-headers"]) == ("2", "Retry-After")
    assert (other.status_code, len(RECORDER.events)) == (200, 7)

    CLOCK.seconds += 2
    assert client.post("/v1/track", json=EVENT, auth=(KEY, "")).status_code == 200


def test_a_picture_beyond_the_rate_is_still_a_picture(client: httpx.Client) -> None:
    address = f"/v1/pixel/track?writeKey={KEY}&event=A&userId=ada"
    answers = [client.get(address) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert answers[-1].content == answers[0].content
    assert int(answers[-1].headers["retry-after"]) >= 1
