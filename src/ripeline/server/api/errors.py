"""The one shape of an error: `{"code", "message", …}`, its code stable, its message for people."""

from typing import Any

import msgspec
from django.http import HttpResponse

from ripeline.server.console.words import stage_name
from ripeline.server.log import commands
from ripeline.server.log.refusals import sentence


class ApiError(Exception):
    """A request that is answered with an error."""

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.more = status, code, message, more


_STATUS: dict[type[commands.CommandError], int] = {
    commands.UnknownLead: 404,
    commands.UnknownRefused: 404,
    commands.Conflict: 409,
    commands.NotAllowed: 409,
    commands.StoreUnavailable: 503,
}


def of_command(error: commands.CommandError) -> ApiError:
    """What a refused command is to the API."""
    status, more = _STATUS.get(type(error), 422), dict[str, Any]()
    if not isinstance(error, commands.Refused):
        return ApiError(status, error.code, str(error))
    if isinstance(error, commands.Conflict):
        more = {"by": error.who, "at": error.when, "stage": error.stage}
    message = sentence(error.why, error.values, stage=stage_name)
    return ApiError(status, error.code, message, why=error.why, **more)


def answer(error: ApiError) -> HttpResponse:
    """The error as the caller reads it."""
    body = msgspec.json.encode({"code": error.code, "message": error.message, **error.more})
    response = HttpResponse(body, status=error.status, content_type="application/json")
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="ripeline"'
    if error.status == 503:
        response.headers["Retry-After"] = "2"
    return response
