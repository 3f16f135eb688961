"""What a program can do with a lead: what sales can do in the console, and report the outcome of a deal."""

from datetime import datetime
from typing import Annotated, Literal, get_args

import msgspec
from django.http import HttpRequest
from django.utils import timezone

from ripeline.definition.model import RejectReason
from ripeline.events.ids import LONGEST_MESSAGE_ID
from ripeline.server.api import answers
from ripeline.server.api.endpoint import body, caller, submitted
from ripeline.server.api.errors import ApiError
from ripeline.server.log import commands, queries
from ripeline.server.people.queries import names

Act = Literal["accept", "reject", "recycle", "disqualify", "take", "reassign", "won", "lost", "undo"]
MessageId = Annotated[str, msgspec.Meta(max_length=LONGEST_MESSAGE_ID)]
ACTS: tuple[str, ...] = get_args(Act)


class ActWish(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """An act on a lead.

    `reason` is needed to reject, recycle and disqualify: a key of the definition's reject reasons (recycle and
    disqualify only take one that leads there). `to` is needed to reassign: one of your people who takes leads; with
    `owner_seen` it is refused where the lead is somebody else's by now. `by` is the e-mail of one of your people;
    without it the token acts. `amount` and `currency` belong to won and lost. An act counts once under its
    `message_id`. `seq` is the act to undo, as its answer named it; without it the last one.
    """

    act: Act
    reason: str = ""
    note: str = ""
    by: str = ""
    to: str = ""
    owner_seen: str | None = None
    amount: float | None = None
    currency: str = ""
    message_id: MessageId = ""
    seq: answers.Whole | None = None


class OutcomeWish(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The outcome of a deal of a lead, named by its id, `user_id` or `email`. It counts once under its `message_id`."""

    outcome: Literal["won", "lost"]
    lead: answers.Whole | None = None
    user_id: str = ""
    email: str = ""
    amount: float | None = None
    currency: str = ""
    reason: str = ""
    by: str = ""
    message_id: MessageId = ""


def act(request: HttpRequest, id: int) -> answers.Moved:
    """Carry out one act."""
    wish = body(request, ActWish)
    return _moved(submitted(_command(wish, id, by=person(wish.by) or caller(request), at=timezone.now())))


def outcome(request: HttpRequest) -> answers.Moved:
    """Report a deal won or lost."""
    wish = body(request, OutcomeWish)
    command = commands.Outcome(
        lead=_named(wish),
        outcome=wish.outcome,
        by=person(wish.by) or caller(request),
        at=timezone.now(),
        amount=wish.amount,
        currency=wish.currency,
        reason=wish.reason,
        message_id=wish.message_id,
    )
    return _moved(submitted(command))


def _command(wish: ActWish, lead: int, *, by: str, at: datetime) -> commands.Command:
    """The command an act stands for."""
    said, once = wish.note, wish.message_id
    match wish.act:
        case "accept":
            return commands.Accept(lead=lead, by=by, at=at, note=said, message_id=once)
        case "take":
            return commands.Take(lead=lead, by=by, at=at, note=said, message_id=once)
        case "undo":
            return commands.Undo(lead=lead, by=by, at=at, act=wish.seq)
        case "reassign":
            given = commands.Reassign(lead=lead, to=person(wish.to), by=by, at=at, note=said, message_id=once)
            return msgspec.structs.replace(given, owner_seen=wish.owner_seen)
        case "won" | "lost":
            deal = commands.Outcome(lead=lead, outcome=wish.act, by=by, at=at, reason=wish.reason, message_id=once)
            return msgspec.structs.replace(deal, amount=wish.amount, currency=wish.currency)
        case _:
            _check_reason(wish)
            return commands.Reject(lead=lead, by=by, reason=wish.reason, at=at, note=said, message_id=once)


def _check_reason(wish: ActWish) -> None:
    """A reason must be one of the definition's, and lead where the act says."""
    stage = {"recycle": "recycled", "disqualify": "disqualified"}.get(wish.act)
    reasons = [one.key for one in _reasons() if stage in (None, one.stage)]
    if wish.reason not in reasons:
        offered = ", ".join(reasons) or "none: the definition names no such reason"
        raise ApiError(422, "wrong-reason", f"`reason` to {wish.act} is one of {offered}; found {wish.reason!r}.")


def _reasons() -> tuple[RejectReason, ...]:
    version = queries.current_version()
    definition = queries.definition(version.number) if version else None
    return definition.reject_reasons if definition else ()


def person(email: str) -> str:
    """The key of one of our people."""
    key = email.strip().lower()
    if key and key not in names():
        raise ApiError(422, "unknown-person", f"None of your people signs in as {email!r}.")
    return key


def _named(wish: OutcomeWish) -> int:
    if wish.lead is not None:
        return wish.lead
    if not (wish.user_id or wish.email):
        raise ApiError(422, "no-lead", "Name the lead: `lead`, `user_id` or `email`.")
    found = queries.leads(user_id=wish.user_id or None, email=wish.email or None, per_page=2).items
    if len(found) != 1:
        raise ApiError(404, "unknown-lead", "No lead, or more than one, has these ids.")
    return found[0].id


def _moved(answer: commands.Answer) -> answers.Moved:
    assert isinstance(answer, commands.Moved)
    return answers.Moved(lead=answer.lead, stage=answer.stage, owner=answer.owner, cycle=answer.cycle, seq=answer.seq)
