"""A request's bytes as its sender had them before compressing; a bomb is cut off where the limit is."""

import zlib

from ripeline.events.reason import Reason

_GZIP = b"\x1f\x8b"


def unpacked(body: bytes, *, encoding: str = "", at_most: int) -> bytes | Reason:
    """`body` without its gzip, found by its first bytes; NOT_GZIP or TOO_LARGE where that cannot be.

    Headers lie (a form that is gzip, gzip that nobody declared), so only `deflate` is believed, and only where the
    body is no JSON.

    >>> import gzip
    >>> unpacked(gzip.compress(b"{}"), at_most=100), unpacked(b"{}", encoding="gzip", at_most=100)
    (b'{}', b'{}')
    """
    if body.startswith(_GZIP):
        return _inflated(body, wbits=31, at_most=at_most)
    if len(body) > at_most:
        return Reason.TOO_LARGE
    if encoding == "deflate" and body.lstrip()[:1] != b"{":
        return _inflated(body, wbits=15, at_most=at_most)
    return body


def _inflated(body: bytes, *, wbits: int, at_most: int) -> bytes | Reason:
    """All members of a gzip file in a row; what follows the last is no gzip and is left."""
    found = b""
    try:
        while True:
            member = zlib.decompressobj(wbits)
            found += member.decompress(body, at_most - len(found) + 1)
            if len(found) > at_most:
                return Reason.TOO_LARGE
            if not member.eof:
                return Reason.NOT_GZIP  # cut off
            body = member.unused_data
            if not body.startswith(_GZIP):
                return found
    except zlib.error:
        return Reason.NOT_GZIP
