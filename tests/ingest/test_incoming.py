"""`/v1/in/NAME`: any system's requests, by a mapping that lies in the workspace."""

import base64
import gzip
import hmac
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook as Signing
from tests.ingest.recorder import KEY, NOW, Recorder, known_keys, serving

from ripeline.events.reason import Reason
from ripeline.server.configuration import Webhook
from ripeline.server.ingest.again import Came, read_again
from ripeline.server.ingest.door import Door
from ripeline.server.ingest.mappings import Mappings
from ripeline.server.ingest.signatures import is_signed

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef01234567").decode()
WEBHOOKS = {
    "signed": Webhook(secret=SECRET),
    "calendly": Webhook(secret="c-secret", signature="calendly"),
    "typeform": Webhook(secret="t-secret", signature="typeform"),
    "zoom": Webhook(secret="z-secret", signature="zoom"),
}
MAPPING = """
name: {at: /event, names: {signup: Trial Started, invite: Invite Sent}}
when: {not: {/event: ping}}
id: /id
occurred_at: {at: /at, format: seconds}
user_id: /user/id
email: /user/email
facts: {title: /user/title, from: {always: crm}}
properties: /data
"""
SENT: dict[str, Any] = {
    "event": "signup",
    "id": 17,
    "at": 1_772_186_400,
    "user": {"id": "ada", "email": "ada@firm.example", "title": "CTO"},
    "data": {"plan": "pro", "seats": 5},
}
RECORDER = Recorder()


class Place:
    """A door before a workspace whose mapping files a test writes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "in").mkdir()
        self.door = Door(
            submit=RECORDER.submit,
            keys=known_keys(),
            now=lambda: NOW,
            mappings=Mappings(folder),
            webhooks=WEBHOOKS,
        )
        self.client = httpx.Client(auth=(KEY, ""), timeout=30)

    def write(self, name: str, text: str = MAPPING) -> None:
        """Written anew: its time moves on, as it does between a person's edits."""
        path = self.folder / "in" / f"{name}.yaml"
        before = path.stat().st_mtime_ns if path.exists() else 0
        path.write_text(text)
        os.utime(path, ns=(before + 10**9, before + 10**9))

    def again(self, number: int = 0) -> Any:
        refusal = RECORDER.refused[number]
        came = Came(source=refusal.source, kind=refusal.kind, received_at=NOW, sent_at=None)
        return read_again(refusal.body, came, now=NOW, mappings=Mappings(self.folder))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    place = Place(tmp_path_factory.mktemp("workspace"))
    with serving(place.door) as address, place.client:
        place.client.base_url = httpx.URL(address)
        yield place


@pytest.fixture
def place(served: Place) -> Place:
    RECORDER.forget()
    for path in (served.folder / "in").iterdir():
        path.unlink()
    served.write("crm")
    return served


def post(place: Place, sent: Any = SENT, name: str = "crm", **how: Any) -> httpx.Response:
    return place.client.post(f"/v1/in/{name}", json=sent, **how)


def test_a_request_states_facts_and_tells_what_happened(place: Place) -> None:
    answer = post(place)

    assert (answer.status_code, answer.json()) == (200, {"success": True})
    statement, happening = RECORDER.events
    assert (statement.kind, statement.user_id) == ("identify", "ada")
    assert statement.facts == {"email": "ada@firm.example", "title": "CTO", "from": "crm"}
    assert (happening.name, happening.message_id, happening.source) == ("Trial Started", "17", "site")
    assert happening.properties == {"plan": "pro", "seats": 5}
    assert happening.occurred_at == datetime(2026, 2, 27, 10, tzinfo=UTC)


def test_what_the_condition_leaves_out_is_answered_200_and_counted(place: Place) -> None:
    before = place.door.counts.skipped["crm"]
    answer = post(place, {**SENT, "event": "ping"})

    assert (answer.status_code, answer.json()) == (200, {"success": True, "skipped": 1})
    assert RECORDER.commands == [] and place.door.counts.skipped["crm"] == before + 1


@pytest.mark.parametrize(
    ("changed", "detail"),
    [
        ({"event": "other"}, "`/event` (name) holds 'other', which `names` does not list"),
        ({"event": None}, "`/event` (name) holds no text"),
        ({"id": None}, "`/id` (id) holds nothing"),
        ({"at": None}, "`/at` (occurred_at) holds nothing"),
        ({"at": "soon"}, "`/at` (occurred_at) holds 'soon', which is no such time"),
    ],
)
def test_what_does_not_fit_is_kept_with_the_pointer(place: Place, changed: dict[str, Any], detail: str) -> None:
    answer = post(place, {**SENT, **changed})

    assert (answer.status_code, answer.json()["refused"]) == (200, 1)
    [refusal] = RECORDER.refused
    assert (refusal.reason, refusal.detail, refusal.kind) == (Reason.DOES_NOT_FIT, detail, "in/crm")
    assert json.loads(refusal.body) == {**SENT, **changed}


def test_what_did_not_fit_is_replayed_once_the_mapping_is_mended(place: Place) -> None:
    post(place, {**SENT, "event": "other"})
    assert place.again().accepted == []
    place.write("crm", MAPPING.replace("invite: Invite Sent", "other: Other Thing"))

    assert [event.name for event in place.again().accepted] == ["Identified", "Other Thing"]


def test_a_changed_file_counts_from_the_next_request_on(place: Place) -> None:
    post(place)
    place.write("crm", MAPPING.replace("Trial Started", "Signed Up"))
    post(place)

    assert [event.name for event in RECORDER.events if event.kind == "track"] == ["Trial Started", "Signed Up"]


def test_while_a_file_is_broken_requests_are_kept_and_replayed_after_it_is_mended(place: Place) -> None:
    place.write("crm", MAPPING.replace("/user/id", "user.id"))
    answer = post(place)
    place.write("crm")

    assert (answer.status_code, answer.json()["reasons"][0]["reason"]) == (200, "mapping-broken")
    assert RECORDER.refused[0].detail == "in/crm.yaml: line 6, user_id: a pointer into the request belongs here"
    assert len(place.again().accepted) == 2


def test_what_a_mended_mapping_leaves_out_is_neither_event_nor_refused(place: Place) -> None:
    post(place, {**SENT, "event": "other"})
    place.write("crm", MAPPING.replace("/event: ping", "/event: [ping, other]"))

    assert place.again() == ([], [])


EACH = """
each: /events
name: /what
anonymous_id: /who
properties: {amount: /n}
"""


def test_each_member_of_a_list_is_an_event_and_one_that_does_not_fit_is_kept_alone(place: Place) -> None:
    place.write("many", EACH)
    answer = post(
        place, {"events": [{"what": "A", "who": "a1", "n": 1}, {"who": "a1"}, {"what": "B", "who": "a1"}]}, "many"
    )

    assert (answer.status_code, answer.json()["refused"]) == (200, 1)
    assert [(event.name, event.properties) for event in RECORDER.events] == [("A", {"amount": 1}), ("B", {})]
    assert [(one.kind, one.body) for one in RECORDER.refused] == [("in/many/each", b'{"who":"a1"}')]
    place.write("many", EACH.replace("/what", "Anything"))
    assert [event.name for event in place.again().accepted] == ["Anything"]


def test_without_an_id_the_same_request_counts_once(place: Place) -> None:
    place.write("many", EACH)
    member = {"what": "A", "who": "a1"}
    for _ in range(2):
        post(place, {"events": [member]}, "many")
    post(place, {"events": [{**member, "n": 2}]}, "many")

    first, again, other = [event.message_id for event in RECORDER.events]
    assert first == again != other


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        (b"hello", 400, "not-json"),
        (b"a=b&c=d", 400, "not-json"),
        (b"\x1f\x8bhello", 400, "not-gzip"),
        (b"[]", 200, "does-not-fit"),
        (b"17", 200, "does-not-fit"),
        (b'{"data":' + b"[" * 3_000 + b"]" * 3_000 + b"}", 200, "nested-too-deeply"),
    ],
)
def test_a_body_that_cannot_be_read_is_kept(place: Place, body: bytes, status: int, reason: str) -> None:
    answer = place.client.post("/v1/in/crm", content=body)

    assert (answer.status_code, RECORDER.refused[0].reason.value) == (status, reason)


def test_a_body_may_be_gzip_and_its_key_may_stand_in_the_address(place: Place) -> None:
    body = gzip.compress(json.dumps(SENT).encode())
    answer = place.client.post(f"/v1/in/crm/?writeKey={KEY}", content=body, auth=httpx.Auth())

    assert answer.status_code == 200 and len(RECORDER.events) == 2
    assert post(place, auth=("wk_no", "")).status_code == 401


@pytest.mark.parametrize("name", ["nothing", "../ripeline", "CRM", "a.b", "", "crm/each", "%2e%2e"])
def test_a_name_without_a_mapping_is_not_found(place: Place, name: str) -> None:
    answer = post(place, name=name)

    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


def signed(body: bytes, *, at: datetime = NOW, secret: str = SECRET) -> dict[str, str]:
    """As the library of Standard Webhooks signs."""
    signature = Signing(secret).sign("msg_1", at, body.decode())
    return {"webhook-id": "msg_1", "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signature}


def test_a_signature_of_standard_webhooks_stands_for_the_key(place: Place) -> None:
    place.write("signed")
    body = json.dumps(SENT).encode()
    headers = signed(body)
    headers["webhook-signature"] = f"v1,b3RoZXI= {headers['webhook-signature']}"  # while the secret is being changed
    answer = place.client.post("/v1/in/signed", content=body, headers=headers, auth=httpx.Auth())

    assert answer.status_code == 200
    assert {event.source for event in RECORDER.events} == {"signed"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(b"another body"),
        signed(json.dumps(SENT).encode(), at=NOW - timedelta(minutes=6)),
        signed(json.dumps(SENT).encode(), at=NOW + timedelta(minutes=6)),
        signed(json.dumps(SENT).encode(), secret="whsec_" + base64.b64encode(b"x" * 24).decode()),
        {**signed(json.dumps(SENT).encode()), "webhook-timestamp": "soon"},
        {**signed(json.dumps(SENT).encode()), "webhook-id": "msg_2"},
    ],
)
def test_a_wrong_or_old_signature_is_answered_401_and_nothing_is_kept(place: Place, headers: dict[str, str]) -> None:
    place.write("signed")
    answer = place.client.post("/v1/in/signed", content=json.dumps(SENT).encode(), headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (401, "wrong-signature")
    assert RECORDER.commands == []


def digest(secret: str, text: bytes) -> bytes:
    return hmac.new(secret.encode(), text, sha256).digest()


def test_calendly_typeform_and_zoom_sign_in_their_own_ways() -> None:
    body, at = b'{"a": 1}', str(int(NOW.timestamp())).encode()
    calendly = b"t=" + at + b",v1=" + digest("s", at + b"." + body).hex().encode()
    typeform = b"sha256=" + base64.b64encode(digest("s", body))
    zoom = b"v0=" + digest("s", b"v0:" + at + b":" + body).hex().encode()

    assert is_signed("calendly", "s", {b"calendly-webhook-signature": calendly}, body, now=NOW)
    assert not is_signed("calendly", "s", {b"calendly-webhook-signature": calendly}, b"{}", now=NOW)
    assert is_signed("typeform", "s", {b"typeform-signature": typeform}, body, now=NOW)
    assert not is_signed("typeform", "other", {b"typeform-signature": typeform}, body, now=NOW)
    told = {b"x-zm-signature": zoom, b"x-zm-request-timestamp": at}
    assert is_signed("zoom", "s", told, body, now=NOW)
    assert not is_signed("zoom", "s", told, body, now=NOW + timedelta(minutes=6))


def test_zoom_is_told_that_the_address_is_ours(place: Place) -> None:
    place.write("zoom")
    body = b'{"event":"endpoint.url_validation","event_ts":1,"payload":{"plainToken":"q9ib"}}'
    at = str(int(NOW.timestamp()))
    signature = "v0=" + digest("z-secret", f"v0:{at}:".encode() + body).hex()
    headers = {"x-zm-signature": signature, "x-zm-request-timestamp": at}
    answer = place.client.post("/v1/in/zoom", content=body, headers=headers, auth=httpx.Auth())

    assert answer.json() == {"plainToken": "q9ib", "encryptedToken": digest("z-secret", b"q9ib").hex()}
    assert RECORDER.commands == []
