"""CloudEvents as the real SDK sends them, and as nobody should."""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from cloudevents.core.bindings.http import to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent
from tests.ingest.recorder import KEY, NOW, Recorder, door_before, serving

from ripeline.events.reason import Reason
from ripeline.server.ingest.again import Came, read_again

RECORDER = Recorder()
ATTRIBUTES = {
    "specversion": "1.0",
    "id": "17",
    "source": "https://crm.example/fairs",
    "type": "Trade Fair Conversation",
    "subject": "Zoë@firm.example",
    "time": datetime(2026, 2, 27, 10, tzinfo=UTC),
}
DATA = {"fair": "Hannover", "rating": 5}
PLAIN = {**ATTRIBUTES, "time": "2026-02-27T10:00:00Z", "data": DATA}


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


def cloud(data: Any = DATA, **changed: Any) -> CloudEvent:
    told = {name: value for name, value in {**ATTRIBUTES, **changed}.items() if value is not None}
    return CloudEvent(told, data)


def structured(client: httpx.Client, told: Any, **headers: str) -> httpx.Response:
    return client.post(
        "/v1/cloudevents", json=told, headers={"content-type": "application/cloudevents+json", **headers}
    )


@pytest.mark.parametrize("bind", [to_structured_event, to_binary_event])
@pytest.mark.parametrize("slash", ["", "/"])
def test_the_sdks_event_is_an_interaction_of_its_subject(
    client: httpx.Client, recorder: Recorder, bind: Any, slash: str
) -> None:
    told = bind(cloud())
    answer = client.post(f"/v1/cloudevents{slash}", content=told.body, headers=dict(told.headers))

    assert (answer.status_code, answer.json()) == (200, {"success": True})
    [event] = recorder.events
    assert (event.name, event.source, event.message_id) == (
        "Trade Fair Conversation", "site", "https://crm.example/fairs 17",
    )  # fmt: skip
    assert (event.user_id, event.hints, event.properties) == (None, {"email": "Zoë@firm.example"}, DATA)
    assert (event.occurred_at, event.received_at) == (ATTRIBUTES["time"], NOW)


def test_the_sdks_binary_event_without_a_content_type_is_read_by_its_content(
    client: httpx.Client, recorder: Recorder
) -> None:
    told = to_binary_event(cloud())
    assert "content-type" not in {name.lower() for name in told.headers}

    client.post("/v1/cloudevents", content=told.body, headers=dict(told.headers))

    assert recorder.events[0].properties == DATA


def test_a_list_of_the_sdks_events_is_taken_and_what_is_wrong_in_it_kept_aside(
    client: httpx.Client, recorder: Recorder
) -> None:
    bodies = [bytes(to_structured_event(cloud(id=str(number))).body) for number in range(3)]
    broken = [b'{"specversion":"1.0","id":"x","source":"/crm"}', b'{"id": NaN}', b'{"specversion":"0.3","id":"1"}']
    answer = client.post(
        "/v1/cloudevents",
        content=b"[" + b",".join([*bodies, *broken]) + b"]",
        headers={"content-type": "application/cloudevents-batch+json"},
    )

    assert (answer.status_code, answer.json()["refused"]) == (200, 3)
    assert len(recorder.events) == 3
    assert [(one.reason.value, one.detail) for one in recorder.refused][::2] == [
        ("incomplete", "no `type`"), ("incomplete", "no `source`"),
    ]  # fmt: skip
    assert [one.body for one in recorder.refused] == broken


@pytest.mark.parametrize("missing", ["specversion", "id", "source", "type"])
def test_a_single_event_without_what_it_needs_is_answered_400_and_kept(
    client: httpx.Client, recorder: Recorder, missing: str
) -> None:
    answer = structured(client, {name: value for name, value in PLAIN.items() if name != missing})

    assert (answer.status_code, answer.json()["code"], answer.json()["message"]) == (
        400, "incomplete", f"no `{missing}`",
    )  # fmt: skip
    assert [(one.reason, one.kind) for one in recorder.refused] == [(Reason.INCOMPLETE, "cloudevents")]


def test_what_binary_mode_lacks_is_kept_with_its_attributes(client: httpx.Client, recorder: Recorder) -> None:
    headers = {"ce-specversion": "1.0", "ce-id": "7", "ce-source": "/crm"}
    answer = client.post("/v1/cloudevents", json=DATA, headers=headers)

    assert (answer.status_code, answer.json()["message"]) == (400, "no `type`")
    kept = json.loads(recorder.refused[0].body)
    assert (kept["id"], kept["source"], kept["data"]) == ("7", "/crm", DATA)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"content-type": "application/cloudevents+xml"}, b"<event/>"),
        ({"content-type": "application/cloudevents+avro"}, b"{}"),
        ({"content-type": "application/cloudevents+json"}, json.dumps({**PLAIN, "specversion": "0.3"}).encode()),
        ({"ce-specversion": "2.0", "ce-id": "1", "ce-source": "/a", "ce-type": "b"}, b"{}"),
    ],
)
def test_another_way_or_version_is_answered_415_and_not_kept(
    client: httpx.Client, recorder: Recorder, headers: dict[str, str], body: bytes
) -> None:
    answer = client.post("/v1/cloudevents", content=body, headers=headers)

    assert answer.status_code == 415 and answer.json()["code"].startswith("unsupported-")
    assert recorder.commands == []


@pytest.mark.parametrize("subject", ["user-42", "42", "not an@address"])
def test_any_other_subject_is_a_user_id(client: httpx.Client, recorder: Recorder, subject: str) -> None:
    structured(client, {**PLAIN, "subject": subject})

    assert recorder.events[0].user_id == subject


def test_traits_in_the_data_state_facts_before_what_happened(client: httpx.Client, recorder: Recorder) -> None:
    structured(client, {**PLAIN, "subject": "ada", "data": {"rating": 5, "traits": {"title": "CTO"}}})

    statement, happening = recorder.events
    assert (statement.kind, statement.facts, statement.user_id) == ("identify", {"title": "CTO"}, "ada")
    assert (happening.name, happening.properties) == ("Trade Fair Conversation", {"rating": 5})
    assert statement.message_id == f"{happening.message_id}/traits"


def test_an_identify_states_its_data(client: httpx.Client, recorder: Recorder) -> None:
    structured(client, {**PLAIN, "type": "identify", "data": {"title": "CTO"}})

    [statement] = recorder.events
    assert statement.facts == {"email": "Zoë@firm.example", "title": "CTO"}


@pytest.mark.parametrize(
    ("told", "properties"),
    [
        ({"data": "plain"}, {"data": "plain"}),
        ({"data": [1, 2]}, {"data": [1, 2]}),
        ({"data_base64": "AAEC"}, {"data_base64": "AAEC"}),
        ({}, {}),
    ],
)
def test_data_of_any_form_is_kept(
    client: httpx.Client, recorder: Recorder, told: dict[str, Any], properties: dict[str, Any]
) -> None:
    structured(client, {name: value for name, value in PLAIN.items() if name != "data"} | told)

    assert recorder.events[0].properties == properties


@pytest.mark.parametrize(
    ("body", "form", "properties"),
    [
        (b"hello", "text/plain", {"data": "hello"}),
        (b"\x00\xff\x01", "application/octet-stream", {"data_base64": "AP8B"}),
        (b"", "application/json", {}),
    ],
)
def test_binary_mode_carries_any_bytes(
    client: httpx.Client, recorder: Recorder, body: bytes, form: str, properties: dict[str, Any]
) -> None:
    headers = {**to_binary_event(cloud()).headers, "content-type": form}
    client.post("/v1/cloudevents", content=body, headers=headers)

    assert recorder.events[0].properties == properties


def test_extensions_can_be_read_by_conditions(client: httpx.Client, recorder: Recorder) -> None:
    structured(client, {**PLAIN, "campaign": "spring"})

    assert recorder.events[0].context["cloudevent"] == {"source": "https://crm.example/fairs", "campaign": "spring"}


def test_a_long_source_and_id_count_once_all_the_same(client: httpx.Client, recorder: Recorder) -> None:
    for number in (1, 1, 2):
        structured(client, {**PLAIN, "id": f"{'x' * 200}{number}"})

    first, again, other = [event.message_id for event in recorder.events]
    assert first == again != other and len(first) <= 100


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        (b"hello", 400, "not-json"),
        (b"[", 400, "not-json"),
        (b"17", 200, "wrong-shape"),
        (json.dumps({**PLAIN, "subject": None}).encode(), 200, "no-id"),
        (json.dumps({**PLAIN, "time": "soon"}).encode(), 200, "unreadable-time"),
        (json.dumps({**PLAIN, "data": "x" * 600_000}).encode(), 200, "too-large"),
        (b'{"data":' + b"[" * 3_000 + b"]" * 3_000 + b"}", 200, "nested-too-deeply"),
    ],
)
def test_what_is_no_event_is_kept_with_its_bytes_and_reason(
    client: httpx.Client, recorder: Recorder, body: bytes, status: int, reason: str
) -> None:
    answer = client.post("/v1/cloudevents", content=body)

    assert (answer.status_code, recorder.refused[0].reason.value) == (status, reason)
    assert recorder.refused[0].kind == "cloudevents"


def test_a_refused_one_can_be_mended(client: httpx.Client, recorder: Recorder) -> None:
    structured(client, {**PLAIN, "type": ""})
    [refusal] = recorder.refused
    came = Came(source="site", kind=refusal.kind, received_at=NOW, sent_at=None)

    read = read_again(refusal.body.replace(b'"type":""', b'"type":"Call"'), came, now=NOW)

    assert [event.name for event in read.accepted] == ["Call"]


def test_the_key_may_stand_in_the_address_and_pages_of_any_origin_may_send(
    client: httpx.Client, recorder: Recorder
) -> None:
    told = {"content-type": "application/cloudevents+json", "origin": "https://shop.example"}
    content = gzip.compress(json.dumps(PLAIN).encode())
    answer = client.post(f"/v1/cloudevents?writeKey={KEY}", content=content, headers=told, auth=httpx.Auth())

    assert answer.status_code == 200 and answer.headers["access-control-allow-origin"] == "https://shop.example"
    assert client.post("/v1/cloudevents", json=PLAIN, auth=("wk_no", "")).status_code == 401
    assert client.get("/v1/cloudevents").status_code == 405
