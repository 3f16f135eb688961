"""The ASGI app of `/v1/…`: body → events → the writer → 200 after the commit."""

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import datetime
from time import perf_counter
from typing import Any

import msgspec

from ripeline.events.reason import Reason
from ripeline.events.unpacking import unpacked
from ripeline.server.configuration import Webhook
from ripeline.server.ingest import answers
from ripeline.server.ingest.answers import Answer, Failed, Send, answer
from ripeline.server.ingest.beside import Beside
from ripeline.server.ingest.bodies import Gone, Receive, read_body
from ripeline.server.ingest.commits import Commits
from ripeline.server.ingest.cors import cors_headers, preflight
from ripeline.server.ingest.counts import Counts
from ripeline.server.ingest.credentials import key_of_body, key_of_header, key_of_query
from ripeline.server.ingest.intake import BATCH, Intake, intake, not_gzip
from ripeline.server.ingest.mappings import Mappings
from ripeline.server.ingest.waiting import Hold, Waiting
from ripeline.server.log.commands import CommandError, Ingest
from ripeline.server.log.keyring import KeyRing

_KINDS = (BATCH, "track", "page", "screen", "identify", "group", "alias")
# Path → what it brings; analytics-next says each by its first letter. No path is ever redirected to another.
PATHS = {f"/v1/{spelled}{slash}": kind for kind in _KINDS for spelled in (kind, kind[0]) for slash in ("", "/")}

_TRACKED = frozenset(PATHS.values())

_log = logging.getLogger(__name__)


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What the door takes."""

    body: int = 5 * 1024 * 1024  # bytes of one request, packed and unpacked
    body_seconds: float = 30.0  # for reading it
    waiting: int = 32 * 1024 * 1024  # bytes of all that waits to be stored


class Door:
    """Takes events of whoever has a write key.

    `submit` is the writer's, `keys` and `mappings` the workspace's, `webhooks` the secrets of what is signed; `now`
    gives the aware UTC instant.
    """

    def __init__(
        self,
        *,
        submit: Callable[[Ingest], "Future[Any]"],
        keys: KeyRing,
        now: Callable[[], datetime],
        limits: Limits | None = None,
        mappings: Mappings | None = None,
        webhooks: Mapping[str, Webhook] | None = None,
    ) -> None:
        self.counts = Counts()
        self._limits = limits or Limits()
        self.waiting = Waiting(at_most=self._limits.waiting)
        self._submit = submit
        self._keys = keys
        self._now = now
        self._commits: Commits | None = None
        self._beside = Beside(mappings, webhooks=webhooks or {}, skipped=self.counts.left_out)

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        began = perf_counter()
        headers = dict(scope["headers"])
        try:
            reply = await self._reply(scope, headers, receive)
        except Failed as failed:
            reply = failed.reply
        except Gone:
            return
        await answer(send, reply, cors_headers(headers.get(b"origin")))
        kind = PATHS.get(scope["path"]) or self._beside.kind_of(scope["path"]) or "other"
        self.counts.answered(kind, reply.status, perf_counter() - began)

    async def _reply(self, scope: Mapping[str, Any], headers: Mapping[bytes, bytes], receive: Receive) -> Answer:
        kind = PATHS.get(scope["path"]) or self._beside.kind_of(scope["path"])
        if scope["method"] == "OPTIONS":
            return preflight(headers.get(b"access-control-request-headers"))
        if kind is None:
            return answers.NOT_FOUND
        if scope["method"] != "POST":
            return answers.POST_ONLY
        key = key_of_header(headers.get(b"authorization"))
        source = None if key is None or self._beside.is_signed(kind) else self._source(key)
        with Hold(self.waiting) as hold:
            packed = await read_body(
                receive, headers, hold, at_most=self._limits.body, seconds=self._limits.body_seconds
            )
            brought = self._intake(kind, packed, headers, source, scope["query_string"], hold)
            await self._store(brought)
        return brought.reply

    def _source(self, key: str | None) -> str:
        opening = None if key is None else self._keys.find(key, "write")
        if opening is None:
            raise Failed(answers.UNKNOWN_KEY)
        return opening.name

    def _intake(
        self, kind: str, packed: bytes, headers: Mapping[bytes, bytes], source: str | None, query: bytes, hold: Hold
    ) -> Intake:
        if self._beside.is_signed(kind):
            source = self._beside.source_of(kind, headers, packed, now=self._now())
        encoding = headers.get(b"content-encoding", b"").decode("latin-1").lower()
        body = unpacked(packed, encoding=encoding, at_most=self._limits.body)
        if body is Reason.TOO_LARGE:
            raise Failed(answers.TOO_LARGE)
        if source is None:
            source = self._source((key_of_body(body) if isinstance(body, bytes) else None) or key_of_query(query))
        if not isinstance(body, bytes):
            return not_gzip(kind, packed, source=source, received_at=self._now())
        hold.more(max(0, len(body) - len(packed)))
        brought = self._read(kind, headers, body, source)
        hold.more(brought.size)
        return brought

    def _read(self, kind: str, headers: Mapping[bytes, bytes], body: bytes, source: str) -> Intake:
        if kind not in _TRACKED:
            return self._beside.intake(kind, headers, body, source=source, received_at=self._now())
        sent_at = headers.get(b"sentat")
        told = None if sent_at is None else sent_at.decode("latin-1")
        return intake(kind, body, source=source, received_at=self._now(), sent_at=told)

    async def _store(self, brought: Intake) -> None:
        """Wait until it is on disk. Raises Failed where it is not, and then nothing of it is."""
        if not brought.accepted and not brought.refused:
            return
        if self._commits is None:
            self._commits = Commits()
        source = (brought.accepted or brought.refused)[0].source
        order = Ingest(source=source, accepted=brought.accepted, refused=brought.refused)
        failure = await self._commits.failure(self._submit(order))
        if failure is not None:
            if not isinstance(failure, CommandError):
                _log.error("events could not be stored", exc_info=failure)
            raise Failed(answers.UNAVAILABLE)
        self.counts.stored(brought.accepted, brought.refused)
