"""The waterfall: rows that add up, each with its evidence."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.definition.load import load
from ripeline.events.event import Event
from ripeline.scoring.acts import Transition
from ripeline.scoring.explain import explain
from ripeline.server.leads.why import Reader, Why, gate_of, why

NOW = datetime(2026, 11, 22, 10, 14, tzinfo=UTC)
AGREEMENT = load("""
definition: trial
minimum_profile: [email]
scores:
  fit:
    cap: 30
    criteria:
      decides: {when: {title: {contains: head}}, points: 20}
      served_country: {when: {country: SE}, points: 15}
  engagement:
    half_life: 30 days
    criteria:
      pricing: {on: Page Viewed, where: {path: {begins_with: /pricing}}, points: 8, limit: 3 per month}
      webinar: {on: Webinar Attended, points: 20}
      careers: {on: Page Viewed, where: {path: {begins_with: /careers}}, points: -20}
stages:
  mql: {when: {all: [minimum_profile, {total: {at_least: 40}}]}}
  sal: {reject_reasons: {not_now: {recycled: 90 days}}}
  recycled: {reset: engagement}
""")


def happened(days_ago: float, name: str = "Page Viewed", **properties: Any) -> Event:
    at, kind = NOW - timedelta(days=days_ago), "page" if name == "Page Viewed" else "track"
    return Event(
        source="site", message_id=f"{name} {days_ago}", kind=kind, name=name, occurred_at=at, received_at=at,
        properties=properties,
    )  # fmt: skip


def stated(days_ago: float = 20, **facts: Any) -> Event:
    at = NOW - timedelta(days=days_ago)
    return Event(
        source="site",
        message_id="stated",
        kind="identify",
        name="Identified",
        occurred_at=at,
        received_at=at,
        facts=facts,
    )


def card(*events: Event, transitions: tuple[Transition, ...] = (), **known: Any) -> Why:
    told = explain(AGREEMENT, events, as_of=NOW, transitions=transitions)
    return why(AGREEMENT, told, Reader(known=known, now=NOW, url=lambda rule: f"?rule={rule}"))


def rows(found: Why) -> list[tuple[str, str, float]]:
    return [(row.sentence, row.evidence, row.points) for section in found.sections for row in section.rows]


def test_the_number_of_points_chooses_their_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ripeline.server.leads.why.ngettext", lambda _one, _many, count: f"form of {count}")

    assert "form of 20 " in card(happened(0, "Webinar Attended")).summary


def test_the_shown_points_of_all_rows_add_up_to_the_score() -> None:
    found = card(
        stated(title="Head of Logistics", country="SE"), happened(18, "Webinar Attended"), happened(9, path="/careers")
    )

    assert [(section.title, section.points) for section in found.sections] == [
        ("Fit, who they are", 30.0), ("Engagement, what they did", 13.2), ("Undesirable", -16.2),
    ]  # fmt: skip
    assert found.total == 27.0


@given(days=st.lists(st.integers(0, 90), unique=True, max_size=8), paths=st.sampled_from(["/pricing", "/careers"]))
def test_whatever_was_visited_the_rows_add_up(days: list[int], paths: str) -> None:
    found = card(stated(95, title="Head of Logistics"), *(happened(day, path=paths) for day in days))

    assert round(sum(points for _, _, points in rows(found)), 1) == found.total


def test_a_rule_reads_as_what_it_looks_for_with_its_evidence() -> None:
    visits = [happened(hours / 24, path="/pricing") for hours in (5, 4, 2, 1)]

    found = card(stated(title="Head of Logistics"), *visits, title="Head of Logistics")

    assert [words[:2] for words in rows(found)] == [
        ("Job title contains head", "Head of Logistics"),
        ("Viewed a page whose path begins with /pricing", "3 visits, latest 2 hours ago · 1 more beyond the limit"),
    ]


def test_what_time_has_taken_stands_in_its_own_column() -> None:
    found = card(happened(30, "Webinar Attended", webinar="Forecasting"), happened(60, path="/careers"))

    gain, loss = (row for section in found.sections for row in section.rows)
    assert (gain.evidence, gain.points, gain.aged) == ("Forecasting · 30 days ago", 10.0, -10.0)
    assert (loss.points, loss.aged) == (-5.0, 15.0)
    assert found.aged == 5.0


def test_a_cap_and_a_reset_are_rows_of_their_own() -> None:
    back = Transition(to="recycled", moved_at=NOW - timedelta(days=3), reason="not_now")
    found = card(stated(title="Head of x", country="SE"), happened(30, "Webinar Attended"), transitions=(back,))

    adjusted = [
        (row.sentence, row.points) for section in found.sections for row in section.rows if row.tone == "adjust"
    ]
    assert adjusted == [("Fit counts at most 30", -5.0), ("Engagement began anew on 2026-11-19 10:14", -10.0)]


def test_what_the_lead_did_is_named_before_who_it_is() -> None:
    found = card(stated(title="Head of Logistics"), happened(1, path="/pricing"))

    assert [row.key for row in found.strongest] == ["pricing", "decides"]


def test_the_act_that_opened_the_gate_stands_first() -> None:
    asked = happened(0.1, "Demo Requested")
    told = explain(AGREEMENT, [asked], as_of=NOW, transitions=())

    found = why(AGREEMENT, told, Reader(known={}, now=NOW, url=str, opened=asked))

    assert [(row.sentence, row.evidence) for row in found.strongest] == [("Demo requested", "2 hours ago")]


def test_no_points_at_all_leave_an_empty_card() -> None:
    found = card(happened(1, "Page Viewed", path="/"))

    assert (found.total, found.sections, found.strongest) == (0.0, [], [])
    assert found.summary == "0 points of the 40 that make an MQL"
    assert found.missing == ["40 points short", "e-mail"]


def test_the_gate_is_the_total_the_definition_asks_for() -> None:
    assert gate_of(AGREEMENT) == 40
    assert gate_of(None) is None
