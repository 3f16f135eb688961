"""What browsers' SDKs ask before they send: where events go, and that nothing else is to be loaded."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from ripeline.server.ingest.answers import BAD_HOST, Answer, Failed

_HOST = re.compile(rb"(?:[a-z0-9_.-]{1,255}|\[[0-9a-f:.]{2,45}\])(?::[0-9]{1,5})?", re.IGNORECASE)
# It names the host that was asked for: no cache between may keep it for those who ask for another.
_HEADERS = ((b"cache-control", b"private, max-age=300"),)


def project_settings(key: str, *, scheme: str, host: str) -> Answer:
    """For Segment's browser SDK. Any further integration would make it load code from Segment."""
    destination = {"apiKey": key, "apiHost": f"{host}/v1", "protocol": scheme}
    return _answer({"integrations": {"Segment.io": destination}, "plan": {}, "edgeFunction": {}})


def source_config(key: str, *, id: int, at: datetime) -> Answer:
    """For RudderStack's browser SDKs: a source without destinations, whose SDK reports nothing about itself."""
    off = {"enabled": False}
    source = {
        "id": str(id),
        "name": "Ripeline",  # a source's own name is the house's business, and write keys are public
        "writeKey": key,
        "enabled": True,
        "workspaceId": "ripeline",
        "destinations": [],
        "connections": [],
        "dataplanes": {},
        "config": {"statsCollection": {"errors": off, "metrics": off}},
        "updatedAt": at,
    }
    return _answer({"updatedAt": at, "source": source})


def host_asked(scope: Mapping[str, Any], headers: Mapping[bytes, bytes]) -> str:
    """The host as the client reached it, with its port. Raises Failed where it is none: it is told on in an answer."""
    named = headers.get(b"host", b"")
    if not named and scope.get("server"):  # HTTP/1.0 names none
        server, port = scope["server"]
        return f"{server}:{port}"
    if not _HOST.fullmatch(named):
        raise Failed(BAD_HOST)
    return named.decode()


def _answer(told: dict[str, Any]) -> Answer:
    return Answer(200, msgspec.json.encode(told), _HEADERS)
