"""Leave for pages of any origin to send events: write keys are public and can only append."""

from ripeline.server.ingest.answers import Answer, Header

_METHODS: Header = (b"access-control-allow-methods", b"POST, GET, OPTIONS")
# Browsers cap it themselves; without it analytics-next asks before each path, also while the page unloads.
_MAX_AGE: Header = (b"access-control-max-age", b"86400")
_VARY: Header = (b"vary", b"Origin")
_CREDENTIALS: Header = (b"access-control-allow-credentials", b"true")
# Unexposed, analytics-next comes back after 0.4 s whatever Retry-After says.
_EXPOSED: Header = (b"access-control-expose-headers", b"Retry-After")


def cors_headers(origin: bytes | None) -> tuple[Header, ...]:
    """The headers that belong on every answer to a page of `origin`, errors too; a program without one needs none."""
    if origin is None:
        return (_VARY,)
    return (_VARY, (b"access-control-allow-origin", origin), _CREDENTIALS, _EXPOSED)


def preflight(requested: bytes | None) -> Answer:
    """Leave for a page's real request, with the very headers it asks for: SDKs add new ones when they retry."""
    allowed = ((b"access-control-allow-headers", requested),) if requested else ()
    return Answer(200, b"", (_METHODS, _MAX_AGE, *allowed))
