"""Where a request carries its write key: Basic auth, else its body, else its query."""

import binascii
from typing import Any
from urllib.parse import parse_qs

import msgspec

from ripeline.events.decode import trimmed


class _Message(msgspec.Struct, rename="camel"):
    write_key: Any = None


_read = msgspec.json.Decoder(_Message).decode


def key_of_header(authorization: bytes | None) -> str | None:
    """The user name of Basic auth; SDKs add the colon of an empty password, people forget it.

    >>> key_of_header(b"Basic d2tfMTIzOg=="), key_of_header(b"basic d2tfMTIz"), key_of_header(b"Bearer x")
    ('wk_123', 'wk_123', None)
    """
    if authorization is None or authorization[:6].lower() != b"basic ":
        return None
    try:
        pair = binascii.a2b_base64(authorization[6:] + b"==")
        return pair.partition(b":")[0].decode().strip() or None
    except ValueError:
        return None


def key_of_body(payload: bytes) -> str | None:
    """The `writeKey` at the top of a body; batches may have one in each message, too: see `own_keys`.

    >>> key_of_body(b'{"writeKey": "wk_123"}')
    'wk_123'
    """
    try:
        return key_in(_read(trimmed(payload)).write_key)
    except (ValueError, RecursionError):
        return None


def key_in(told: Any) -> str | None:
    """`told` if it can be a key."""
    return told if isinstance(told, str) and told else None


def key_of_query(query: bytes) -> str | None:
    """The `writeKey` of the address: beacons can send no header.

    >>> key_of_query(b"writeKey=wk_123")
    'wk_123'
    """
    try:
        return parse_qs(query.decode("latin-1"), max_num_fields=50).get("writeKey", [None])[0]
    except ValueError:
        return None
