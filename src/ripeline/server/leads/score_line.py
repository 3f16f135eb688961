"""The score of a lead over time: its past days solid, the coming ones dashed as they would be without new activity."""

import json
from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from ripeline.scoring import history
from ripeline.scoring.shown import shown_total
from ripeline.scoring.trace import Trace
from ripeline.server import charts
from ripeline.server.figures import figure, plural
from ripeline.server.leads.why import gate_of
from ripeline.server.times import DAY, day, local_day

PAST, AHEAD, STEP = 80, 20, 2  # days drawn, and from one point to the next
WEEK = 7


class Scores(msgspec.Struct, frozen=True, kw_only=True):
    """Shown totals, one every `STEP` days: `past` ends with the present one, `ahead` goes on without new activity.

    `week_ago` is the total of seven days before; `below_on` the first coming day on which it is below the gate.
    """

    past: list[float]
    ahead: list[float]
    week_ago: float
    below_on: date | None


class ScoreLine(msgspec.Struct, frozen=True, kw_only=True):
    """The line as it is drawn.

    `readings` is JSON: the shown totals from `first_on`, `step` days apart; `now` is today's place among them.
    """

    chart: charts.Line
    readings: str
    summary: str
    first_on: date
    first: str
    last: str
    forecast: str
    now: int
    step: int = STEP


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """How the score moved in a week, in words."""

    words: str
    tone: str = ""
    icon: str = "minus"


def scores(trace: Trace, *, as_of: datetime) -> Scores:
    """Score the lead as it happened, at this hour of past days and of coming ones; `trace` ends at `as_of`."""
    program, rows = trace.program, trace.rows
    definition, gate = program.definition, gate_of(program.definition)

    def total(days: int) -> float:
        at = as_of + days * DAY
        return shown_total(definition, float(history.fold(program, rows, as_of=at, as_if=False).total[0]))

    past, ahead = range(-PAST, 1, STEP), range(STEP, AHEAD + 1, STEP)
    known, coming = [total(days) for days in past], [total(days) for days in ahead]
    below = None
    if gate is not None and known[-1] >= gate:
        near = next((days for days, value in zip(ahead, coming, strict=True) if value < gate), None)
        below = next((days for days in range(near - STEP + 1, near + 1) if total(days) < gate), None) if near else None
    below_on = local_day(as_of + below * DAY) if below is not None else None
    return Scores(past=known, ahead=coming, week_ago=total(-WEEK), below_on=below_on)


def score_line(known: Scores, *, gate: float | None, as_of: datetime) -> ScoreLine:
    """Draw `known`, the last of whose past is the score at `as_of`."""
    chart = charts.line(known.past, known.ahead, gate=gate)
    values = [*known.past, *known.ahead]
    days = [local_day(as_of + STEP * DAY * (place - len(known.past) + 1)) for place in range(len(values))]
    today = local_day(as_of)
    return ScoreLine(
        chart=chart,
        readings=json.dumps(values),
        summary=_summary(known.past, days, today=today),
        first_on=days[0],
        first=day(days[0], today=today),
        last=day(days[-1], today=today),
        forecast=_forecast(known, days[-1], gate=gate, today=today),
        now=len(known.past) - 1,
    )


def change(known: Scores) -> Change:
    """What the last week did to the score."""
    by = round(known.past[-1] - known.week_ago, 1)
    if not by:
        return Change(words=_("no change in 7 days"))
    count = plural(by)
    if count is None:
        points = pgettext("of a fraction", "%(points)s points in 7 days")
    else:
        points = ngettext("%(points)s point in 7 days", "%(points)s points in 7 days", count)
    return Change(
        words=points % {"points": figure(abs(by)) if by > 0 else figure(by)},
        tone="good" if by > 0 else "bad",
        icon="trending-up" if by > 0 else "trending-down",
    )


def _forecast(known: Scores, last: date, *, gate: float | None, today: date) -> str:
    """What time alone will do: when the score leaves the gate, or where it goes by the `last` day."""
    values = {"points": figure(known.ahead[-1]), "day": day(last, today=today)}
    if gate is None or known.past[-1] < gate:
        return _("Without new activity, %(points)s on %(day)s") % values
    if known.below_on is None:
        return _("Without new activity, %(gate)s or more until %(day)s") % {**values, "gate": figure(gate)}
    values = {"gate": figure(gate), "day": day(known.below_on, today=today)}
    return _("Without new activity, below %(gate)s on %(day)s") % values


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
