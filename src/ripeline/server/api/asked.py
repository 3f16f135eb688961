"""What an address asks for behind its question mark; what cannot be read is a 422 that names it."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TypeVar
from urllib.parse import urlencode

import msgspec
from django.http import HttpRequest

from ripeline.server import searching
from ripeline.server.api.errors import ApiError

MOST = 200
Place = TypeVar("Place")


def text(request: HttpRequest, name: str) -> str | None:
    """A parameter's text; None where it is absent or empty."""
    return request.GET.get(name, "").strip() or None


def search(request: HttpRequest) -> str:
    """The words to look for. None is left out in silence: a program would take what is found for the answer."""
    typed = text(request, "search") or ""
    if searching.is_too_much(typed):
        most = f"{searching.MOST_LETTERS} letters and {searching.MOST_WORDS} words"
        raise ApiError(422, "wrong-parameter", f"`search` has at most {most}.")
    return typed


def one_of(request: HttpRequest, name: str, choices: tuple[str, ...]) -> str | None:
    """A parameter that must be one of `choices` if it is there."""
    value = text(request, name)
    if value is not None and value not in choices:
        raise ApiError(422, "wrong-parameter", f"`{name}` is one of {', '.join(choices)}; found {value!r}.")
    return value


def number(request: HttpRequest, name: str, default: int, *, most: int = 2**53) -> int:
    """A whole number from 1 to `most`."""
    value = text(request, name)
    if value is None:
        return default
    if not (value.isascii() and value.isdigit() and len(value) < 18 and 1 <= int(value) <= most):
        raise ApiError(422, "wrong-parameter", f"`{name}` is a whole number from 1 to {most}; found {value!r}.")
    return int(value)


def limit(request: HttpRequest) -> int:
    """How many items a page has."""
    return number(request, "limit", 50, most=MOST)


def cursor(request: HttpRequest, kind: type[Place]) -> Place | None:
    """The place in a list that `next_url` put into the address, a 400 where it is none; None at the beginning."""
    value = text(request, "cursor")
    if value is None:
        return None
    try:
        return msgspec.json.decode(urlsafe_b64decode(value.encode()), type=kind)
    except (ValueError, RecursionError):  # also of what is no base64, and of what is none of our places
        raise ApiError(400, "wrong-cursor", WRONG_CURSOR) from None


WRONG_CURSOR = "`cursor` is taken from `next` as it stands; this one belongs to no page of this list."


def next_url(request: HttpRequest, **changed: object) -> str:
    """The address of the following page: this one with some parameters changed."""
    parameters = {**request.GET.dict(), **{name: str(value) for name, value in changed.items()}}
    return request.build_absolute_uri(f"{request.path}?{urlencode(parameters)}")


def sealed(place: object) -> str:
    """A place in a list as a cursor: callers hand it back, and know nothing of its inside."""
    return urlsafe_b64encode(msgspec.json.encode(place)).decode()
