"""Whether a request is from who shares a secret with us, by its bytes as sent, in constant time, within 5 minutes."""

import base64
import binascii
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Literal

Scheme = Literal["standard-webhooks", "calendly", "typeform", "zoom"]
Headers = Mapping[bytes, bytes]
WINDOW_SECONDS = 5 * 60
_PREFIX = "whsec_"


def is_signed(scheme: Scheme, secret: str, headers: Headers, body: bytes, *, now: datetime) -> bool:
    """Whether `headers` sign `body` with `secret`, as this sender does.

    The library of Standard Webhooks says the same (a test holds that), but reads the clock by itself.
    """
    return _SCHEMES[scheme](secret, headers, body, now.timestamp())


def standard_key(secret: str) -> bytes:
    """The key in a secret `whsec_…`. Raises ValueError where it is none."""
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error


def _standard(secret: str, headers: Headers, body: bytes, now: float) -> bool:
    id, sent = headers.get(b"webhook-id", b""), headers.get(b"webhook-timestamp", b"")
    if not id or not _is_recent(sent, now):
        return False
    signed = base64.b64encode(_digest(standard_key(secret), id + b"." + sent + b"." + body))
    return _is_any(b"v1," + signed, headers.get(b"webhook-signature", b"").split())


def _calendly(secret: str, headers: Headers, body: bytes, now: float) -> bool:
    parts = [part.split(b"=", 1) for part in headers.get(b"calendly-webhook-signature", b"").split(b",")]
    told = {part[0].strip(): part[1].strip() for part in parts if len(part) == 2}
    sent = told.get(b"t", b"")
    signed = _digest(secret.encode(), sent + b"." + body).hex().encode()
    return _is_recent(sent, now) and _is_any(signed, [told.get(b"v1", b"")])


def _typeform(secret: str, headers: Headers, body: bytes, now: float) -> bool:
    """Typeform signs no time: a request that is sent again counts once by its token."""
    signed = b"sha256=" + base64.b64encode(_digest(secret.encode(), body))
    return _is_any(signed, [headers.get(b"typeform-signature", b"")])


def _zoom(secret: str, headers: Headers, body: bytes, now: float) -> bool:
    sent = headers.get(b"x-zm-request-timestamp", b"")
    signed = b"v0=" + _digest(secret.encode(), b"v0:" + sent + b":" + body).hex().encode()
    return _is_recent(sent, now) and _is_any(signed, [headers.get(b"x-zm-signature", b"")])


def zoom_answer(secret: str, plain: str) -> dict[str, str]:
    """What Zoom wants to hear when it asks, every three days, whether an address is still ours."""
    return {"plainToken": plain, "encryptedToken": _digest(secret.encode(), plain.encode()).hex()}


def _digest(key: bytes, signed: bytes) -> bytes:
    return hmac.new(key, signed, sha256).digest()


def _is_any(expected: bytes, told: list[bytes]) -> bool:
    """All are compared, so that the time tells nothing."""
    return sum(hmac.compare_digest(expected, one) for one in told) > 0


def _is_recent(sent: bytes, now: float) -> bool:
    return sent.isdigit() and len(sent) < 12 and abs(now - int(sent)) <= WINDOW_SECONDS


_SCHEMES: dict[Scheme, Callable[[str, Headers, bytes, float], bool]] = {
    "standard-webhooks": _standard,
    "calendly": _calendly,
    "typeform": _typeform,
    "zoom": _zoom,
}
