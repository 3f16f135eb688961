"""The ASGI app of the tracking API's paths: body → events → the writer → 200 after the commit."""

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import datetime
from time import monotonic, perf_counter
from typing import Any

import msgspec

from ripeline.events.reason import Reason
from ripeline.events.unpacking import unpacked
from ripeline.server.configuration import Webhook
from ripeline.server.ingest import answers, pixels
from ripeline.server.ingest.answers import Answer, Failed, Send, answer
from ripeline.server.ingest.beside import Beside
from ripeline.server.ingest.bodies import Gone, Receive, read_body
from ripeline.server.ingest.commits import Commits
from ripeline.server.ingest.consenting import consented
from ripeline.server.ingest.cors import cors_headers, preflight
from ripeline.server.ingest.counts import Counts
from ripeline.server.ingest.credentials import key_of_body, key_of_header, key_of_query
from ripeline.server.ingest.intake import Intake, disowned, intake, together, unusable
from ripeline.server.ingest.mappings import Mappings
from ripeline.server.ingest.own_keys import Share, shares
from ripeline.server.ingest.paths import BATCHES, IMPORT, METRICS, PATHS, PIXEL, PROJECT, Place, other_place
from ripeline.server.ingest.rates import Rates
from ripeline.server.ingest.settings_answers import host_asked, project_settings, source_config
from ripeline.server.ingest.waiting import Hold, Waiting
from ripeline.server.log.commands import CommandError, ImportHistory, Ingest, Ingested, NotAllowed
from ripeline.server.log.keyring import KeyRing, Opening

_TRACKED = frozenset(PATHS.values())

_log = logging.getLogger(__name__)


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What the door takes."""

    body: int = 5 * 1024 * 1024  # bytes of one request, packed and unpacked
    body_seconds: float = 30.0  # for reading it
    waiting: int = 32 * 1024 * 1024  # bytes of all that waits to be stored
    messages_per_second: float = 10_000.0  # of one write key, on the average; 0 is no limit
    burst: float = 600_000.0  # of them at once, after a quiet time


class Door:
    """Takes events of whoever has a write key.

    `submit` is the writer's, `keys` and `mappings` the workspace's, `webhooks` the secrets of what is signed; `now`
    gives the aware UTC instant, `clock` seconds that only grow.
    """

    def __init__(
        self,
        *,
        submit: Callable[[Ingest | ImportHistory], "Future[Any]"],
        keys: KeyRing,
        now: Callable[[], datetime],
        limits: Limits | None = None,
        clock: Callable[[], float] = monotonic,
        mappings: Mappings | None = None,
        webhooks: Mapping[str, Webhook] | None = None,
    ) -> None:
        self.counts = Counts()
        self._limits = limits or Limits()
        self.waiting = Waiting(at_most=self._limits.waiting)
        self._rates = Rates(per_second=self._limits.messages_per_second, burst=self._limits.burst, clock=clock)
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
        self.counts.answered(self._brings(scope["path"]), reply.status, perf_counter() - began)

    async def _reply(self, scope: Mapping[str, Any], headers: Mapping[bytes, bytes], receive: Receive) -> Answer:
        kind = PATHS.get(scope["path"]) or self._beside.kind_of(scope["path"])
        if scope["method"] == "OPTIONS":
            return preflight(headers.get(b"access-control-request-headers"))
        if kind is None:
            return await self._elsewhere(scope, headers)
        if scope["method"] != "POST":
            return answers.POST_ONLY
        key = key_of_header(headers.get(b"authorization"))
        source = None if key is None or self._beside.is_signed(kind) else self._source(key)
        with Hold(self.waiting) as hold:
            packed = await read_body(
                receive, headers, hold, at_most=self._limits.body, seconds=self._limits.body_seconds
            )
            brought = self._intake(kind, packed, headers, source, scope["query_string"], hold)
            brought = consented(brought, self._keys.demands, headers)
            await self._store(kind, brought)
        return brought.reply

    def _opening(self, key: str | None) -> Opening | None:
        return None if key is None else self._keys.find(key, "write")

    def _source(self, key: str | None) -> str:
        """The source that `key` is of. Raises Failed where there is none, or it has sent too much."""
        opening = self._opening(key)
        if opening is None:
            raise Failed(answers.UNKNOWN_KEY)
        self._rates.admit(opening.name)
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
        if not isinstance(body, bytes):
            source = source or self._source(key_of_query(query))
            self._rates.spend(source, 1)
            return unusable(kind, packed, body, source=source, received_at=self._now())
        hold.more(max(0, len(body) - len(packed)))
        if kind not in _TRACKED:
            source = source or self._source(key_of_body(body) or key_of_query(query))
            brought = self._beside.intake(kind, headers, body, source=source, received_at=self._now())
            self._rates.spend(source, len(brought.accepted) + len(brought.refused))
            hold.more(brought.size)
            return brought
        sent_at = headers.get(b"sentat")
        told = None if sent_at is None else sent_at.decode("latin-1")
        if source is None:
            brought = self._signed_within(kind, body, query, told)
        else:
            brought = self._read(kind, body, source, told)
        hold.more(brought.size)
        return brought

    def _read(self, kind: str, body: bytes, source: str, sent_at: str | None) -> Intake:
        brought = intake(kind, body, source=source, received_at=self._now(), sent_at=sent_at)
        self._rates.spend(source, len(brought.accepted) + len(brought.refused))
        return brought

    def _signed_within(self, kind: str, body: bytes, query: bytes, sent_at: str | None) -> Intake:
        """What came without a key in its header: the body may name one for each message, else the address does."""
        found = shares(body) if kind in BATCHES else [Share(key_of_body(body), body)]
        named = key_of_query(query) or next((share.key for share in found if share.key), None)
        openings = [self._opening(share.key or named) for share in found]
        known = next((opening.name for opening in openings if opening is not None), None)
        if known is None:
            raise Failed(answers.UNKNOWN_KEY)
        for source in {opening.name for opening in openings if opening is not None}:
            self._rates.admit(source)
        read = [
            self._read(kind, share.body, opening.name, sent_at)
            if opening is not None
            else disowned(self._read(kind, share.body, known, sent_at))
            for share, opening in zip(found, openings, strict=True)
        ]
        return read[0] if len(read) == 1 else together(read)

    async def _store(self, kind: str, brought: Intake) -> None:
        """Wait until it is on disk. Raises Failed where it is not, and then nothing of it is."""
        if not brought.accepted and not brought.refused and not brought.unkept:
            return
        if self._commits is None:
            self._commits = Commits()
        future = self._submit(_order(kind, brought))
        failure = await self._commits.failure(future)
        if failure is not None:
            if not isinstance(failure, CommandError):
                _log.error("events could not be stored", exc_info=failure)
            raise Failed(answers.NO_DEFINITION if isinstance(failure, NotAllowed) else answers.UNAVAILABLE)
        self.counts.stored(brought.accepted, brought.refused)
        for reasons in brought.unkept.values():
            self.counts.not_kept(reasons)
        answered = future.result()
        if isinstance(answered, Ingested) and answered.withdrawn:
            self.counts.withdrew(answered.withdrawn)

    async def _elsewhere(self, scope: Mapping[str, Any], headers: Mapping[bytes, bytes]) -> Answer:
        """What the other paths are answered; none of them has a body that is read."""
        place = other_place(scope["path"])
        if place is None:
            return answers.NOT_FOUND
        if place.kind == METRICS:
            return answers.TAKEN if scope["method"] == "POST" else answers.POST_ONLY
        if scope["method"] not in ("GET", "HEAD"):
            return answers.GET_ONLY
        if place.kind != PIXEL:
            return self._settings(place, scope, headers)
        try:
            if scope["method"] == "GET":
                await self._pixel(place.named, scope["query_string"], headers)
        except Failed as failed:
            return pixels.drawn(failed.reply)
        return pixels.drawn(answers.TAKEN)

    def _brings(self, path: str) -> str:
        """What requests to `path` are counted as."""
        kind = PATHS.get(path) or self._beside.kind_of(path)
        if kind is None:
            place = other_place(path)
            kind = "other" if place is None else place.kind
        return kind

    async def _pixel(self, kind: str, query: bytes, headers: Mapping[bytes, bytes]) -> None:
        told = pixels.told_by(query)
        source = self._source(told.key)
        with Hold(self.waiting) as hold:
            if told.wrong is None:
                brought = self._read(kind, told.body, source, None)
            else:
                self._rates.spend(source, 1)
                brought = unusable(kind, told.body, told.wrong, source=source, received_at=self._now())
            hold.more(brought.size)
            await self._store(kind, consented(brought, self._keys.demands, headers))

    def _settings(self, place: Place, scope: Mapping[str, Any], headers: Mapping[bytes, bytes]) -> Answer:
        if place.kind == PROJECT:
            if self._opening(place.named) is None:
                return answers.NO_SUCH_PROJECT
            return project_settings(place.named, scheme=scope["scheme"], host=host_asked(scope, headers))
        key = key_of_header(headers.get(b"authorization")) or key_of_query(scope["query_string"])
        opening = self._opening(key)
        if key is None or opening is None:
            return answers.UNKNOWN_KEY
        return source_config(key, id=opening.id, at=self._now())


def _order(kind: str, brought: Intake) -> Ingest | ImportHistory:
    if kind == IMPORT:
        return ImportHistory(
            events=brought.accepted, refused=brought.refused, unkept=brought.unkept, ends_when_quiet=True
        )
    return Ingest(source=brought.source, accepted=brought.accepted, refused=brought.refused, unkept=brought.unkept)
