"""The score of a lead over time: its past days solid, the coming ones dashed as they would be without new activity."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ripeline.definition.model import Definition
from ripeline.events.event import Event
from ripeline.scoring import history
from ripeline.scoring.acts import Transition
from ripeline.scoring.program import compiled
from ripeline.scoring.rows import RowBuilder
from ripeline.scoring.shown import shown_total
from ripeline.server import charts
from ripeline.server.figures import figure
from ripeline.server.times import DAY, day, local_day

PAST, AHEAD = 80, 20  # days drawn
WEEK = 7


class Scores(msgspec.Struct, frozen=True, kw_only=True):
    """The shown total once a day: `past` ends with the present one, `ahead` goes on without new activity."""

    past: list[float]
    ahead: list[float]


class ScoreLine(msgspec.Struct, frozen=True, kw_only=True):
    """The line as it is drawn. `readings` is JSON: the shown totals, one a day from `first_on`; `now` is today's."""

    chart: charts.Line
    readings: str
    summary: str
    first_on: date
    first: str
    last: str
    forecast: str
    now: int


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """How the score moved in a week, in words."""

    words: str
    tone: str = ""
    icon: str = "minus"


def scores(
    definition: Definition,
    events: Sequence[Event],
    transitions: Sequence[Transition],
    *,
    reachable: bool,
    as_of: datetime,
    ahead: int = AHEAD,
) -> Scores:
    """Score the lead as it happened at this hour of each of the last 80 days, and of the coming ones.

    `events` are in the order of the log; those after `as_of` are left out of the forecast too.
    """
    program = compiled(definition)
    builder = RowBuilder(program.shapes)
    builder.add_history(
        [event for event in events if event.occurred_at <= as_of],
        transitions=[move for move in transitions if move.moved_at <= as_of],
    )
    builder.end_lead()
    rows = builder.rows([reachable])

    def total(at: datetime) -> float:
        return shown_total(definition, float(history.fold(program, rows, as_of=at, as_if=False).total[0]))

    return Scores(
        past=[total(as_of - timedelta(days=back)) for back in range(PAST, -1, -1)],
        ahead=[total(as_of + timedelta(days=days)) for days in range(1, ahead + 1)],
    )


def score_line(known: Scores, *, gate: float | None, as_of: datetime) -> ScoreLine:
    """Draw `known`, the last of whose past is the score at `as_of`."""
    chart = charts.line(known.past, known.ahead, gate=gate)
    values = [*known.past, *known.ahead]
    days = [local_day(as_of + DAY * (place - len(known.past) + 1)) for place in range(len(values))]
    today = local_day(as_of)
    return ScoreLine(
        chart=chart,
        readings=json.dumps(values),
        summary=_summary(known.past, days, today=today),
        first_on=days[0],
        first=day(days[0], today=today),
        last=day(days[-1], today=today),
        forecast=_forecast(known, days, gate=gate, today=today),
        now=len(known.past) - 1,
    )


def change(past: Sequence[float]) -> Change:
    """What the last week did to the score."""
    if len(past) <= WEEK:
        return Change(words=_("no change in 7 days"))
    by = round(past[-1] - past[-1 - WEEK], 1)
    if not by:
        return Change(words=_("no change in 7 days"))
    points = ngettext("%(points)s point in 7 days", "%(points)s points in 7 days", 1 if abs(by) == 1 else 2)
    return Change(
        words=points % {"points": figure(abs(by)) if by > 0 else figure(by)},
        tone="good" if by > 0 else "bad",
        icon="trending-up" if by > 0 else "trending-down",
    )


def _forecast(known: Scores, days: Sequence[date], *, gate: float | None, today: date) -> str:
    """What time alone will do: when the score leaves the gate, or where it goes."""
    if not known.ahead:
        return ""
    coming = list(zip(days[len(known.past) :], known.ahead, strict=True))
    if gate is not None and known.past[-1] >= gate:
        below = next((on for on, value in coming if value < gate), None)
        if below is None:
            return _("Without new activity, above %(gate)s until %(day)s at least") % {
                "gate": figure(gate),
                "day": day(days[-1], today=today),
            }
        return _("Without new activity, below %(gate)s on %(day)s") % {
            "gate": figure(gate),
            "day": day(below, today=today),
        }
    return _("Without new activity, %(points)s on %(day)s") % {
        "points": figure(known.ahead[-1]),
        "day": day(days[-1], today=today),
    }


def _summary(past: Sequence[float], days: Sequence[date], *, today: date) -> str:
    """The line in one sentence: start, end and extremes."""
    return _("Score from %(first)s on %(start)s to %(last)s on %(end)s; lowest %(low)s, highest %(high)s.") % {
        "first": figure(past[0]),
        "start": day(days[0], today=today),
        "last": figure(past[-1]),
        "end": day(days[len(past) - 1], today=today),
        "low": figure(min(past)),
        "high": figure(max(past)),
    }
