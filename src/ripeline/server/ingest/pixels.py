"""A message in the address of a picture, for mails and pages that can run no script; values are text, as they stand."""

import base64
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import msgspec

from ripeline.events.reason import Reason
from ripeline.events.wire import DEEPEST
from ripeline.server.ingest.answers import Answer
from ripeline.server.ingest.credentials import key_of_body

_GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_HEADERS = ((b"cache-control", b"no-store"),)  # each time it is shown counts
_TO_BE_SENT_AGAIN = frozenset((429, 503))


class Told(NamedTuple):
    """The write key, the message's bytes, and why they are none where that shows already."""

    key: str | None
    body: bytes
    wrong: Reason | None = None


def told_by(query: bytes) -> Told:
    """What the address says: a message as base64 in `data`, else one field a parameter, dotted where it lies deeper.

    >>> told_by(b"writeKey=wk_123&userId=ada&properties.plan=pro")
    Told(key='wk_123', body=b'{"userId":"ada","properties":{"plan":"pro"}}', wrong=None)
    """
    text = query.decode("utf-8", "surrogateescape")
    pairs = parse_qsl(text, keep_blank_values=True, errors="surrogateescape")
    key = next((value for name, value in pairs if name == "writeKey" and value), None)
    packed = next((value for name, value in pairs if name == "data"), None)
    if packed is not None:
        return _unpacked(packed, key, query)
    try:
        return Told(key, msgspec.json.encode(_message([pair for pair in pairs if pair[0] != "writeKey"])))
    except UnicodeEncodeError:
        return Told(key, query, Reason.NOT_TEXT)


def drawn(reply: Answer) -> Answer:
    """The picture in place of `reply`: always 200, unless nothing was stored that could be sent again.

    A 200 promises that what could be kept is kept; a client that asks again after another answer loses nothing.
    """
    if reply.status in _TO_BE_SENT_AGAIN:
        return Answer(reply.status, _GIF, (*_HEADERS, *reply.headers), b"image/gif")
    return Answer(200, _GIF, _HEADERS, b"image/gif")


def _unpacked(packed: str, key: str | None, query: bytes) -> Told:
    """What `data` holds. Mail programs leave out the padding, and an unescaped plus reads as a blank."""
    spelled = packed.strip()
    if spelled.startswith("{"):
        body = spelled.encode("utf-8", "surrogateescape")
    else:
        standard = spelled.replace(" ", "+").replace("-", "+").replace("_", "/").rstrip("=")
        try:
            body = base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
        except ValueError:
            return Told(key, query, Reason.NOT_JSON)
    return Told(key_of_body(body) or key, body)


def _message(pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """`pairs` as a message: what lies deeper comes after what it lies in; a name said twice has a list of values."""
    message: dict[str, Any] = {}
    for name, value in sorted(pairs, key=lambda pair: pair[0].count(".")):
        place, rest = message, name.split(".", DEEPEST + 1)
        while len(rest) > 1 and isinstance(deeper := place.setdefault(rest[0], {}), dict):
            place, rest = deeper, rest[1:]
        field = ".".join(rest)  # whole where its parent is a text: a dotted name means the same
        place[field] = value if field not in place else [*_listed(place[field]), value]
    return message


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
