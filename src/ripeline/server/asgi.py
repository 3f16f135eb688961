"""The whole process as one ASGI app: the door, signs of life, the stream of changes, and Django for the rest."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from ripeline.server.bounded import Bounded
from ripeline.server.configuration import Configuration
from ripeline.server.ingest.answers import Answer, answer, failure
from ripeline.server.ingest.door import Door, Limits
from ripeline.server.ingest.mappings import Mappings
from ripeline.server.ingest.paths import ALONE, PREFIXES
from ripeline.server.live import Live
from ripeline.server.log.change import Change
from ripeline.server.metrics import CONTENT_TYPE, exposition
from ripeline.server.proxies import Proxies
from ripeline.server.workspace import Workspace

App = Callable[[Any, Any, Any], Awaitable[None]]

ALIVE = Answer(200, b'{"status":"ok"}')


class Process:
    """Routes by path; only the console's and the API's own paths reach Django.

    `missing()` says what keeps events from being taken just now, None while nothing does; `failed()` how often
    something that was due could not be done.
    """

    def __init__(
        self,
        *,
        door: Door,
        live: Live,
        django: App,
        missing: Callable[[], str | None],
        failed: Callable[[], int],
        proxies: Proxies | None = None,
    ) -> None:
        self.door = door
        self.live = live
        self._django = django
        self._missing = missing
        self._failed = failed
        self._proxies = proxies
        self._own: dict[str, App] = {
            "/live": live,
            "/healthz": self._alive,
            "/readyz": self._ready,
            "/metrics": self._metrics,
            **dict.fromkeys(ALONE, door),
        }

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request, or the server's start and stop."""
        if scope["type"] == "http":
            if self._proxies is not None:
                scope = self._proxies.seen(scope)
            path: str = scope["path"]
            app = self.door if path.startswith(PREFIXES) else self._own.get(path, self._django)
            await app(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._last(receive, send)

    def close(self) -> None:
        """End what would keep the server from stopping: streams that have no end of their own."""
        self.live.close()

    async def _alive(self, _scope: Any, _receive: Any, send: Any) -> None:
        await answer(send, ALIVE, ())

    async def _ready(self, _scope: Any, _receive: Any, send: Any) -> None:
        missing = self._missing()
        await answer(send, ALIVE if missing is None else failure(503, "not-ready", missing), ())

    async def _metrics(self, _scope: Any, _receive: Any, send: Any) -> None:
        told = exposition(self.door.counts, self.door.waiting, self.live.audience, self._failed())
        await answer(send, Answer(200, told, content_type=CONTENT_TYPE), ())

    async def _last(self, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.close()
        await send({"type": "lifespan.shutdown.complete"})


def process(
    workspace: Workspace,
    *,
    now: Callable[[], datetime],
    missing: Callable[[], str | None] = lambda: None,
    failed: Callable[[], int] = lambda: 0,
) -> Process:
    """The process that serves an open `workspace`. Sets Django up; its settings must name the same workspace."""
    from django.conf import settings
    from django.core.asgi import get_asgi_application

    django = get_asgi_application()
    from ripeline.server.signed_in import is_signed_in  # needs Django set up

    live = Live(cookie=settings.SESSION_COOKIE_NAME, is_signed_in=is_signed_in, changes_since=_changes_since)
    workspace.listeners.append(live.audience.heard)
    told = settings.CONFIGURATION
    door = Door(
        submit=workspace.submit,
        keys=workspace.keys,
        now=now,
        limits=Limits(messages_per_second=told.ingest.messages_per_second, burst=told.ingest.burst),
        mappings=Mappings(workspace.folder),
        webhooks=told.webhooks,
    )
    bounded = Bounded(django, refusal=_too_large, uploads={"/settings/import/": _upload})
    return Process(door=door, live=live, django=bounded, missing=missing, failed=failed, proxies=_proxies(told))


def _proxies(told: Configuration) -> Proxies | None:
    """None where there is nothing to look for: it would be looked for in every request."""
    secure = told.console.hosts if told.console.https else []
    if not told.server.trusted_proxies and not secure:
        return None
    return Proxies(told.server.trusted_proxies, spelling=told.server.proxy_header, secure=secure)


def _changes_since(cursor: int) -> Change:
    """Asked in a thread, by pages that come back: the explanations beside it in `queries` need not be loaded before."""
    from ripeline.server.log import queries

    return queries.changes_since(cursor)


def _upload(scope: Any) -> int:
    """How large a file its sender may upload; the console is loaded with the first request."""
    from ripeline.server.imports.admitted import most_bytes

    return most_bytes(scope)


def _too_large(path: str) -> Answer:
    """Drawn by the console, which is loaded with the first request."""
    from ripeline.server.console.errors import too_large

    return too_large(path)
