"""What an address asks for behind its question mark; what cannot be read is a 422 that names it."""

from urllib.parse import urlencode

from django.http import HttpRequest

from ripeline.server.api.errors import ApiError

MOST = 200


def text(request: HttpRequest, name: str) -> str | None:
    """A parameter's text; None where it is absent or empty."""
    return request.GET.get(name, "").strip() or None


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


def next_url(request: HttpRequest, **changed: int) -> str:
    """The address of the following page: this one with some parameters changed."""
    parameters = {**request.GET.dict(), **{name: str(value) for name, value in changed.items()}}
    return request.build_absolute_uri(f"{request.path}?{urlencode(parameters)}")
