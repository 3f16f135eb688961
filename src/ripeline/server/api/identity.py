"""Who is who, as programs ask and decide it."""

from typing import Annotated, Literal

import msgspec
from django.http import HttpRequest
from django.utils import timezone

from ripeline.server.api import answers, asked
from ripeline.server.api.acts import person_of
from ripeline.server.api.answers import Doubt, Items
from ripeline.server.api.endpoint import body, caller, submitted
from ripeline.server.log import commands, queries

MOST_LEADS = 50  # in one decision
Reason = Annotated[str, msgspec.Meta(max_length=2_000)]


class RulingWish(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A decision: `leads` are one person (`same`) or are not (`different`), whatever their events say.

    `by` is the e-mail of one of your people; without it the token decides. With `seen`, the `seq` of the newest
    decision about them that you know of (0: none), it is refused where there is a newer one.
    """

    decision: Literal["same", "different"]
    leads: Annotated[list[answers.Whole], msgspec.Meta(min_length=2, max_length=MOST_LEADS)]
    reason: Reason = ""
    by: str = ""
    seen: answers.Whole | None = None


class UnmergeWish(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The lead in the address, which was merged into another, is one of its own again."""

    reason: Reason = ""
    by: str = ""


class UndoWish(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Take back a decision, within ten seconds and by who took it."""

    by: str = ""


def doubts(request: HttpRequest) -> Items[Doubt]:
    """Leads who may be one person, until somebody decides."""
    limit, start = asked.limit(request), asked.number(request, "after", 0)
    found = queries.doubts()
    page = found[start : start + limit]
    return Items(
        [Doubt(kind=one.kind, value=one.value, leads=list(one.leads), noticed_at=one.noticed_at) for one in page],
        asked.next_url(request, after=start + limit) if len(found) > start + limit else None,
    )


def rule(request: HttpRequest) -> answers.Ruled:
    """Decide who is who."""
    wish = body(request, RulingWish)
    kind = commands.SamePerson if wish.decision == "same" else commands.DifferentPeople
    by = person_of(wish.by) or caller(request)
    return _ruled(kind(leads=tuple(wish.leads), by=by, at=timezone.now(), reason=wish.reason.strip(), seen=wish.seen))


def unmerge(request: HttpRequest, id: int) -> answers.Ruled:
    """Take a merge back."""
    wish = body(request, UnmergeWish)
    by = person_of(wish.by) or caller(request)
    return _ruled(commands.Unmerge(lead=id, by=by, at=timezone.now(), reason=wish.reason.strip()))


def undo(request: HttpRequest, id: int) -> answers.Ruled:
    """Take a decision back."""
    by = person_of(body(request, UndoWish).by) or caller(request)
    return _ruled(commands.UndoRuling(ruling=id, by=by, at=timezone.now()))


def _ruled(command: commands.Command) -> answers.Ruled:
    answer = submitted(command)
    assert isinstance(answer, commands.Ruled)
    return answers.Ruled(leads=list(answer.leads), seq=answer.seq)
