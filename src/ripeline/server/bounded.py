"""The bound on bodies before Django, which reads one whole before it asks who sends it."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from ripeline.server.ingest.answers import Answer, answer

MOST = 1_000_000  # bytes; forms and acts of the API have a few thousand at most


class Bounded:
    """An ASGI app whose requests have a body of at most `at_most` bytes; `refusal(path)` answers the others."""

    def __init__(self, app: Callable[..., Any], *, refusal: Callable[[str], Answer], at_most: int = MOST) -> None:
        self._app = app
        self._refusal = refusal
        self._at_most = at_most

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        """Answer one HTTP request."""
        left = self._at_most

        async def counted() -> Any:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            # To the app the sender has gone: it lets go of what it has read, and answers nothing.
            return message if left >= 0 else {"type": "http.disconnect"}

        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > self._at_most:
            left = -1
        else:
            await self._app(scope, counted, send)
        if left < 0:
            # Drawn in a thread: the loop is the door's too, and this may load the console first.
            await answer(send, await asyncio.to_thread(self._refusal, scope["path"]), ())
