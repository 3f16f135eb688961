"""A batch whose messages carry write keys of their own, taken apart by them."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from ripeline.events.decode import trimmed
from ripeline.events.splitting import split
from ripeline.server.ingest.credentials import key_in


class Share(NamedTuple):
    """A batch, and the key that its top or all of its messages name; None where they name none."""

    key: str | None
    body: bytes


class _Message(msgspec.Struct, rename="camel"):
    write_key: Any = None


class _Body(_Message, rename="camel"):
    batch: list[_Message] = []


_read = msgspec.json.Decoder(_Body).decode


def shares(body: bytes) -> list[Share]:
    """`body` as one batch a key, in the order in which the keys come; one without a key where nothing can be read.

    A message that cannot be read names no key, and spoils those of its neighbours no more than their events.

    >>> for share in shares(b'{"batch": [{"writeKey": "a"}, {"writeKey": "b"}], "sentAt": "now"}'):
    ...     print(share.key, share.body)
    a b'{"batch":[{"writeKey": "a"}],"sentAt":"now"}'
    b b'{"batch":[{"writeKey": "b"}],"sentAt":"now"}'
    """
    try:
        told = _read(body)
    except (ValueError, RecursionError):
        return _of_broken(body)
    top = key_in(told.write_key)
    if top is not None:
        return [Share(top, body)]
    keys = {key_in(message.write_key) for message in told.batch}
    return [Share(keys.pop(), body)] if len(keys) == 1 else _of_broken(body) if keys else [Share(None, body)]


def _of_broken(body: bytes) -> list[Share]:
    """The same by brackets and quotes alone."""
    parts = split(trimmed(body))
    if parts is None:
        return [Share(None, body)]
    top = _told(parts.fields.get("writeKey", b"null"))
    if top is not None:
        return [Share(top, body)]
    by_key: dict[str | None, list[bytes]] = {}
    for message in parts.messages:
        by_key.setdefault(_own(message), []).append(message)
    if len(by_key) < 2:
        return [Share(next(iter(by_key), None), body)]
    rest = b"".join(b"," + msgspec.json.encode(name) + b":" + value for name, value in parts.fields.items())
    return [Share(key, _batch(messages, rest)) for key, messages in by_key.items()]


def _batch(messages: Iterable[bytes], rest: bytes) -> bytes:
    return b'{"batch":[' + b",".join(messages) + b"]" + rest + b"}"


def _own(message: bytes) -> str | None:
    try:
        return key_in(msgspec.json.decode(message, type=_Message).write_key)
    except (ValueError, RecursionError):
        return None


def _told(spelled: bytes) -> str | None:
    try:
        return key_in(msgspec.json.decode(spelled))
    except (ValueError, RecursionError):
        return None
