"""Where a request carries its write key: Basic auth, else its body, else its query."""

import binascii
from typing import Any
from urllib.parse import parse_qs

import msgspec


class _Message(msgspec.Struct, rename="camel"):
    write_key: Any = None


class _Body(_Message, rename="camel"):
    batch: list[_Message] = []


_read = msgspec.json.Decoder(_Body).decode


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
    """The `writeKey` at the top of a body, else of the first message of its batch.

    >>> key_of_body(b'{"batch": [{"writeKey": "wk_123"}]}')
    'wk_123'
    """
    try:
        body = _read(payload)
    except (ValueError, RecursionError):
        return None
    keys = (body.write_key, *(message.write_key for message in body.batch[:1]))
    return next((key for key in keys if isinstance(key, str) and key), None)


def key_of_query(query: bytes) -> str | None:
    """The `writeKey` of the address: beacons can send no header.

    >>> key_of_query(b"writeKey=wk_123")
    'wk_123'
    """
    try:
        return parse_qs(query.decode("latin-1"), max_num_fields=50).get("writeKey", [None])[0]
    except ValueError:
        return None
