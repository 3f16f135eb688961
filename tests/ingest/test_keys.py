"""What a key opens, wherever it stands."""

import hmac
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.ingest.recorder import API_TOKEN, KEY, OTHER_KEY, Recorder, door_before, known_keys, serving

from ripeline.events.reason import Reason
from ripeline.server.ingest.paths import PATHS

RECORDER = Recorder()


@pytest.fixture
def recorder() -> Recorder:
    RECORDER.forget()
    return RECORDER


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with serving(door_before(RECORDER)) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


def event(**fields: Any) -> dict[str, Any]:
    return {"type": "track", "event": "A", "userId": "ada", **fields}


def test_messages_with_keys_of_their_own_go_to_their_sources(client: httpx.Client, recorder: Recorder) -> None:
    batch = [event(event="1", writeKey=KEY), event(event="2", writeKey=OTHER_KEY), event(event="3", writeKey=KEY)]
    answer = client.post("/v1/batch", json={"batch": batch, "context": {"ip": "192.0.2.1"}})

    assert answer.json() == {"success": True}
    assert {(one.name, one.source) for one in recorder.events} == {("1", "site"), ("2", "shop"), ("3", "site")}
    assert [one.context for one in recorder.events] == [{"ip": "192.0.2.1"}] * 3
    assert len(recorder.commands) == 1


def test_a_message_under_an_unknown_key_is_kept_aside_beside_others(client: httpx.Client, recorder: Recorder) -> None:
    answer = client.post("/v1/batch", json={"batch": [event(writeKey="wk_gone"), event(writeKey=KEY)]})

    assert (answer.status_code, answer.json()["refused"]) == (200, 1)
    assert [(one.reason, one.source) for one in recorder.refused] == [(Reason.UNKNOWN_KEY, "site")]
    assert b"wk_gone" in recorder.refused[0].body


@pytest.mark.parametrize(
    ("told", "query", "source"),
    [
        ({"writeKey": KEY, "batch": [event(writeKey=OTHER_KEY)]}, "", "site"),
        ({"writeKey": KEY, "batch": [event()]}, f"?writeKey={OTHER_KEY}", "site"),
        ({"batch": [event(writeKey=KEY)]}, f"?writeKey={OTHER_KEY}", "site"),
        ({"batch": [event()]}, f"?writeKey={OTHER_KEY}", "shop"),
    ],
)
def test_the_body_goes_before_the_address_and_its_top_before_its_messages(
    client: httpx.Client, recorder: Recorder, told: dict[str, Any], query: str, source: str
) -> None:
    client.post(f"/v1/batch{query}", json=told)

    assert [one.source for one in recorder.events] == [source]


@pytest.mark.parametrize("spelled", [b'{"writeKey":"wk_site","batch":[%s]}', b'{"batch":[%s],"writeKey":"wk_site"}'])
def test_the_key_is_found_in_a_batch_with_a_broken_message(
    client: httpx.Client, recorder: Recorder, spelled: bytes
) -> None:
    good = b'{"type":"track","event":"A","userId":"ada"}'
    answer = client.post("/v1/batch", content=spelled % (good + b",{NaN}," + good))

    assert (answer.status_code, len(recorder.events), len(recorder.refused)) == (200, 2, 1)


def test_a_beacon_has_its_key_in_the_address_and_nothing_in_its_headers(
    client: httpx.Client, recorder: Recorder
) -> None:
    answer = client.post(
        f"/beacon/v1/batch?writeKey={KEY}",
        content=b'{"batch":[{"type":"page","anonymousId":"a1"}]}',
        headers={"content-type": "text/plain"},
    )

    assert (answer.status_code, [one.anonymous_id for one in recorder.events]) == (200, ["a1"])


@pytest.mark.parametrize("path", [*sorted(PATHS), "/sourceConfig/", f"/v1/projects/{API_TOKEN}/settings"])
def test_an_api_token_opens_nothing_of_the_door(client: httpx.Client, recorder: Recorder, path: str) -> None:
    method = "POST" if path in PATHS else "GET"
    told = {**event(), "batch": [event()], "groupId": "g", "previousId": "p"}
    by_header = client.request(method, path, json=told, auth=(API_TOKEN, ""))
    by_bearer = client.request(method, path, json=told, headers={"authorization": f"Bearer {API_TOKEN}"})
    by_body = client.request(method, f"{path}?writeKey={API_TOKEN}", json={**told, "writeKey": API_TOKEN})

    for answer in (by_header, by_bearer, by_body):
        assert (answer.status_code in (401, 404), answer.json()["code"]) == (True, "unknown-key")
    assert recorder.commands == []


def test_every_known_key_is_compared_in_constant_time_whichever_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []
    real = hmac.compare_digest

    def comparing(one: bytes, other: bytes) -> bool:
        compared.append(len(one))
        return real(one, other)

    monkeypatch.setattr(hmac, "compare_digest", comparing)
    keys = known_keys()

    found = [keys.find(secret, "write") for secret in (KEY, OTHER_KEY, API_TOKEN, "wk_guess", "")]

    assert [opening.name if opening else None for opening in found] == ["site", "shop", None, None, None]
    assert compared == [32] * 15
