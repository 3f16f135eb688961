"""What happened to a lead, by day, newest first: events with the points they gave, moves, and what people did."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from itertools import groupby

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ripeline.events.event import Event
from ripeline.server.console.words import stage_name
from ripeline.server.leads import happenings
from ripeline.server.log.queries import ActRecord, MergeRecord, Transition
from ripeline.server.times import clock, heading, local_day, moment

PAGE = 40
SHOWN = ("all", "scored", "stages")


class Gain(msgspec.Struct, frozen=True, kw_only=True):
    """Points an event gave under one rule: at first, and what is left of them."""

    rule: str
    sentence: str
    given: float
    left: float
    note: str = ""

    @property
    def tone(self) -> str:
        if not self.left:
            return "none"
        return "neg" if self.left < 0 else ""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the timeline. `tone` is eng or neg for what scores, moved for stages, else empty."""

    at: datetime
    moment: str
    icon: str
    title: str
    details: str
    tone: str = ""
    gains: tuple[Gain, ...] = ()


class Happened(msgspec.Struct, frozen=True):
    """Something on the way of a lead; put into words only where it is shown, for there may be ten thousand."""

    at: datetime
    what: Event | Transition | ActRecord | MergeRecord
    gains: tuple[Gain, ...] = ()
    note: str = ""

    @property
    def is_stage(self) -> bool:
        return isinstance(self.what, Transition | ActRecord)


class Day(msgspec.Struct, frozen=True):
    """One day's entries, newest first."""

    on: date
    title: str
    entries: list[Entry]


class Filter(msgspec.Struct, frozen=True):
    """A way to narrow the timeline."""

    title: str
    url: str
    is_on: bool


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the timeline; `earlier` is the address of the next one, empty at the beginning."""

    days: list[Day]
    filters: list[Filter]
    rule: str
    rule_sentence: str
    all_url: str
    earlier: str
    left: str
    empty: str


Gains = dict[tuple[str, str], list[Gain]]  # by (source, message id) of the event that gave them


def happened(
    events: Iterable[Event],
    gains: Gains,
    transitions: Sequence[Transition],
    acts: Sequence[ActRecord],
    merges: Sequence[MergeRecord] = (),
) -> list[Happened]:
    """Everything on the way of a lead, oldest first; an act that moved it is told once, with its note."""
    notes, moved = {act.seq: act.note for act in acts}, {move.seq for move in transitions}
    found = [
        *(
            Happened(event.occurred_at, event, tuple(gains.get((event.source, event.message_id), ())))
            for event in events
        ),
        *(Happened(move.moved_at, move, note=notes.get(move.seq, "")) for move in transitions),
        *(Happened(act.at, act, note=act.note) for act in acts if act.seq not in moved),
        *(Happened(merge.merged_at, merge) for merge in merges),
    ]
    return sorted(found, key=lambda one: one.at)


def _entry(one: Happened, moment: str) -> Entry:
    """`one` in words."""
    icon, title, details, tone = _words(one)
    return Entry(at=one.at, moment=moment, icon=icon, title=title, details=details, tone=tone, gains=one.gains)


def _words(one: Happened) -> tuple[str, str, str, str]:
    """Icon, title, details and tone."""
    match one.what:
        case Event() as event:
            left = sum(gain.left for gain in one.gains)
            tone = "" if not one.gains else "neg" if left < 0 else "eng"
            return happenings.icon(event), happenings.title(event), happenings.details(event), tone
        case Transition() as move:
            icon = _STAGE_ICONS.get(move.to_stage, "arrow-right-left")
            return icon, _move_title(move), _joined(_move_cause(move), one.note), "moved"
        case ActRecord() as act:
            return "user-round", _act_title(act), _joined(_reason(act.reason), one.note), "moved"
    details = _("lead %(id)s and its history now belong to this lead") % {"id": one.what.lead}
    return "link", _("Recognised as one person"), details, ""


_STAGE_ICONS = {
    "lead": "user-check", "mql": "sparkles", "sal": "circle-check", "customer": "trophy", "lost": "circle-x",
    "recycled": "repeat", "disqualified": "circle-x", "visitor": "footprints",
}  # fmt: skip
_MOVES: dict[str, Promise] = {
    "lead": gettext_lazy("Became a lead"),
    "mql": gettext_lazy("Became an MQL"),
    "sal": gettext_lazy("Accepted by sales"),
    "recycled": gettext_lazy("Given back to nurture"),
    "disqualified": gettext_lazy("Closed: disqualified"),
    "customer": gettext_lazy("Became a customer"),
    "lost": gettext_lazy("Deal lost"),
}
_CAUSES: dict[str, Promise] = {
    "reachable": gettext_lazy("a way to reach them is known"),
    "points": gettext_lazy("score passed the gate of definition %(version)s"),
    "at_once": gettext_lazy("at once by “%(event)s” under definition %(version)s"),
    "returns": gettext_lazy("came back by “%(event)s”"),
    "replay": gettext_lazy("definition %(version)s was published"),
    "merge": gettext_lazy("joined with another lead"),
}
_ACTS: dict[str, Promise] = {
    "accept": gettext_lazy("%(who)s accepted"),
    "reject": gettext_lazy("%(who)s rejected"),
    "take": gettext_lazy("%(who)s took the lead"),
    "reassign": gettext_lazy("%(who)s reassigned the lead"),
    "won": gettext_lazy("%(who)s recorded a deal won"),
    "lost": gettext_lazy("%(who)s recorded a deal lost"),
    "undo": gettext_lazy("%(who)s took the decision back"),
}


def _move_title(move: Transition) -> str:
    if move.undoes is not None:
        return _("Decision taken back: %(stage)s again") % {"stage": stage_name(move.to_stage)}
    return str(_MOVES.get(move.to_stage, stage_name(move.to_stage)))


def _move_cause(move: Transition) -> str:
    if move.by:
        return _joined(_("by %(who)s") % {"who": move.by_name or move.by}, _reason(move.reason))
    cause = str(_CAUSES.get(move.cause, ""))
    return cause % {"version": move.version, "event": happenings.humanized(move.event)} if cause else ""


def _act_title(act: ActRecord) -> str:
    who = act.by_name or act.by or _("Somebody")
    return str(_ACTS[act.act]) % {"who": who} if act.act in _ACTS else happenings.humanized(act.act)


def _reason(reason: str) -> str:
    return happenings.humanized(reason) if reason else ""


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def timeline(
    found: Sequence[Happened],
    *,
    show: str,
    rule: str,
    rule_sentence: str,
    before: int | None,
    url: Callable[..., str],
    now: datetime,
) -> Timeline:
    """The page of `found` (oldest first) that ends before place `before`, narrowed to `show` and `rule`.

    `url(**changes)` gives the address of the same page with another filter or place.
    """
    chosen = [one for one in found if _is_chosen(one, show, rule)]
    end = min(before, len(chosen)) if before is not None else len(chosen)
    start = max(0, end - PAGE)
    return Timeline(
        days=_days(chosen[start:end], now=now),
        filters=[
            Filter(title, url(show=key, rule="", before=None), key == show and not rule) for key, title in _titles()
        ],
        rule=rule,
        rule_sentence=rule_sentence,
        all_url=url(show="all", rule="", before=None),
        earlier=url(show=show, rule=rule, before=start) if start else "",
        left=ngettext("%(count)s earlier", "%(count)s earlier", start) % {"count": start} if start else "",
        empty=_empty(found, show),
    )


def latest(found: Sequence[Happened], count: int, *, now: datetime) -> list[Entry]:
    """The newest entries, newest first, each with its day and time."""
    return [_entry(one, moment(one.at, now=now)) for one in reversed(found[-count:])]


def _titles() -> list[tuple[str, str]]:
    return list(zip(SHOWN, (_("All"), _("Scored"), _("Stages")), strict=True))


def _is_chosen(one: Happened, show: str, rule: str) -> bool:
    if rule:
        return any(gain.rule == rule for gain in one.gains)
    if show == "scored":
        return bool(one.gains)
    return one.is_stage if show == "stages" else True


def _days(chosen: Sequence[Happened], *, now: datetime) -> list[Day]:
    today = local_day(now)
    by_day = groupby(reversed(chosen), key=lambda one: local_day(one.at))
    return [Day(on, heading(on, today=today), [_entry(one, clock(one.at)) for one in group]) for on, group in by_day]


def _empty(found: Sequence[Happened], show: str) -> str:
    if not found:
        return _("Nothing has happened yet. What this lead does will appear here.")
    if show == "scored":
        return _("Nothing this lead did has earned or cost points.")
    if show == "stages":
        return _("This lead has not moved from its first stage.")
    return _("No event gave points under this rule: it reads what is known of the lead.")
