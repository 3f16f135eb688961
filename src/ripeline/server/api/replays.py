"""What a program can do with a refused message: look at it whole, replay it as it is or mended, discard it."""

import msgspec
from django.http import HttpRequest
from django.utils import timezone

from ripeline.server.api import answers
from ripeline.server.api.acts import person_of
from ripeline.server.api.endpoint import body, caller
from ripeline.server.api.errors import ApiError
from ripeline.server.api.records import refused_line
from ripeline.server.log import queries
from ripeline.server.refused import actions


class ReplayWish(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A refused message is read again: `body` in the place of its own bytes, or those where there is none.

    `by` is the e-mail of one of your people; without it the token acts.
    """

    body: str | None = None
    by: str = ""


class DiscardWish(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A refused message that nobody will mend. It stays, and can still be replayed."""

    by: str = ""


def one(request: HttpRequest, id: int) -> answers.RefusedLine:
    """One, with all of its text."""
    return refused_line(_found(id))


def replay(request: HttpRequest, id: int) -> answers.Replayed:
    """Read it again; 422 with the reasons where it is refused again, and nothing is changed then."""
    wish = body(request, ReplayWish) if request.body else ReplayWish()
    found = _found(id)
    meant = found.body if wish.body is None else wish.body.encode()
    try:
        settled = actions.replay(found, meant, by=person_of(wish.by) or caller(request), at=timezone.now())
    except actions.StillRefused as still:
        reasons = [{"reason": each.reason, "detail": each.detail} for each in still.refused[:10]]
        message = f"Refused again, and nothing was changed: {still.refused[0].detail}"
        raise ApiError(422, "refused-again", message, reasons=reasons) from None
    return answers.Replayed(
        id=id, stored=settled.stored, duplicates=settled.duplicates, refused=settled.refused, lead=_found(id).lead
    )


def discard(request: HttpRequest, id: int) -> answers.RefusedLine:
    """Leave it as it is, for good."""
    wish = body(request, DiscardWish) if request.body else DiscardWish()
    actions.discard(id, by=person_of(wish.by) or caller(request), at=timezone.now())
    return refused_line(_found(id))


def _found(id: int) -> queries.RefusedEvent:
    found = queries.refused_one(id)
    if found is None:
        raise ApiError(404, "unknown-refused", f"There is no refused event {id}.")
    return found
