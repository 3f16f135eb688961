"""What happened to a lead, by day, newest first: events with the points they gave, moves, and what people did."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby

import msgspec
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ripeline.events.event import Event
from ripeline.server.console.words import stage_name
from ripeline.server.leads import happenings
from ripeline.server.log.queries import ActRecord, MergeRecord, Transition
from ripeline.server.times import clock, heading, moment

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
    icon: str
    title: str
    details: str
    moment: str = ""
    tone: str = ""
    gains: tuple[Gain, ...] = ()
    is_stage: bool = False


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


def entries(
    events: Iterable[Event],
    gains: Gains,
    transitions: Sequence[Transition],
    acts: Sequence[ActRecord],
    merges: Sequence[MergeRecord] = (),
) -> list[Entry]:
    """Everything that happened, oldest first."""
    found = [
        *(_of_event(event, tuple(gains.get((event.source, event.message_id), ()))) for event in events),
        *_of_people(transitions, acts),
        *(_of_merge(merge) for merge in merges),
    ]
    return sorted(found, key=lambda entry: entry.at)


def _of_event(event: Event, gains: tuple[Gain, ...]) -> Entry:
    left = sum(gain.left for gain in gains)
    return Entry(
        at=event.occurred_at,
        icon=happenings.icon(event),
        title=happenings.title(event),
        details=happenings.details(event),
        tone="" if not gains else "neg" if left < 0 else "eng",
        gains=gains,
    )


def _of_people(transitions: Sequence[Transition], acts: Sequence[ActRecord]) -> Iterator[Entry]:
    """Moves, and what people did beside them; an act that moved the lead is told once, with its note."""
    notes = {act.seq: act.note for act in acts}
    for move in transitions:
        yield Entry(
            at=move.moved_at,
            icon=_STAGE_ICONS.get(move.to_stage, "arrow-right-left"),
            title=_move_title(move),
            details=_joined(_move_cause(move), notes.get(move.seq, "")),
            tone="moved",
            is_stage=True,
        )
    moved = {move.seq for move in transitions}
    for act in acts:
        if act.seq not in moved:
            details = _joined(_reason(act.reason), act.note)
            title = _act_title(act)
            yield Entry(at=act.at, icon="user-round", title=title, details=details, tone="moved", is_stage=True)


_STAGE_ICONS = {
    "lead": "user-check", "mql": "sparkles", "sal": "circle-check", "customer": "trophy", "lost": "circle-x",
    "recycled": "repeat", "disqualified": "circle-x", "visitor": "footprints",
}  # fmt: skip


def _move_title(move: Transition) -> str:
    if move.undoes is not None:
        return _("Decision taken back: %(stage)s again") % {"stage": stage_name(move.to_stage)}
    return {
        "lead": _("Became a lead"),
        "mql": _("Became an MQL"),
        "sal": _("Accepted by sales"),
        "recycled": _("Given back to nurture"),
        "disqualified": _("Closed: disqualified"),
        "customer": _("Became a customer"),
        "lost": _("Deal lost"),
    }.get(move.to_stage, stage_name(move.to_stage))


def _move_cause(move: Transition) -> str:
    if move.by:
        return _joined(_("by %(who)s") % {"who": move.by_name or move.by}, _reason(move.reason))
    values = {"version": move.version, "event": happenings.humanized(move.event)}
    return {
        "reachable": _("a way to reach them is known"),
        "points": _("score passed the gate of definition %(version)s") % values,
        "at_once": _("at once by “%(event)s” under definition %(version)s") % values,
        "returns": _("came back by “%(event)s”") % values,
        "replay": _("definition %(version)s was published") % values,
        "merge": _("joined with another lead"),
    }.get(move.cause, "")


def _act_title(act: ActRecord) -> str:
    values = {"who": act.by_name or act.by or _("Somebody")}
    titles = {
        "accept": _("%(who)s accepted"), "reject": _("%(who)s rejected"), "take": _("%(who)s took the lead"),
        "reassign": _("%(who)s reassigned the lead"), "won": _("%(who)s recorded a deal won"),
        "lost": _("%(who)s recorded a deal lost"), "undo": _("%(who)s took the decision back"),
    }  # fmt: skip
    return titles.get(act.act, f"%(who)s: {happenings.humanized(act.act)}") % values


def _of_merge(merge: MergeRecord) -> Entry:
    return Entry(
        at=merge.merged_at,
        icon="link",
        title=_("Recognised as one person"),
        details=_("lead %(id)s and its history now belong to this lead") % {"id": merge.lead},
    )


def _reason(reason: str) -> str:
    return happenings.humanized(reason) if reason else ""


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def timeline(
    found: Sequence[Entry],
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
    chosen = [entry for entry in found if _is_chosen(entry, show, rule)]
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


def latest(found: Sequence[Entry], count: int, *, now: datetime) -> list[Entry]:
    """The newest entries, newest first, each with its day and time."""
    newest = reversed(found[-count:])
    return [msgspec.structs.replace(entry, moment=moment(entry.at, now=now)) for entry in newest]


def _titles() -> list[tuple[str, str]]:
    return list(zip(SHOWN, (_("All"), _("Scored"), _("Stages")), strict=True))


def _is_chosen(entry: Entry, show: str, rule: str) -> bool:
    if rule:
        return any(gain.rule == rule for gain in entry.gains)
    if show == "scored":
        return bool(entry.gains)
    return entry.is_stage if show == "stages" else True


def _days(chosen: Sequence[Entry], *, now: datetime) -> list[Day]:
    today = localtime(now).date()
    newest = [msgspec.structs.replace(entry, moment=clock(entry.at)) for entry in reversed(chosen)]
    by_day = groupby(newest, key=lambda entry: localtime(entry.at).date())
    return [Day(on, heading(on, today=today), list(group)) for on, group in by_day]


def _empty(found: Sequence[Entry], show: str) -> str:
    if not found:
        return _("Nothing has happened yet. What this lead does will appear here.")
    if show == "scored":
        return _("Nothing this lead did has earned or cost points.")
    if show == "stages":
        return _("This lead has not moved from its first stage.")
    return _("No event gave points under this rule: it reads what is known of the lead.")
