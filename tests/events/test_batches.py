"""A batch: one bad message never sinks the rest."""

import json

import pytest
from tests.events.sent import RECEIVED, batch, message, written

from ripeline.events.batches import MOST_MESSAGES, Batch, decode_batch
from ripeline.events.reason import Reason
from ripeline.events.refusal import Refusal

BAD = {
    "another shape": (b"17", Reason.WRONG_SHAPE),
    "without an id": (b'{"type":"track","event":"A"}', Reason.NO_ID),
    "not a number": (b'{"type":"track","event":"A","userId":"ada","properties":{"p":NaN}}', Reason.NOT_JSON),
    "infinity": (b'{"userId":-Infinity}', Reason.NOT_JSON),
    "a bare word": (b"hello", Reason.NOT_JSON),
    "single quotes": (b"{'userId': 'ada'}", Reason.NOT_JSON),
    "half a character": (rb'{"type":"track","event":"\ud800","userId":"ada"}', Reason.NOT_TEXT),
    "a wrong escape": (rb'{"type":"track","event":"\x","userId":"ada"}', Reason.NOT_JSON),
    "20,000 lists": (b"[" * 20_000 + b"]" * 20_000, Reason.NESTED_TOO_DEEPLY),
    "20,000 objects": (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, Reason.NESTED_TOO_DEEPLY),
    "not UTF-8": (b'{"type":"track","event":"\xff","userId":"ada"}', Reason.NOT_TEXT),
    "a huge number": (b'{"userId":"ada","properties":{"p":' + b"9" * 9_999 + b"}}", Reason.WRONG_SHAPE),
}


@pytest.mark.parametrize(("bad", "reason"), BAD.values(), ids=list(BAD))
def test_the_neighbours_of_a_bad_message_are_stored(bad: bytes, reason: Reason) -> None:
    decoded = batch(message(event="before"), bad, message(event="after"))

    assert [event.name for event in decoded.accepted] == ["before", "after"]
    assert [(refusal.reason, refusal.body) for refusal in decoded.refused] == [(reason, bad)]


@pytest.mark.parametrize("bad", [b"{}", b"NaN"])
def test_what_the_batch_says_holds_also_beside_a_broken_message(bad: bytes) -> None:
    decoded = batch(
        bad, message(timestamp="2026-03-01T10:00:00Z"), sentAt="2026-03-01T11:00:00Z", context={"ip": "192.0.2.1"}
    )

    assert decoded.accepted[0].occurred_at.hour == 11
    assert decoded.accepted[0].context == {"ip": "192.0.2.1"}


def test_the_batchs_context_lies_under_each_messages_own() -> None:
    own = message(context={"page": {"path": "/own"}})
    decoded = batch(own, message(context=None), context={"page": {"path": "/batch"}, "locale": "pl"})

    assert [event.context for event in decoded.accepted] == [
        {"page": {"path": "/own"}, "locale": "pl"},
        {"page": {"path": "/batch"}, "locale": "pl"},
    ]
    assert json.loads(decoded.accepted[0].body)["context"] == decoded.accepted[0].context


@pytest.mark.parametrize(
    ("own", "reason"),
    [(rb'{"note":"\ud800"}', Reason.NOT_TEXT), (b'{"note":NaN}', Reason.NOT_JSON), (b"17", Reason.WRONG_SHAPE)],
)
def test_a_messages_own_broken_context_is_not_covered_up_by_the_batchs(own: bytes, reason: Reason) -> None:
    broken = b'{"type":"track","event":"A","userId":"ada","context":' + own + b"}"
    decoded = batch(broken, message(), context={"ip": "192.0.2.1"})

    assert [refusal.reason for refusal in decoded.refused] == [reason]
    assert len(decoded.accepted) == 1


@pytest.mark.parametrize("said", [b"17", b'{"note":NaN}', rb'{"note":"\ud800"}'])
def test_what_cannot_be_read_of_the_batchs_context_spoils_no_message(said: bytes) -> None:
    body = b'{"context":' + said + b',"batch":[' + written(message()) + b"]}"
    decoded = decode_batch(body, source="site", received_at=RECEIVED)

    assert isinstance(decoded, Batch)
    assert [event.context for event in decoded.accepted] == [{}]


def test_a_large_context_is_not_repeated_in_thousands_of_messages() -> None:
    body = written({"batch": [message()] * 1_000, "context": {"note": "x" * 20_000}})
    decoded = decode_batch(body, source="site", received_at=RECEIVED)

    assert isinstance(decoded, Refusal)
    assert decoded.reason is Reason.TOO_LARGE


def test_the_batchs_own_timestamp_says_nothing_of_its_messages() -> None:
    assert batch(message(), timestamp="2020-01-01T00:00:00Z").accepted[0].occurred_at == RECEIVED


def test_the_header_says_when_the_body_does_not_when_it_was_sent() -> None:
    body = written({"batch": [message(timestamp="2026-03-01T10:00:00Z")]})
    decoded = decode_batch(body, source="site", received_at=RECEIVED, sent_at="2026-03-01T11:00:00Z")

    assert not isinstance(decoded, Refusal)
    assert decoded.accepted[0].occurred_at.hour == 11


def test_an_empty_batch_brings_nothing() -> None:
    decoded = batch()

    assert (decoded.accepted, decoded.refused) == ([], [])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.NOT_JSON),
        (b"hello", Reason.NOT_JSON),
        (b'{"batch":[{}', Reason.NOT_JSON),
        (b'{"batch":[NaN]} {', Reason.NOT_JSON),
        (b'{"batch":[NaN', Reason.NOT_JSON),
        (b"[" * 20_000, Reason.WRONG_SHAPE),
        (b"[]", Reason.WRONG_SHAPE),
        (b"{}", Reason.WRONG_SHAPE),
        (b'{"batch":null}', Reason.WRONG_SHAPE),
        (b'{"batch":{}}', Reason.WRONG_SHAPE),
        (b'{"batch":[NaN,"' + rb"\"" * 1_000 + b"]}", Reason.NOT_JSON),
        (b'{"batch":[NaN,"a\\', Reason.NOT_JSON),
        (b'{"batch":[NaN' + b',"":1' * 400_000 + b"]}", Reason.NOT_JSON),
    ],
)
def test_a_body_without_a_batch_is_refused_whole(body: bytes, reason: Reason) -> None:
    refusal = decode_batch(body, source="site", received_at=RECEIVED)

    assert isinstance(refusal, Refusal)
    assert (refusal.reason, refusal.body) == (reason, body)


@pytest.mark.parametrize("one", [b"1", b"NaN"])
@pytest.mark.parametrize(("count", "taken"), [(MOST_MESSAGES, True), (MOST_MESSAGES + 1, False), (1_000_002, False)])
def test_a_batch_of_too_many_messages_is_too_large(one: bytes, count: int, taken: bool) -> None:
    body = b'{"batch":[' + b",".join([one] * count) + b"]}"
    decoded = decode_batch(body, source="site", received_at=RECEIVED)

    if isinstance(decoded, Batch):
        assert (taken, len(decoded.refused)) == (True, count)
    else:
        assert (taken, decoded.reason) == (False, Reason.TOO_LARGE)


def test_a_byte_order_mark_is_no_part_of_the_body() -> None:
    decoded = decode_batch(b"\xef\xbb\xbf" + written({"batch": [message()]}), source="site", received_at=RECEIVED)

    assert not isinstance(decoded, Refusal)
    assert len(decoded.accepted) == 1
