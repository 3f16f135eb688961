"""HTTP/1.1 as uvicorn speaks it, with a bound on what a connection may send before it means anything."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# The parser gathers a head, or the trailer behind a body, however long it is, and copies what it has with every piece:
# 150 MB of one header held the whole process for 100 seconds. Browsers send up to 8 kB, with all cookies.
LARGEST_HEAD = 64 * 1024
HEAD_SECONDS = 30.0  # for the first head of a connection; later ones have uvicorn's keep-alive time


class Connection(HttpToolsProtocol):
    """One client's connection; a head that is too large is answered 400, one that does not come is closed."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._pending = 0  # bytes since the last head, piece of a body, or end of a request
        self._first_head: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._first_head = self.loop.call_later(HEAD_SECONDS, transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        self._has_head()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._pending += len(data)
        super().data_received(data)
        if self._pending > LARGEST_HEAD and not self.transport.is_closing():
            self.send_400_response("The head of the request is too large.")

    def on_headers_complete(self) -> None:
        self._pending = 0
        self._has_head()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._pending = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._pending = 0
        super().on_message_complete()

    def _has_head(self) -> None:
        if self._first_head is not None:
            self._first_head.cancel()
            self._first_head = None
