"""What the door keeps out by what a source demands, over real HTTP."""

from collections.abc import Iterator

import httpx
import pytest
from tests.ingest.recorder import KEY, NOW, Recorder, serving

from ripeline.events.demand import Demand
from ripeline.server.ingest.door import Door
from ripeline.server.log.keyring import KeyRing, Opening, hashed

RECORDER = Recorder()
STRICT = Demand(purposes=("Analytics",), given=True, signals=True)
PAGE = {"type": "page", "anonymousId": "laptop", "messageId": "m1"}


def stamped(given: bool, **fields: object) -> dict[str, object]:
    return {**PAGE, "context": {"consent": {"categoryPreferences": {"Analytics": given}}}, **fields}


@pytest.fixture
def recorder() -> Recorder:
    RECORDER.forget()
    return RECORDER


@pytest.fixture(scope="module")
def door() -> Door:
    keys = KeyRing()
    keys.replace([(hashed(KEY), Opening(1, "write", "site", STRICT)), (hashed("wk_shop"), Opening(2, "write", "shop"))])
    return Door(submit=RECORDER.submit, keys=keys, now=lambda: NOW)


@pytest.fixture(scope="module")
def client(door: Door) -> Iterator[httpx.Client]:
    with serving(door) as address, httpx.Client(base_url=address, auth=(KEY, ""), timeout=30) as client:
        yield client


def unkept(recorder: Recorder) -> list[dict[str, dict[str, int]]]:
    return [command.unkept for command in recorder.commands]


def test_an_event_that_says_no_is_counted_and_its_neighbour_kept(client: httpx.Client, recorder: Recorder) -> None:
    answer = client.post("/v1/batch", json={"batch": [stamped(False), stamped(True, messageId="m2")]})

    reason = {"reason": "no-consent", "detail": "nothing of it is kept"}
    assert answer.json() == {"success": True, "refused": 1, "reasons": [reason]}
    assert [event.message_id for event in recorder.events] == ["m2"]
    assert unkept(recorder) == [{"site": {"no-consent": 1}}]


@pytest.mark.parametrize("headers", [{"DNT": "1"}, {"Sec-GPC": "1"}])
def test_a_browser_that_objects_leaves_a_number_whatever_the_events_say(
    client: httpx.Client, recorder: Recorder, headers: dict[str, str]
) -> None:
    client.post("/v1/batch", json={"batch": [stamped(True), {"type": "page"}]}, headers=headers)

    assert (recorder.events, recorder.refused, unkept(recorder)) == ([], [], [{"site": {"no-consent": 2}}])


def test_the_choice_itself_is_kept_under_an_objecting_browser(client: httpx.Client, recorder: Recorder) -> None:
    choice = stamped(False, type="track", event="Segment Consent Preference Updated")

    client.post("/v1/t", json=choice, headers={"Sec-GPC": "1"})

    assert [event.name for event in recorder.events] == ["Segment Consent Preference Updated"]


def test_a_source_that_demands_nothing_hears_no_objection(client: httpx.Client, recorder: Recorder) -> None:
    client.post("/v1/p", json=PAGE, headers={"DNT": "1"}, auth=("wk_shop", ""))

    assert [event.source for event in recorder.events] == ["shop"]


def test_bytes_that_cannot_be_read_are_not_kept_where_consent_is_demanded(
    client: httpx.Client, recorder: Recorder
) -> None:
    answer = client.post("/v1/batch", content=b"ann@firm.example says hello")

    assert (answer.status_code, answer.json()["code"]) == (400, "not-json")
    assert (recorder.refused, unkept(recorder)) == ([], [{"site": {"not-json": 1}}])


def test_what_is_not_kept_is_counted_for_the_metrics(door: Door, client: httpx.Client, recorder: Recorder) -> None:
    before = door.counts.refused["no-consent"]

    client.post("/v1/p", json=stamped(False))

    assert door.counts.refused["no-consent"] == before + 1
