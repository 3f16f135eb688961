"""Messages as SDKs send them, each needing only what its test is about."""

import json
from datetime import UTC, datetime
from typing import Any

from ripeline.events.batches import Batch, decode_batch
from ripeline.events.decode import decode
from ripeline.events.event import Event
from ripeline.events.refusal import Refusal

RECEIVED = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def message(**fields: Any) -> dict[str, Any]:
    """A track call of somebody, with `fields` of its own."""
    return {"type": "track", "event": "Demo Requested", "userId": "ada", **fields}


def written(value: Any) -> bytes:
    return json.dumps(value).encode()


def arrived(payload: dict[str, Any] | bytes, *, kind: str | None = None, sent_at: str | None = None) -> Event | Refusal:
    """What becomes of one message."""
    body = payload if isinstance(payload, bytes) else written(payload)
    return decode(body, source="site", received_at=RECEIVED, kind=kind, sent_at=sent_at)


def accepted(payload: dict[str, Any] | bytes, *, kind: str | None = None, sent_at: str | None = None) -> Event:
    """The event that a message is; fails where it is refused."""
    event = arrived(payload, kind=kind, sent_at=sent_at)
    assert isinstance(event, Event), event
    return event


def batch(*messages: dict[str, Any] | bytes, **fields: Any) -> Batch:
    """What becomes of a batch of messages, spelled exactly where they are bytes."""
    spelled = b",".join(one if isinstance(one, bytes) else written(one) for one in messages)
    rest = b"".join(b"," + written({field: value})[1:-1] for field, value in fields.items())
    decoded = decode_batch(b'{"batch":[' + spelled + b"]" + rest + b"}", source="site", received_at=RECEIVED)
    assert isinstance(decoded, Batch), decoded
    return decoded
