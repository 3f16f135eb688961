"""Each reason to refuse can be caused, and causes nothing else."""

import gzip

import pytest
from tests.events.sent import arrived, message, written

from ripeline.events.decode import MOST_EXTERNAL_IDS, MOST_FACTS
from ripeline.events.reason import Reason, explained
from ripeline.events.refusal import Refusal
from ripeline.events.unpacking import unpacked
from ripeline.events.wire import LARGEST_MESSAGE

EXAMPLES = {
    Reason.NOT_JSON: [b"", b"hello", b'{"userId": NaN}', b'{"userId": "ada"', b'{"userId": "ada"} {}', b"{'a': 1}"],
    Reason.NOT_TEXT: [
        written(message(event="a\0b")),
        written(message(properties={"a\0b": 1})),
        written(message(event="\ud800")),
        written(message(properties={"title": "half \udc00"})),
        written(message(event="é")).replace(rb"\u00e9", b"\xff"),
        b'{"type":"track","event":"A","userId":"ada","integrations":{"\xff":1}}',
    ],
    Reason.WRONG_SHAPE: [
        b"[]",
        b"17",
        b"null",
        written(message(userId=[])),
        written(message(userId=True)),
        written(message(event=17)),
        written(message(properties="none")),
        written(message(properties=[1])),
        written(message(context=[1])),
        b'{"type":"track","event":"A","userId":"ada","properties":{"price":1e999}}',
        b'{"type":"track","event":"A","userId":"ada","properties":{"price":' + b"9" * 5000 + b"}}",
    ],
    Reason.NESTED_TOO_DEEPLY: [
        b'{"properties":' + b"[" * 20_000 + b"]" * 20_000 + b"}",
        b'{"type":"track","event":"A","userId":"ada","properties":' + b'{"a":' * 64 + b"1" + b"}" * 65,
    ],
    Reason.TOO_LARGE: [
        written(message(properties={"a": "x" * LARGEST_MESSAGE})),
        written(message(type="identify", traits={f"trait {number}": 1 for number in range(MOST_FACTS + 1)})),
        written(message(context={"traits": {f"trait {number}": 1 for number in range(MOST_FACTS + 1)}})),
        written(message(context={"externalIds": [{"id": number} for number in range(MOST_EXTERNAL_IDS + 1)]})),
    ],
    Reason.UNKNOWN_TYPE: [written(message(type="order")), written(message(type=None)), b"{}"],
    Reason.NO_NAME: [written(message(event=None)), written(message(event="")), written(message(event=" "))],
    Reason.NAME_TOO_LONG: [written(message(event="a" * 256))],
    Reason.NO_ID: [
        written(message(userId=None)),
        written(message(userId="", anonymousId="null")),
        written(message(userId=None, context={"traits": {"email": "no address"}})),
        written({"type": "group", "userId": "ada"}),
        written({"type": "alias", "userId": "ada"}),
        written({"type": "alias", "anonymousId": "a1", "previousId": "a1"}),
    ],
    Reason.ID_TOO_LONG: [
        written(message(messageId="m" * 101)),
        written(message(userId="u" * 256)),
        written(message(anonymousId="u" * 256)),
        written(message(type="group", groupId="g" * 256)),
        written(message(type="alias", previousId="p" * 256)),
        written(message(context={"externalIds": [{"type": "crm", "id": "e" * 252}]})),
    ],
    Reason.UNREADABLE_TIME: [written(message(timestamp=told)) for told in ("yesterday", "12026-01-01", 1e300)],
    Reason.TIME_OUT_OF_RANGE: [
        written(message(timestamp="9999-12-31T23:59:59.999Z")),
        written(message(timestamp="9999-12-31T23:59:59Z", sentAt="2026-03-01T12:00:00Z")),
        written(message(timestamp="0001-01-01T00:00:00Z", sentAt="9999-12-31T23:59:59Z")),
        written(message(timestamp="1989-12-31T23:59:59Z")),
        written(message(timestamp="2026-03-02T12:00:01Z")),
    ],
}

# The decoder sees messages alone; what causes these stands in test_unpacking, ingest/test_keys and
# ingest/test_consent_at_the_door.
OF_WHOLE_REQUESTS = {
    Reason.NOT_GZIP,
    Reason.UNKNOWN_KEY,
    Reason.NO_CONSENT,
    Reason.INCOMPLETE,
    Reason.DOES_NOT_FIT,
    Reason.MAPPING_BROKEN,
}


@pytest.mark.parametrize(("reason", "body"), [(reason, body) for reason in EXAMPLES for body in EXAMPLES[reason]])
def test_a_reason_refuses_its_example_and_keeps_the_bytes(reason: Reason, body: bytes) -> None:
    refusal = arrived(body)

    assert isinstance(refusal, Refusal)
    assert (refusal.reason, refusal.body) == (reason, body)
    assert refusal.detail


def test_what_only_looks_like_gzip_is_refused_before_it_is_decoded() -> None:
    whole = gzip.compress(b'{"batch": []}')

    assert unpacked(b"\x1f\x8bnot gzip at all", at_most=100) is Reason.NOT_GZIP
    assert unpacked(whole[:-9], at_most=100) is Reason.NOT_GZIP
    assert unpacked(whole[:-8] + b"\0" * 8, at_most=100) is Reason.NOT_GZIP


def test_every_reason_has_an_example_and_a_sentence() -> None:
    assert {*EXAMPLES, *OF_WHOLE_REQUESTS} == set(Reason)
    assert all(explained(reason).endswith(".") for reason in Reason)


def test_a_refusal_remembers_what_its_path_said() -> None:
    refusal = arrived(b"{}", kind="page")

    assert isinstance(refusal, Refusal)
    assert refusal.kind == "page"
