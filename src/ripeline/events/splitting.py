"""Reading the brackets of JSON that no decoder takes: how deep it goes, and which messages its batch holds."""

import re
from typing import NamedTuple

import msgspec

# A text with its escapes; one that never ends takes the rest with it, so that no quote within is tried as a beginning.
# Possessive throughout: hostile bytes cost no more than honest ones.
_SPELLED = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)'
_TEXT = re.compile(_SPELLED, re.DOTALL)
_TOKEN = re.compile(_SPELLED + rb"|[][{}:,]", re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_ALIKE = bytes.maketrans(b"{}", b"[]")

# About what an honest batch of the largest size has; beyond, taking it apart would only cost us time.
_MOST_SIGNS = 1_000_000


class Parts(NamedTuple):
    """The bytes of a body's other fields by key, and of the messages in its `batch`."""

    fields: dict[str, bytes]
    messages: list[bytes]


def split(body: bytes) -> Parts | None:
    """The parts of a batch body, found by brackets and quotes alone; None where it is not closed or has no `batch`.

    What stands between them is not read, so a `NaN`, half a character or 20,000 brackets spoil one message only.

    >>> split(b'{"batch": [{"a": NaN}, {"a": 1}], "sentAt": "now"}')
    Parts(fields={'sentAt': b'"now"'}, messages=[b'{"a": NaN}', b'{"a": 1}'])
    """
    members = _pieces(body)
    if members is None or not body.startswith(b"{"):
        return None
    fields = {_key(key): piece for key, piece in members if key is not None}
    messages = _pieces(fields.pop("batch", b""))
    return None if messages is None else Parts(fields, [piece for _, piece in messages])


def deeper_than(levels: int, body: bytes) -> bool:
    """Whether `body` has more than `levels` brackets open at once; brackets within texts are no brackets.

    >>> deeper_than(2, b'{"a": [[1], {"b": "[[["}]}'), deeper_than(3, b'{"a": [[1], {"b": "[[["}]}')
    (True, False)
    """
    brackets = _TEXT.sub(b"", body).translate(_ALIKE, _NOT_BRACKETS)
    for _ in range(levels):
        brackets = brackets.replace(b"[]", b"")  # takes away the innermost level everywhere
    return bool(brackets)


def _pieces(body: bytes) -> list[tuple[bytes | None, bytes]] | None:
    """The members of the object or list that `body` is: (bytes of the key or None, bytes of the value)."""
    if body[:1] not in (b"{", b"[") or _signs(body) > _MOST_SIGNS:
        return None
    pieces: list[tuple[bytes | None, bytes]] = []
    level, begin = 0, 1
    key: bytes | None = None
    for token in _TOKEN.finditer(body):
        sign = token.group()
        level += (sign in (b"{", b"[")) - (sign in (b"}", b"]"))
        if level == 1 and sign == b":" and key is None:
            key, begin = body[begin : token.start()].strip(), token.end()
        elif level == 0 or (level == 1 and sign == b","):
            pieces.append((key, body[begin : token.start()].strip()))
            key, begin = None, token.end()
        if level == 0:
            return None if body[begin:].strip() else [piece for piece in pieces if piece[1]]
    return None


def _signs(body: bytes) -> int:
    return sum(map(body.count, (b"{", b"}", b"[", b"]", b",", b":"))) + body.count(b'"') // 2


def _key(spelled: bytes) -> str:
    try:
        return msgspec.json.decode(spelled, type=str)
    except ValueError:
        return ""  # a key nobody can read names nothing we look for
