"""Why a lead is in the inbox, in one line."""

from collections import defaultdict
from datetime import datetime

from ripeline.definition.criterion_wording import name_of
from ripeline.events.instants import instant
from ripeline.scoring.acts import Transition
from ripeline.scoring.explain import Explanation, Part, explain
from ripeline.server.log.asking.agreement import definition, definition_number
from ripeline.server.log.asking.connection import database, database_name, reader
from ripeline.server.log.store import lifecycle
from ripeline.translation import counted

KEPT = 4096


def reason_line(lead: int, *, head: int, version: int, now: datetime) -> str:
    """The named act that opened the gate, else what gave the most of the points, and how often.

    Worked out once while nothing new happens (`head`) on one day: points of one lead age much alike.
    """
    key = (database_name(), lead, head, version, now.date())
    if key not in _lines:
        if len(_lines) >= KEPT:
            _lines.clear()
        _lines[key] = _reason(lead, version, now) if version else ""
    return _lines[key]


_lines: dict[tuple[object, ...], str] = {}


def _reason(lead: int, version: int, now: datetime) -> str:
    agreed = definition(version)
    rows = lifecycle.standing_transitions(database(), lead, definition_number(version))
    opened = next((row for row in reversed(rows) if row.to_stage == agreed.mql.opens), None)
    if opened is not None and opened.cause == "at_once" and opened.event:
        return opened.event
    moves = [Transition(to=row.to_stage, moved_at=instant(row.moved_at), reason=row.reason) for row in rows]
    return strongest(explain(agreed, reader()[0].history(lead), as_of=now, transitions=moves))


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
