"""The bound on bodies before Django, which reads one whole before it asks who sends it."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from ripeline.server.ingest.answers import Answer, answer

MOST = 1_000_000  # bytes; forms and acts of the API have a few thousand at most


class Bounded:
    """An ASGI app whose requests have a body of at most `at_most` bytes; `refusal(path)` answers the others.

    A longer body that is announced for one of `uploads` (by path) is admitted as far as that says of the request,
    before any of it is read. It may ask a database: it runs in a thread.
    """

    def __init__(
        self,
        app: Callable[..., Any],
        *,
        refusal: Callable[[str], Answer],
        at_most: int = MOST,
        uploads: Mapping[str, Callable[[Mapping[str, Any]], int]] | None = None,
    ) -> None:
        self._app = app
        self._refusal = refusal
        self._at_most = at_most
        self._uploads = uploads or {}

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        """Answer one HTTP request."""
        at_most = await self._allowed(scope)
        left = at_most

        async def counted() -> Any:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            # To the app the sender has gone: it lets go of what it has read, and answers nothing.
            return message if left >= 0 else {"type": "http.disconnect"}

        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > at_most:
            left = -1
        else:
            await self._app(scope, counted, send)
        if left < 0:
            # Drawn in a thread: the loop is the door's too, and this may load the console first.
            await answer(send, await asyncio.to_thread(self._refusal, scope["path"]), ())

    async def _allowed(self, scope: Mapping[str, Any]) -> int:
        upload = self._uploads.get(scope["path"])
        return self._at_most if upload is None else await asyncio.to_thread(upload, scope)
