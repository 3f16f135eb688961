"""Rows of files as messages of the tracking API, for a log that keeps every message whole."""

from datetime import datetime
from hashlib import blake2b
from typing import Any

import msgspec

from ripeline.batch.filed import SOURCE, Filed, NoEvent, Told, filed
from ripeline.events.decode import MOST_FACTS
from ripeline.events.event import Event
from ripeline.events.ids import present
from ripeline.events.reason import Reason
from ripeline.events.splitting import deeper_than
from ripeline.events.wire import DEEPEST, LARGEST_MESSAGE

LEAD = "lead"  # the type of the external id under which a log knows the `lead` of a file beside a user id
_STATING = ("identify", "group")
_PAGES = ("page", "screen")


class _Message(msgspec.Struct, rename="camel", omit_defaults=True):
    """What an SDK would have sent; fields that say nothing are left out."""

    type: str
    message_id: str
    timestamp: datetime
    user_id: str | None = None
    anonymous_id: str | None = None
    previous_id: str | None = None
    group_id: str | None = None
    event: str | None = None
    name: str | None = None
    properties: dict[str, Any] = {}
    traits: dict[str, Any] = {}
    context: dict[str, Any] = {}


_encoded = msgspec.json.Encoder().encode
_ordered = msgspec.json.Encoder(order="sorted").encode


def logged(told: Told, *, joint: bool = False) -> Filed:
    """The event that a row tells with its whole message, so that the log can be read again from what it holds.

    A log knows people by the ids their events come under, so the `lead` of a row is its user id. Where rows may name a
    user id too (`joint`), it is an external id beside that, by which rows with and without one are the same person's.
    Raises NoEvent, also for what the door would not take either.

    >>> row = Told(id="e1", name="Demo Requested", occurred_at="2026-03-01", lead="ada")
    >>> logged(row).event.body
    b'{"type":"track","messageId":"e1","timestamp":"2026-03-01T00:00:00Z","userId":"ada","event":"Demo Requested"}'
    """
    if told.lead is not None:
        _name(told, joint=joint)
    lead, event = filed(told)
    body = _encoded(_message(told, event))
    _check(event, body)
    return Filed(lead, msgspec.structs.replace(event, body=body))


def external_id(lead: str) -> str:
    """The external id of a lead that a file names beside a user id."""
    return f"{LEAD}:{lead}"


def row_id(cells: dict[str, Any]) -> str:
    """What a row without an id counts under: all that it says, so that the same row twice is one event.

    >>> row_id({"name": "Any", "lead": "ada", "plan": ""}) == row_id({"lead": "ada", "name": "Any"})
    True
    """
    said = _ordered({column: cell for column, cell in cells.items() if cell is not None and cell != ""})
    return f"row-{blake2b(said, digest_size=16).hexdigest()}"


def _name(told: Told, *, joint: bool) -> None:
    known = present(told.lead) if isinstance(told.lead, str | int | float) else None
    if known is None:
        return
    if not joint:
        told.user_id = known
        return
    others = told.context.get("externalIds")
    ids = [*(others if isinstance(others, list) else ()), {"type": LEAD, "id": known}]
    told.context = {**told.context, "externalIds": ids}


def _message(told: Told, event: Event) -> _Message:
    return _Message(
        type=event.kind,
        message_id=event.message_id,
        timestamp=event.occurred_at,
        user_id=event.user_id,
        anonymous_id=event.anonymous_id,
        previous_id=event.previous_id,
        group_id=event.group_id,
        event=event.name if event.kind == "track" else None,
        name=told.name if event.kind in _PAGES and isinstance(told.name, str) else None,
        properties=event.properties,
        traits=told.traits if event.kind in _STATING else {},
        context=event.context,
    )


def _check(event: Event, body: bytes) -> None:
    if len(body) > LARGEST_MESSAGE:
        raise NoEvent(Reason.TOO_LARGE, f"{len(body)} bytes as a message, at most {LARGEST_MESSAGE}")
    if body.count(b"{") + body.count(b"[") > DEEPEST and deeper_than(DEEPEST, body):
        raise NoEvent(Reason.NESTED_TOO_DEEPLY, f"more than {DEEPEST} levels")
    traits = len(event.facts) + len(event.hints)
    if traits > MOST_FACTS:
        raise NoEvent(Reason.TOO_LARGE, f"{traits} traits, at most {MOST_FACTS}")


def from_source(event: Event, source: str) -> Event:
    """`event` as one of `source`, unless its row names its own."""
    return msgspec.structs.replace(event, source=source) if event.source == SOURCE and source else event
