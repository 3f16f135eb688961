"""Paths of the door beside the tracking API's, each with a reading of its own."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from ripeline.events.cloudevents import KIND as CLOUDEVENTS
from ripeline.events.reason import Reason
from ripeline.events.refusal import Refusal
from ripeline.server.configuration import Webhook
from ripeline.server.ingest.answers import TOO_LARGE, Answer, Failed, failure, taken
from ripeline.server.ingest.cloud_requests import cloud_intake
from ripeline.server.ingest.incoming import Incoming
from ripeline.server.ingest.incoming_events import PREFIX, Arrival, Taken, read_incoming
from ripeline.server.ingest.intake import Intake
from ripeline.server.ingest.mappings import Broken, Mappings
from ripeline.server.ingest.signatures import is_signed, zoom_answer

WRONG_SIGNATURE = failure(
    401, "wrong-signature", "The request is not signed with the secret of this address, or over five minutes old."
)
_NOTHING: Mapping[str, Webhook] = {}


class Beside:
    """Reads what comes by `/v1/cloudevents` and `/v1/in/NAME`. `webhooks` are the secrets of those that are signed.

    `skipped(name, count)` hears of what a mapping leaves out.
    """

    def __init__(
        self,
        mappings: Mappings | None = None,
        *,
        webhooks: Mapping[str, Webhook] = _NOTHING,
        skipped: Callable[[str, int], None] = lambda _name, _count: None,
    ) -> None:
        self._mappings = mappings or Mappings(Path("/nonexistent"))
        self._webhooks = webhooks
        self._skipped = skipped

    def kind_of(self, path: str) -> str | None:
        """What a path brings; None where it is none of these, or no mapping has this name."""
        path = path.removesuffix("/")
        if path == "/v1/cloudevents":
            return CLOUDEVENTS
        name = path.removeprefix(f"/v1/{PREFIX}")
        return f"{PREFIX}{name}" if name != path and self._mappings.of(name) is not None else None

    def is_signed(self, kind: str) -> bool:
        """Whether its signature says who sends it, and not a write key."""
        return kind.removeprefix(PREFIX) in self._webhooks and kind.startswith(PREFIX)

    def source_of(self, kind: str, headers: Mapping[bytes, bytes], packed: bytes, *, now: datetime) -> str:
        """The source of what is signed: the name itself. Raises Failed where the signature is not right."""
        name = kind.removeprefix(PREFIX)
        webhook = self._webhooks[name]
        if not is_signed(webhook.signature, webhook.secret, headers, packed, now=now):
            raise Failed(WRONG_SIGNATURE)
        return name

    def intake(
        self, kind: str, headers: Mapping[bytes, bytes], body: bytes, *, source: str, received_at: datetime
    ) -> Intake:
        """The events of a request. Raises Failed."""
        if kind == CLOUDEVENTS:
            return cloud_intake(headers, body, source=source, received_at=received_at)
        name = kind.removeprefix(PREFIX)
        asked = self._asked_by_zoom(name, body)
        if asked is not None:
            return Intake([], [], asked)
        found = taken_by(self._mappings.of(name), body, Arrival(name, source, received_at))
        if found.skipped:
            self._skipped(name, found.skipped)
        return Intake(found.accepted, found.refused, _answered(found))

    def _asked_by_zoom(self, name: str, body: bytes) -> Answer | None:
        webhook = self._webhooks.get(name)
        if webhook is not None and webhook.signature == "zoom":
            with suppress(ValueError, RecursionError):
                asked = msgspec.json.decode(body, type=_ZoomAsks)
                return Answer(200, msgspec.json.encode(zoom_answer(webhook.secret, asked.payload.plain_token)))
        return None


class _Token(msgspec.Struct, rename="camel"):
    plain_token: str


class _ZoomAsks(msgspec.Struct, tag_field="event", tag="endpoint.url_validation"):
    payload: _Token


def taken_by(mapping: Incoming | Broken | None, body: bytes, arrival: Arrival, *, is_member: bool = False) -> Taken:
    """What a body is by its mapping. Of a broken one it is kept as it came: the file is mended, then it is replayed."""
    if isinstance(mapping, Incoming):
        return read_incoming(body, mapping, arrival, is_member=is_member)
    first = str(mapping.problems[0]).splitlines()[0] if mapping is not None else "there is no such file"
    refusal = Refusal(
        source=arrival.source,
        reason=Reason.MAPPING_BROKEN,
        detail=f"in/{arrival.name}.yaml: {first}",
        received_at=arrival.received_at,
        body=body,
        kind=f"{PREFIX}{arrival.name}",
    )
    return Taken([], [refusal])


def _answered(found: Taken) -> Answer:
    if found.is_too_much:
        raise Failed(TOO_LARGE)
    if found.refused and found.refused[0].reason is Reason.NOT_JSON:
        return failure(400, found.refused[0].reason.value, found.refused[0].detail)
    if found.skipped and not found.refused:
        return Answer(200, msgspec.json.encode({"success": True, "skipped": found.skipped}))
    return taken(found.refused)
