"""`GET /live`: server-sent events that tell a signed-in page what changed, so that it asks for itself again.

A message is small (`{"cursor", "leads", "inbox", "many"}`) and carries the log's place as its id: a browser that lost
the connection sends it back and is told what it missed.
"""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

import msgspec
from django.http.cookie import parse_cookie

from ripeline.server.audience import Audience, Stream
from ripeline.server.ingest.answers import answer, failure
from ripeline.server.log.change import Change

SIGNED_OUT = failure(401, "signed-out", "Sign in first.")
FULL = failure(503, "too-many-streams", "Too many pages are open.", (b"retry-after", b"30"))
GET_ONLY = failure(405, "method-not-allowed", "This is a stream of changes. Use GET.", (b"allow", b"GET"))

_OPENED: dict[str, Any] = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"text/event-stream"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ],
}


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """Of a stream, in seconds."""

    heartbeat: float = 15.0  # without a message, a sign of life
    asks_again: float = 60.0  # whether the page's session still stands
    slow: float = 20.0  # how long a page may take nothing before it is dropped
    comes_back: float = 2.0  # after a lost connection
    makes_room: float = 20.0  # until a page comes back that made room for another of its session


class Live:
    """The ASGI app of `/live`; its `audience` is to hear of commits.

    `is_signed_in(session key)` and `changes_since(cursor)` may ask a database: they run in a thread of their own.
    """

    def __init__(
        self,
        *,
        cookie: str,
        is_signed_in: Callable[[str], bool],
        changes_since: Callable[[int], Change],
        audience: Audience | None = None,
        pace: Pace | None = None,
    ) -> None:
        self.audience = Audience() if audience is None else audience
        self._cookie = cookie
        self._is_signed_in = is_signed_in
        self._changes_since = changes_since
        self._pace = pace or Pace()
        self._asking = ThreadPoolExecutor(1, thread_name_prefix="live")

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        """Answer one HTTP request, for as long as its page listens."""
        headers = dict(scope["headers"])
        if scope["method"] != "GET":
            await answer(send, GET_ONLY, ())
            return
        session = parse_cookie(headers.get(b"cookie", b"").decode("latin-1")).get(self._cookie)
        if not session or not await self._asked(self._is_signed_in, session):
            await answer(send, SIGNED_OUT, ())
            return
        stream = self.audience.join(session, comes_back_after=self._pace.makes_room)
        if stream is None:
            await answer(send, FULL, ())
            return
        listening = asyncio.create_task(_listen(receive, stream))
        try:
            await send(_OPENED)
            await self._follow(stream, _cursor(headers, scope["query_string"]), send)
        except TimeoutError:
            pass  # a page that takes nothing is dropped with its connection
        finally:
            listening.cancel()
            self.audience.part(stream)

    def close(self) -> None:
        """End all streams, so that the process can stop; the pages come back to whoever answers then."""
        self.audience.close(comes_back_after=self._pace.comes_back)

    async def _follow(self, stream: Stream, cursor: int | None, send: Any) -> None:
        """Tell the page of changes until it leaves or is to leave. Raises TimeoutError where it is too slow."""
        await self._say(send, _retry(self._pace.comes_back))
        if cursor is not None:  # after joining: what is committed meanwhile is told twice rather than never
            missed = await self._asked(self._changes_since, cursor)
            if missed.leads or missed.inbox or missed.many:
                stream.tell(missed)
        clock = asyncio.get_running_loop().time
        asks_at = clock() + self._pace.asks_again
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pace.heartbeat):
                    await stream.woken.wait()
            stream.woken.clear()
            if stream.gone:
                return
            if clock() >= asks_at:
                asks_at = clock() + self._pace.asks_again
                if not await self._asked(self._is_signed_in, stream.session):
                    stream.end(comes_back_after=self._pace.comes_back)  # it comes back to be told 401
            if stream.comes_back_after is not None:
                await self._say(send, _retry(stream.comes_back_after), last=True)
                return
            change, stream.change = stream.change, None
            await self._say(send, b": still here\n\n" if change is None else _message(change))

    async def _say(self, send: Any, text: bytes, *, last: bool = False) -> None:
        async with asyncio.timeout(self._pace.slow):
            await send({"type": "http.response.body", "body": text, "more_body": not last})

    async def _asked(self, question: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._asking, question, *arguments)


async def _listen(receive: Any, stream: Stream) -> None:
    """Wait for the page to leave: nothing else tells that it has."""
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.leave()


def _cursor(headers: Mapping[bytes, bytes], query: bytes) -> int | None:
    """The last message's id as the browser gives it back, else the place the page was made at (`?cursor=`)."""
    told = headers.get(b"last-event-id") or parse_qs(query).get(b"cursor", [b""])[0]
    return int(told) if told.isdigit() and len(told) < 19 else None


def _retry(seconds: float) -> bytes:
    return b"retry: %d\n\n" % (seconds * 1000)


def _message(change: Change) -> bytes:
    told = {"cursor": change.cursor, "leads": change.leads, "inbox": change.inbox, "many": change.many}
    return b"id: %d\ndata: %s\n\n" % (change.cursor, msgspec.json.encode(told))
