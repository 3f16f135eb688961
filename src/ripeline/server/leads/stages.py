"""The stages a lead went through, with the time spent in each, and those that may come."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ripeline.server.console.words import stage_name, stage_title
from ripeline.server.leads.happenings import humanized
from ripeline.server.log.queries import Transition
from ripeline.server.times import DAY, length, moment

_PATH = ("visitor", "lead", "mql", "sal", "customer")  # the way through, as far as the product leads today


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A stage of the rail: `state` is past, here or ahead; `spent` the time in it so far."""

    state: str
    title: str
    meaning: str
    spent: str = ""
    at: datetime | None = None
    moment: str = ""
    details: str = ""


class Rail(msgspec.Struct, frozen=True):
    """All steps, and how long the whole way took so far."""

    steps: list[Step]
    whole: str

    @property
    def here(self) -> Step:
        return next(step for step in self.steps if step.state == "here")


def rail(transitions: Sequence[Transition], *, first_at: datetime, now: datetime) -> Rail:
    """The way of a lead first seen at `first_at`, as recorded by `now`; undone moves left out."""
    moves = [move for move in transitions if move.moved_at <= now and not move.undone and move.undoes is None]
    began = [("visitor", first_at, "")] if not moves or moves[0].from_stage == "visitor" else []
    if moves and not began:
        began = [(moves[0].from_stage, first_at, "")]
    stays = [*began, *((move.to_stage, move.moved_at, _cause(move)) for move in moves)]
    ends = [*(at for _stage, at, _why in stays[1:]), now]
    steps = [
        _step(stage, at, end, why, is_here=index == len(stays) - 1, now=now)
        for index, ((stage, at, why), end) in enumerate(zip(stays, ends, strict=True))
    ]
    here = stays[-1][0]
    ahead = _PATH[_PATH.index(here) + 1 :] if here in _PATH else ()
    steps += [Step(state="ahead", title=stage_name(stage), meaning=stage_title(stage)) for stage in ahead]
    return Rail(steps, _whole(first_at, now))


def _step(stage: str, at: datetime, end: datetime, why: str, *, is_here: bool, now: datetime) -> Step:
    return Step(
        state="here" if is_here else "past",
        title=stage_name(stage),
        meaning=stage_title(stage),
        spent=length(end - at),
        at=at,
        moment=moment(at, now=now),
        details=why,
    )


def _whole(first_at: datetime, now: datetime) -> str:
    days = (now - first_at) // DAY
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days} if days else length(now - first_at)


def _cause(move: Transition) -> str:
    if move.by_name or move.by:
        who = move.by_name or move.by
        return f"{who}: {humanized(move.reason)}" if move.reason else who
    return {
        "reachable": _("a way to reach them is known"),
        "points": _("score passed the gate"),
        "at_once": humanized(move.event) if move.event else _("at once"),
        "returns": humanized(move.event) if move.event else _("came back"),
        "replay": _("a definition was published"),
        "merge": _("joined with another lead"),
    }.get(move.cause, "")
