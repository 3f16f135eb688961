"""Whether a session cookie is somebody's who may sign in, asked outside of a Django request."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections
from django.http import HttpRequest


def is_signed_in(session_key: str) -> bool:
    """Whether the session stands and its person is still active. Blocks on the database."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    close_old_connections()
    try:
        return bool(get_user(request).is_authenticated)  # an inactive person's backend gives nobody
    finally:
        close_old_connections()
