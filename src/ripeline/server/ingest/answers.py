"""What the door answers: exactly 200 with a small JSON object, or an error object with `code` and `message`."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

Header = tuple[bytes, bytes]
Send = Any  # an ASGI callable; its messages are dictionaries of many shapes


class Failed(Exception):
    """The request comes to nothing and is answered with `reply`."""

    def __init__(self, reply: "Answer") -> None:
        super().__init__(reply.status)
        self.reply = reply


# A refused message is told to the developer who tries things by hand; a flood of them is not.
_MOST_NAMED = 10


class Answer(NamedTuple):
    """Status, body and the headers that belong to it."""

    status: int
    body: bytes
    headers: tuple[Header, ...] = ()
    content_type: bytes = b"application/json"


def failure(status: int, code: str, message: str, *headers: Header) -> Answer:
    """An error as every SDK can read it: RudderStack's fails on any object without a text `code`."""
    return Answer(status, msgspec.json.encode({"code": code, "message": message}), headers)


def taken(refused: list[Any], *, unkept: Mapping[str, Mapping[str, int]] | None = None) -> Answer:
    """All is stored; `refused` are the messages kept aside, with their reasons, and of `unkept` nothing is kept.

    Those are counted by source and reason.
    """
    if not refused and not unkept:
        return TAKEN
    named = [{"reason": refusal.reason, "detail": refusal.detail} for refusal in refused[:_MOST_NAMED]]
    counts = [reason for reasons in (unkept or {}).values() for reason in reasons.items()]
    named += [{"reason": reason, "detail": "nothing of it is kept"} for reason in dict(counts)]
    count = len(refused) + sum(number for _, number in counts)
    return Answer(200, msgspec.json.encode({"success": True, "refused": count, "reasons": named}))


TAKEN = Answer(200, b'{"success":true}')
NOT_FOUND = failure(404, "not-found", "No such path. Events go to /v1/batch, or to /v1/track and its like.")
POST_ONLY = failure(405, "method-not-allowed", "Send events with POST.", (b"allow", b"POST, OPTIONS"))
GET_ONLY = failure(405, "method-not-allowed", "This is asked for with GET.", (b"allow", b"GET, HEAD, OPTIONS"))
BAD_HOST = failure(400, "bad-host", "The Host header names no host.")
UNKNOWN_KEY = failure(
    401, "unknown-key", "The write key is missing or unknown. Send it as the user name of Basic auth."
)
NO_SUCH_PROJECT = failure(404, "unknown-key", "The address names no write key that is in force.")
TOO_LARGE = failure(413, "too-large", "The body is too large. Send smaller batches.")
TOO_SLOW = failure(408, "body-incomplete", "The body did not arrive in time.")
OVERLOADED = failure(
    429, "overloaded", "Too much is waiting to be stored. Nothing of this was; send it again.", (b"retry-after", b"2")
)
UNAVAILABLE = failure(
    503, "store-unavailable", "The store cannot be written. Nothing of this was stored; send it again.",
    (b"retry-after", b"5"),
)  # fmt: skip
NO_DEFINITION = failure(
    503, "definition-unreadable",
    "The definition in force cannot be read by this release, so history cannot be scored. Nothing of this was stored.",
    (b"retry-after", b"60"),
)  # fmt: skip


def rate_limited(seconds: int) -> Answer:
    """The key has sent too much; nothing of this request was read."""
    told = "Too many messages under this write key. Nothing of this was stored; send it again."
    return failure(429, "rate-limited", told, (b"retry-after", b"%d" % seconds))


async def answer(send: Send, reply: Answer, cors: tuple[Header, ...]) -> None:
    """Send `reply`."""
    body = reply.body
    headers = [(b"content-type", reply.content_type), (b"content-length", b"%d" % len(body)), *cors, *reply.headers]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
