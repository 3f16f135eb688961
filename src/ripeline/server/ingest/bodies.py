"""The bytes of a request's body, read up to a limit of size and time."""

import asyncio
from collections.abc import Mapping
from typing import Any

from ripeline.server.ingest.answers import TOO_LARGE, TOO_SLOW, Failed
from ripeline.server.ingest.waiting import Hold

Receive = Any  # an ASGI callable; its messages are dictionaries of several shapes


class Gone(Exception):
    """The client left before its body was complete; there is nobody to answer."""


async def read_body(
    receive: Receive, headers: Mapping[bytes, bytes], hold: Hold, *, at_most: int, seconds: float
) -> bytes:
    """The whole body as sent. Raises Failed where it is larger than `at_most` or takes longer than `seconds`."""
    declared = headers.get(b"content-length", b"0")
    if not declared.isdigit() or int(declared) > at_most:
        raise Failed(TOO_LARGE)
    body, more = _part(await receive(), hold)
    if not more:  # nearly always
        return _within(body, at_most)
    parts = [body]
    try:
        async with asyncio.timeout(seconds):
            while more:
                body, more = _part(await receive(), hold)
                parts.append(body)
                at_most -= len(parts[-2])
                _within(body, at_most)
    except TimeoutError:
        raise Failed(TOO_SLOW) from None
    return b"".join(parts)


def _part(message: Mapping[str, Any], hold: Hold) -> tuple[bytes, bool]:
    if message["type"] != "http.request":
        raise Gone
    body = message.get("body", b"")
    hold.more(len(body))
    return body, message.get("more_body", False)


def _within(body: bytes, at_most: int) -> bytes:
    if len(body) > at_most:
        raise Failed(TOO_LARGE)
    return body
