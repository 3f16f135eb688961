"""A lead's history read once for a page: events, what people did, the explanation of its score."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from ripeline.definition.model import Definition
from ripeline.events.event import Event
from ripeline.events.names import folded
from ripeline.scoring.acts import Transition as Move
from ripeline.scoring.explain import explained
from ripeline.scoring.trace import Trace, traced
from ripeline.server.leads import happenings
from ripeline.server.leads.shares import gains
from ripeline.server.leads.timeline import Gains, Happened, happened
from ripeline.server.leads.why import Reader, Why, why
from ripeline.server.log import profile, queries


class History(msgspec.Struct, frozen=True, kw_only=True):
    """Everything up to `as_of`, oldest first. `why` and `trace` are None while no definition is published."""

    as_of: datetime
    definition: Definition | None
    version: queries.Version | None
    events: list[Event]
    transitions: list[queries.Transition]
    acts: list[queries.ActRecord]
    merges: list[queries.MergeRecord]
    facts: dict[str, Any]
    way: list[Happened]
    why: Why | None
    trace: Trace | None

    @property
    def first_touch(self) -> str:
        return happenings.first_touch(self.events)


def history(
    known: queries.Biography, *, reachable: bool, as_of: datetime, url: Callable[[str], str] = lambda _rule: ""
) -> History:
    """The lead as it stood at `as_of`, under the definition in force; `url(rule)` shows a rule's events."""
    events = [event for event in known.events if event.occurred_at <= as_of]
    transitions = [move for move in known.transitions if move.moved_at <= as_of]
    acts = [act for act in known.acts if act.at <= as_of]
    merges = [merge for merge in known.merges if merge.merged_at <= as_of]
    version = queries.current_version()
    definition = queries.definition(version.number) if version else None
    facts = {field: told.value for field, told in profile.learnt(events).items()}
    trace, reasons, points = None, None, Gains()
    if definition is not None:
        trace = traced(definition, events, as_of=as_of, transitions=moves(transitions), reachable=reachable)
        told = explained(definition, trace)
        reader = Reader(known=facts, now=as_of, url=url, opened=_opened(definition, events, transitions))
        reasons = why(definition, told, reader)
        points = gains(definition, told)
    return History(
        as_of=as_of,
        definition=definition,
        version=version,
        events=events,
        transitions=transitions,
        acts=acts,
        merges=merges,
        facts=facts,
        way=happened(events, points, transitions, acts, merges),
        why=reasons,
        trace=trace,
    )


def _opened(definition: Definition, events: Sequence[Event], transitions: Sequence[queries.Transition]) -> Event | None:
    """The act that made the lead an MQL at once, while it is one by that."""
    last = transitions[-1] if transitions else None
    if last is None or last.to_stage != "mql" or last.cause != "at_once":
        return None
    names = {folded(name) for name in definition.mql.at_once}
    acts = (event for event in reversed(events) if folded(event.name) in names and event.occurred_at <= last.moved_at)
    return next(acts, None)


def moves(transitions: Sequence[queries.Transition]) -> list[Move]:
    """Recorded moves without those that were undone and their undos."""
    return [
        Move(to=move.to_stage, moved_at=move.moved_at, reason=move.reason)
        for move in transitions
        if not move.undone and move.undoes is None
    ]
