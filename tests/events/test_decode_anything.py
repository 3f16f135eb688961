"""Whatever arrives, the door answers with events and refusals and never with an error."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.events.sent import RECEIVED, arrived, message, written

from ripeline.events.batches import Batch, decode_batch
from ripeline.events.decode import restored
from ripeline.events.event import Event
from ripeline.events.facts import email, hints, statements
from ripeline.events.reading import FIELDS, value
from ripeline.events.refusal import Refusal
from ripeline.events.skew import EARLIEST

WORDS = ("type", "event", "userId", "anonymousId", "traits", "context", "properties", "timestamp", "sentAt", "page")
texts = st.one_of(
    st.text(max_size=8), st.sampled_from([*WORDS, "track", "2026-01-01", "9999-01-01", "a@b.example", "?utm_source=x"])
)
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=4), max_leaves=12
)
messages = st.fixed_dictionaries(
    {}, optional=dict.fromkeys((*WORDS, "messageId", "groupId", "previousId"), values)
).map(lambda fields: message(**fields))


def read_everything(event: Event) -> None:
    """Whoever stands behind the door can take the event apart."""
    assert EARLIEST <= event.occurred_at <= RECEIVED
    assert all(isinstance(field, str) for field, _ in statements(event) + hints(event))
    assert email(event) is None or "@" in str(email(event))
    for field in (*FIELDS, "a", "page.path", *event.properties):
        assert not isinstance(value(event, field), dict)


@given(st.binary(max_size=60))
def test_arbitrary_bytes(body: bytes) -> None:
    assert isinstance(arrived(body), Event | Refusal)
    assert isinstance(decode_batch(body, source="site", received_at=RECEIVED), Batch | Refusal)


@given(messages)
def test_arbitrary_messages(told: dict[str, Any]) -> None:
    decoded = arrived(told)

    if isinstance(decoded, Event):
        read_everything(decoded)


@given(values, st.dictionaries(texts, values, max_size=3))
def test_arbitrary_batches_keep_a_good_neighbour(bad: Any, fields: dict[str, Any]) -> None:
    body = written({**fields, "batch": [bad, message(messageId="good")]})
    decoded = decode_batch(body, source="site", received_at=RECEIVED)

    assert isinstance(decoded, Batch)
    assert "good" in [event.message_id for event in decoded.accepted]
    assert len(decoded.accepted) + len(decoded.refused) == 2


@given(
    st.lists(st.sampled_from([b"{", b"}", b"[", b"]", b'"', b"\\", b",", b":", b"batch", b"NaN", b" "]), max_size=40)
)
def test_arbitrary_brackets_and_quotes(pieces: list[bytes]) -> None:
    for body in (b"".join(pieces), b'{"batch":[' + b"".join(pieces) + b"]}"):
        assert isinstance(decode_batch(body, source="site", received_at=RECEIVED), Batch | Refusal)


@given(messages)
def test_what_is_kept_gives_the_same_event_again(told: dict[str, Any]) -> None:
    event = arrived(told, sent_at="2026-03-01T11:59:00Z")
    if isinstance(event, Refusal):
        return
    row = {"source": event.source, "message_id": event.message_id, "kind": event.kind, "name": event.name}

    again = restored(event.body, occurred_at=event.occurred_at, received_at=event.received_at, **row)

    assert again == event
