"""A batch body → events: CPU µs an event, beside the plain Python that a team would write for it.

The yardstick reads with `json.loads`, checks what it picks from the dictionaries, keeps each message as JSON and makes
a dataclass of it. It corrects the clock and makes ids text as the door does, but survives no bad neighbour.
"""

import json
import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ripeline.events.batches import decode_batch

RECEIVED = datetime(2026, 3, 1, 12, 0, 1, tzinfo=UTC)
SENT = "2026-03-01T12:00:00.000Z"
EVENTS, BODIES, ROUNDS = 100, 20, 12


def browser_message(chance: random.Random) -> dict[str, Any]:
    """A page call as analytics-next sends it: about 900 bytes."""
    address = "https://www.shop.example/pricing?utm_source=news&utm_medium=cpc"
    page = {
        "path": "/pricing",
        "referrer": "",
        "search": "?utm_source=news&utm_medium=cpc",
        "title": "Prices",
        "url": address,
    }
    agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
    return {
        "type": "page",
        "name": "Prices",
        "messageId": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        "anonymousId": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        "userId": None,
        "timestamp": f"2026-03-01T11:59:{chance.randrange(10, 60)}.123Z",
        "integrations": {},
        "_metadata": {"bundled": ["Segment.io"], "unbundled": [], "bundledIds": []},
        "properties": page,
        "context": {
            "page": page,
            "campaign": {"source": "news", "medium": "cpc"},
            "userAgent": agent,
            "locale": "en-GB",
            "timezone": "Europe/Warsaw",
            "library": {"name": "analytics.js", "version": "npm:next-1.84.3"},
        },
    }


def server_message(chance: random.Random) -> dict[str, Any]:
    """A track call as a server's SDK sends it: about 400 bytes."""
    return {
        "type": "track",
        "event": "Product Added",
        "messageId": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        "userId": chance.randrange(100_000),
        "anonymousId": None,
        "timestamp": f"2026-03-01T11:59:{chance.randrange(10, 60)}.123456+00:00",
        "integrations": {},
        "properties": {"product_id": "p-17", "category": "Games", "price": 18.99, "quantity": 1, "cart_id": "c-9"},
        "context": {"library": {"name": "analytics-python", "version": "2.4.0"}},
    }


@dataclass(frozen=True, kw_only=True)
class PlainEvent:
    source: str
    message_id: str
    kind: str
    name: str
    user_id: str | None
    anonymous_id: str | None
    occurred_at: datetime
    received_at: datetime
    properties: dict[str, Any]
    context: dict[str, Any]
    body: bytes


def text(message: dict[str, Any], field: str) -> str | None:
    told = message.get(field)
    if not isinstance(told, (str, int, float, type(None))) or len(str(told)) > 255:
        raise ValueError(field)
    return str(told) if told not in (None, "") else None


def members(message: dict[str, Any], field: str) -> dict[str, Any]:
    told = message.get(field) or {}
    if not isinstance(told, dict):
        raise ValueError(field)  # noqa: TRY004 - one kind of error for all that is wrong
    return told


def plain(body: bytes) -> list[PlainEvent]:
    """The yardstick."""
    read = json.loads(body)
    sent = datetime.fromisoformat(read["sentAt"])
    return [plain_event(message, sent) for message in read["batch"]]


def plain_event(message: dict[str, Any], sent: datetime) -> PlainEvent:
    kind = message["type"]
    if kind not in {"track", "page", "screen", "identify", "group", "alias"}:
        raise ValueError(kind)
    return PlainEvent(
        source="site",
        message_id=text(message, "messageId") or str(uuid.uuid4()),
        kind=kind,
        name=message["event"] if kind == "track" else f"{kind.title()} Viewed",
        user_id=text(message, "userId"),
        anonymous_id=text(message, "anonymousId"),
        occurred_at=min(RECEIVED, datetime.fromisoformat(message["timestamp"]) + (RECEIVED - sent)),
        received_at=RECEIVED,
        properties=members(message, "properties"),
        context=members(message, "context"),
        body=json.dumps(message).encode(),
    )


def ours(body: bytes) -> object:
    return decode_batch(body, source="site", received_at=RECEIVED)


def microseconds(function: Callable[[bytes], object], bodies: list[bytes]) -> float:
    began = time.process_time()
    for body in bodies:
        function(body)
    return (time.process_time() - began) / len(bodies) / EVENTS * 1e6


def main() -> None:
    chance = random.Random(1)
    print(f"{'message':10} {'bytes':>6} {'ours µs':>8} {'plain µs':>9} {'json.loads µs':>14} {'plain / ours':>13}")
    for name, message in (("browser", browser_message), ("server", server_message)):
        bodies = [
            json.dumps(
                {"batch": [message(chance) for _ in range(EVENTS)], "sentAt": SENT}, separators=(",", ":")
            ).encode()
            for _ in range(BODIES)
        ]
        # Round by round in turn, the best of each: what else runs on the machine touches all alike.
        rounds = [[microseconds(function, bodies) for function in (ours, plain, json.loads)] for _ in range(ROUNDS)]
        mine, yardstick, reading = (min(column) for column in zip(*rounds, strict=True))
        size = len(bodies[0]) // EVENTS
        print(f"{name:10} {size:6} {mine:8.1f} {yardstick:9.1f} {reading:14.1f} {yardstick / mine:13.2f}")


if __name__ == "__main__":
    main()
