"""What every address of the API does alike: asks for a token, answers JSON, and never answers an error as a page."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar

import msgspec
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from ripeline.server import workspace
from ripeline.server.api import errors
from ripeline.server.api.errors import ApiError
from ripeline.server.api.models import TokenUse
from ripeline.server.log.commands import Answer, Command, CommandError
from ripeline.server.log.keyring import Opening

NOTED_EVERY = timedelta(minutes=1)
Wish = TypeVar("Wish")


def endpoint(**views: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """One address: `endpoint(GET=listed, POST=decide)`. A view returns a value; it becomes the JSON of a 200."""

    @csrf_exempt
    @login_not_required
    @wraps(next(iter(views.values())))
    def answered(request: HttpRequest, **place: Any) -> HttpResponse:
        try:
            request.token = _token(request)  # type: ignore[attr-defined]  # ours, for `caller`
            value = _view(request, views)(request, **place)
        except ApiError as error:
            return errors.answer(error)
        except CommandError as error:
            return errors.answer(errors.of_command(error))
        return HttpResponse(msgspec.json.encode(value), content_type="application/json")

    return answered


def caller(request: HttpRequest) -> str:
    """Who acts where the request names nobody: the token."""
    opening: Opening = request.token  # type: ignore[attr-defined]  # set by `endpoint`
    return f"api:{opening.name}"


def submitted(command: Command) -> Answer:
    """The answer to a command, after its commit."""
    answer: Answer = workspace.current().submit(command).result()
    return answer


def body(request: HttpRequest, kind: type[Wish]) -> Wish:
    """The request's JSON as a `kind`, or a 422 that says where it is not one."""
    try:
        return msgspec.json.decode(request.body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ApiError(422, "wrong-shape", str(error)) from None


def _view(request: HttpRequest, views: dict[str, Callable[..., Any]]) -> Callable[..., Any]:
    method = "GET" if request.method == "HEAD" else request.method
    if method not in views:
        raise ApiError(405, "wrong-method", f"This address answers {', '.join(views)}.")
    return views[method]


def _token(request: HttpRequest) -> Opening:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise ApiError(401, "no-token", "Send an API token: `Authorization: Bearer at_…`.")
    opening = workspace.current().keys.find(secret.strip(), "api")
    if opening is None:
        raise ApiError(401, "unknown-token", "This API token is unknown or revoked.")
    _note_use(opening.id, now=timezone.now())
    return opening


def _note_use(key: int, *, now: datetime) -> None:
    """To the minute: a busy client does not make every read a write."""
    known = TokenUse.objects.filter(key=key).values_list("used_at", flat=True).first()
    if known is None or now - known >= NOTED_EVERY:
        TokenUse.objects.update_or_create(key=key, defaults={"used_at": now})
