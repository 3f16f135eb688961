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
    parts: list[bytes] = []
    more = True
    try:
        async with asyncio.timeout(seconds):  # from the head on: many a client stops before the first byte
            while more:
                message = await receive()
                if message["type"] != "http.request":
                    raise Gone
                body, more = message.get("body", b""), message.get("more_body", False)
                hold.more(len(body))
                parts.append(body)
                at_most -= len(body)
                if at_most < 0:
                    raise Failed(TOO_LARGE)
    except TimeoutError:
        raise Failed(TOO_SLOW) from None
    return parts[0] if len(parts) == 1 else b"".join(parts)
