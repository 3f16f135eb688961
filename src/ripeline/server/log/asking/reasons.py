"""Why a lead is in the inbox, in one line."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b
from threading import Lock
from typing import NamedTuple

from ripeline.definition.criterion_wording import name_of
from ripeline.definition.model import Definition
from ripeline.events.event import Event
from ripeline.events.instants import instant
from ripeline.events.names import folded
from ripeline.scoring.acts import Transition
from ripeline.scoring.explain import Explanation, Part, explain
from ripeline.server.log.asking.agreement import definition, definition_number
from ripeline.server.log.asking.connection import database, database_name, reader
from ripeline.server.log.reading import Reader
from ripeline.server.log.store import lifecycle
from ripeline.server.log.store.lifecycle import TransitionRow
from ripeline.translation import counted, language

KEPT = 10_000  # lines, about 5 MB: more than people look at in a day
_STATES = """
SELECT lead, version, fold FROM state WHERE lead IN (SELECT value FROM json_each(:leads)) AND fold IS NOT NULL
"""


def reason_lines(leads: Iterable[int], *, now: datetime) -> dict[int, str]:
    """Why each of `leads` is in the inbox: the named act that opened the gate, else what gave most of the points.

    Worked out once a day for one state of the fold, which changes with everything that is known of a lead: points of
    one lead age much alike.
    """
    found = database().execute(_STATES, {"leads": json.dumps(list(leads))})
    read, _ = reader()
    return {lead: _line_of(read, lead, version, fold, now) for lead, version, fold in found}


def _line_of(read: Reader, lead: int, version: int, fold: bytes, now: datetime) -> str:
    whose = database_name(), lead, language()
    of = blake2b(fold, digest_size=16).digest(), version, now.date()
    kept = _lines.get(whose)
    if kept is not None and kept.of == of:
        return kept.line
    line = _reason(read, lead, version, now)
    with _lock:
        _lines.pop(whose, None)
        _lines[whose] = _Kept(of, line)
        while len(_lines) > KEPT:
            del _lines[next(iter(_lines))]
    return line


class _Kept(NamedTuple):
    """A line, and what it was worked out of: a newer one takes its place."""

    of: tuple[object, ...]
    line: str


_lines: dict[tuple[object, ...], _Kept] = {}
_lock = Lock()  # pages are made in several threads


def _reason(read: Reader, lead: int, version: int, now: datetime) -> str:
    agreed = definition(version)
    if agreed is None:
        return ""
    rows = lifecycle.standing_transitions(database(), lead, definition_number(version))
    opened = next((row for row in reversed(rows) if row.to_stage == agreed.mql.opens), None)
    history = read.history(lead)
    if opened is not None and opened.cause == "at_once":
        act = _act(agreed, history, opened)
        if act:
            return name_of(act)
    moves = [Transition(to=row.to_stage, moved_at=instant(row.moved_at), reason=row.reason) for row in rows]
    return strongest(explain(agreed, history, as_of=now, transitions=moves))


def _act(agreed: Definition, history: Iterable[Event], opened: TransitionRow) -> str:
    """The act that opened the gate as the definition calls it, however the sender spelled it; empty if it is gone.

    What moved the lead may be another: whoever asks first and says who they are later is moved by the latter.
    """
    names = {folded(name): name for name in agreed.mql.at_once}
    if folded(opened.event) in names:
        return names[folded(opened.event)]
    moved_at = instant(opened.moved_at)
    acts = [event for event in history if folded(event.name) in names and event.occurred_at <= moved_at]
    return names[folded(max(acts, key=lambda event: event.occurred_at).name)] if acts else ""


def strongest(explained: Explanation) -> str:
    """What gave most of what is left of the points: what they did before who they are.

    >>> strongest(Explanation(score=None, shown=0.0, parts=(), missing=()))
    ''
    """
    for kind in ("event", "fact"):
        given: dict[str, list[Part]] = defaultdict(list)
        for part in explained.parts:
            if part.kind == kind and part.counted and part.points > 0:
                given[part.criterion].append(part)
        if given:
            return _line(max(given.values(), key=lambda parts: sum(part.points for part in parts)))
    return ""


def _line(parts: list[Part]) -> str:
    what, instants = name_of(parts[0].criterion), sorted(part.at for part in parts if part.at is not None)
    if len(parts) == 1:
        return what
    days = (instants[-1] - instants[0]).days + 1
    if days == 1:
        return counted("{what}, {count} time in a day", "{what}, {count} times in a day", len(parts), what=what)
    return counted(
        "{what}, {times} times in {count} day",
        "{what}, {times} times in {count} days",
        days,
        what=what,
        times=len(parts),
    )
