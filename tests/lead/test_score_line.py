"""The line of past days and of what time alone will do."""

from datetime import UTC, datetime, timedelta

import pytest

from ripeline.definition.load import load
from ripeline.events.event import Event
from ripeline.scoring.acts import Transition
from ripeline.scoring.explain import explain
from ripeline.scoring.trace import traced
from ripeline.server.leads.score_line import ScoreLine, Scores, change, score_line, scores

NOW = datetime(2026, 11, 22, 10, 14, tzinfo=UTC)
AGREEMENT = load("""
definition: trial
scores:
  engagement:
    half_life: 10 days
    criteria:
      demo: {on: Demo Requested, points: 80}
stages:
  mql: {when: {total: {at_least: 40}}}
  sal: {reject_reasons: {not_now: {recycled: 90 days}}}
  recycled: {reset: engagement}
""")


def asked(days_ago: float) -> Event:
    at = NOW - timedelta(days=days_ago)
    return Event(
        source="site", message_id=f"m{days_ago}", kind="track", name="Demo Requested", occurred_at=at, received_at=at
    )


def known_of(*events: Event, transitions: tuple[Transition, ...] = (), as_of: datetime = NOW) -> Scores:
    trace = traced(AGREEMENT, events, as_of=as_of, transitions=transitions, reachable=True)
    return scores(trace, as_of=as_of)


def line(*events: Event, transitions: tuple[Transition, ...] = (), as_of: datetime = NOW) -> ScoreLine:
    known = known_of(*events, transitions=transitions, as_of=as_of)
    return score_line(known, gate=40, as_of=as_of)


def test_the_line_ends_at_the_score_of_the_card() -> None:
    known = known_of(asked(30), asked(3))

    assert known.past[-1] == explain(AGREEMENT, [asked(30), asked(3)], as_of=NOW).shown


def test_a_high_score_says_on_which_day_it_falls_below_the_gate() -> None:
    assert line(asked(3)).forecast == "Without new activity, below 40 on 30 Nov"
    assert line(asked(4)).forecast == "Without new activity, below 40 on 29 Nov"


def test_a_low_score_says_where_it_goes() -> None:
    assert line(asked(20)).forecast == "Without new activity, 5 on 12 Dec"


def test_a_week_is_compared_with_the_week_before() -> None:
    risen = change(known_of(asked(3)))
    faded = change(known_of(asked(30)))

    assert (risen.words, risen.tone) == ("65 points in 7 days", "good")
    assert (faded.words, faded.tone) == ("−6.2 points in 7 days", "bad")
    assert change(known_of()).words == "no change in 7 days"


def test_the_number_of_points_chooses_their_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ripeline.server.leads.score_line.ngettext", lambda _one, _many, count: f"form of {count}")

    assert change(Scores(past=[5.0], ahead=[], week_ago=0.0, below_on=None)).words == "form of 5"
    assert change(Scores(past=[2.5], ahead=[], week_ago=0.0, below_on=None)).words == "2.5 points in 7 days"


def test_a_lead_given_back_begins_anew_on_the_line_too() -> None:
    back = Transition(to="recycled", moved_at=NOW - timedelta(days=1), reason="not_now")

    known = known_of(asked(5), transitions=(back,))

    assert known.past[-1] == 0 and known.past[-2] > 0


def test_a_past_day_knows_nothing_of_what_came_later() -> None:
    past = NOW - timedelta(days=10)

    assert line(asked(3), as_of=past).summary == "Score from 0 on 24 Aug to 0 on 12 Nov; lowest 0, highest 0."


def test_the_summary_gives_start_end_and_extremes() -> None:
    assert line(asked(2)).summary == "Score from 0 on 3 Sep to 69.6 on 22 Nov; lowest 0, highest 80."
