"""Who may send a large body: asked before any of it is read, for Django asks only when it has all of it."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections
from django.http import HttpRequest
from django.http.cookie import parse_cookie

from ripeline.server.bounded import MOST
from ripeline.server.imports.access import reason_against

PATH = "/settings/import/"
BESIDE = 100_000  # bytes of a form around its file


def most_bytes(scope: Mapping[str, Any]) -> int:
    """How long the body of a request may be. Blocks on the database where it is an upload."""
    if scope["path"] != PATH or scope["method"] != "POST":
        return MOST
    cookie = dict(scope["headers"]).get(b"cookie", b"").decode("latin-1")
    session_key = parse_cookie(cookie).get(settings.SESSION_COOKIE_NAME, "")
    largest: int = settings.CONFIGURATION.console.largest_upload_mb * 2**20 + BESIDE
    return largest if session_key and _may_import(session_key) else MOST


def _may_import(session_key: str) -> bool:
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    close_old_connections()
    try:
        request.user = get_user(request)
        return request.user.is_authenticated and not reason_against(request)
    finally:
        close_old_connections()
