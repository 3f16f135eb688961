"""The three ways in which a request carries CloudEvents, made one: JSON with all attributes in it."""

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import msgspec

from ripeline.events.cloudevents import SPECVERSION, decode_cloud_events
from ripeline.events.reason import Reason
from ripeline.events.refusal import Refusal
from ripeline.server.ingest.answers import TOO_LARGE, Failed, failure, taken
from ripeline.server.ingest.intake import Intake

_FAMILY = "application/cloudevents"
_JSON = ("application/cloudevents+json", "application/cloudevents-batch+json")
_TURNED_DOWN = (Reason.NOT_JSON, Reason.INCOMPLETE)  # of a single event: its sender is told at once

OTHER_MODE = failure(415, "unsupported-mode", "CloudEvents are taken as JSON: structured, batched or binary.")
OTHER_VERSION = failure(415, "unsupported-specversion", "CloudEvents of specversion 1.0 are taken.")


def cloud_intake(headers: Mapping[bytes, bytes], body: bytes, *, source: str, received_at: datetime) -> Intake:
    """The events of a request. Raises Failed with 415 for what is another version or way of the standard."""
    told = _structured(headers, body)
    found = decode_cloud_events(told, source=source, received_at=received_at)
    if isinstance(found, Refusal):
        if found.reason is Reason.TOO_LARGE:
            raise Failed(TOO_LARGE)
        return Intake([], [found], failure(400, found.reason.value, found.detail))
    is_single = not told.lstrip().startswith(b"[")
    if is_single and found.refused and found.refused[0].reason in _TURNED_DOWN:
        [refusal] = found.refused
        if refusal.reason is Reason.INCOMPLETE and refusal.detail.startswith("specversion"):
            raise Failed(OTHER_VERSION)
        return Intake([], [refusal], failure(400, refusal.reason.value, refusal.detail))
    return Intake(found.accepted, found.refused, taken(found.refused))


def _structured(headers: Mapping[bytes, bytes], body: bytes) -> bytes:
    form = headers.get(b"content-type", b"").decode("latin-1").partition(";")[0].strip().lower()
    if form.startswith(_FAMILY):
        if form not in _JSON:
            raise Failed(OTHER_MODE)
        return body
    attributes = {name[3:].decode("latin-1"): _said(value) for name, value in headers.items() if name[:3] == b"ce-"}
    if not attributes:
        return body  # by its content it is structured or a list
    if attributes.get("specversion", SPECVERSION) != SPECVERSION:
        raise Failed(OTHER_VERSION)
    return msgspec.json.encode({**attributes, **({"datacontenttype": form} if form else {}), **_data(body, form)})


def _said(value: bytes) -> str:
    """A header's value: percent-encoded UTF-8, by senders of older versions in quotes."""
    told = value.decode("utf-8", errors="replace").strip()
    if len(told) > 1 and told[0] == told[-1] == '"':
        told = told[1:-1]
    return unquote(told)


def _data(body: bytes, form: str) -> dict[str, Any]:
    """The data by what it is, for many a sender says nothing of it: JSON, else text, else bytes."""
    if not body:
        return {}
    try:
        if form.startswith("text/") and form != "text/json":
            return {"data": body.decode()}
        return {"data": msgspec.json.decode(body)}
    except UnicodeDecodeError:
        pass
    except (ValueError, RecursionError):
        if form == "application/json" or form.endswith("+json"):
            return {"data": body.decode(errors="replace")}
    try:
        return {"data": body.decode()}
    except UnicodeDecodeError:
        return {"data_base64": base64.b64encode(body).decode()}
