"""The waterfall: rows that add up, each with its evidence."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ripeline.definition.load import load
from ripeline.definition.model import Criterion
from ripeline.events.event import Event
from ripeline.scoring.score import Score
from ripeline.server.leads.why import Reader, Share, Why, gate_of, why

NOW = datetime(2026, 11, 22, 10, 14, tzinfo=UTC)
AGREEMENT = load(
    """
definition: trial
scores:
  fit:
    cap: 30
    criteria:
      decides: {when: {title: {contains: head}}, points: 20}
      served_country: {when: {country: SE}}
  engagement:
    half_life: 30 days
    criteria:
      pricing: {on: Page Viewed, where: {path: {begins_with: /pricing}}, points: 8, limit: 3 per day}
      webinar: {on: Webinar Attended, points: 20}
      careers: {on: Page Viewed, where: {path: {begins_with: /careers}}, points: -20}
    grades: {A: 20, B: ~}
stages:
  mql:
    when: {total: {at_least: 40}}
""".replace("{when: {country: SE}}", "{when: {country: SE}, points: 15}")
)
CRITERIA = {criterion.key: criterion for criterion in AGREEMENT.criteria}


def happened(days_ago: float, name: str = "Page Viewed", **properties: Any) -> Event:
    at = NOW - timedelta(days=days_ago)
    kind = "page" if name == "Page Viewed" else "track"
    return Event(
        source="site",
        message_id=f"{name}{days_ago}",
        kind=kind,
        name=name,
        occurred_at=at,
        received_at=at,
        properties=properties,
    )


def share(key: str, points: float, given: float | None = None, event: Event | None = None, **more: Any) -> Share:
    criterion: Criterion = CRITERIA[key]
    return Share(
        group=criterion.group,
        criterion=criterion,
        sentence="",
        event=event,
        given=points if given is None else given,
        points=points,
        **more,
    )


def adjustment(group: str, points: float, sentence: str) -> Share:
    return Share(group=group, criterion=None, sentence=sentence, event=None, given=0.0, points=points)


@pytest.fixture
def explained() -> Callable[..., Why]:
    def made(*shares: Share, total: float | None = None, **known: Any) -> Why:
        shown = sum(each.points for each in shares) if total is None else total
        reader = Reader(known=known, now=NOW, url=lambda rule: f"?rule={rule}")
        return why(AGREEMENT, Score(as_of=NOW, total=shown, sub_scores={}, grade="A"), shares, (), reader)

    return made


def rows(card: Why) -> list[tuple[str, str, float]]:
    return [(row.sentence, row.evidence, row.points) for section in card.sections for row in section.rows]


def test_the_shown_points_of_all_rows_add_up_to_the_score(explained: Callable[..., Why]) -> None:
    card = explained(
        share("decides", 20.0), share("served_country", 15.0), adjustment("fit", -5.0, "Fit counts up to 30"),
        share("webinar", 13.3, 20.0, happened(18, "Webinar Attended")),
        share("careers", -4.4, -20.0, happened(9, path="/careers")),
    )  # fmt: skip

    assert card.total == 38.9
    assert round(sum(section.points for section in card.sections), 1) == card.total
    assert [(section.title, section.points) for section in card.sections] == [
        ("Fit, who they are", 30.0), ("Engagement, what they did", 13.3), ("Undesirable", -4.4),
    ]  # fmt: skip


def test_a_rule_reads_as_what_it_looks_for_with_its_evidence(explained: Callable[..., Why]) -> None:
    pricing = [happened(hours / 24, path="/pricing") for hours in (5, 4, 2)]
    over = happened(1 / 24, path="/pricing")

    card = explained(
        share("decides", 20.0),
        *(share("pricing", 8.0, event=event) for event in pricing),
        share("pricing", 0.0, 8.0, over, is_counted=False),
        title="Head of Logistics",
    )

    assert rows(card) == [
        ("Job title contains head", "Head of Logistics", 20.0),
        (
            "Viewed a page whose path begins with /pricing",
            "3 visits, latest 2 hours ago · 1 more beyond the limit",
            24.0,
        ),
    ]


def test_what_time_has_taken_stands_in_its_own_column(explained: Callable[..., Why]) -> None:
    card = explained(
        share("webinar", 13.3, 20.0, happened(18, "Webinar Attended", webinar="Forecasting")),
        share("careers", -4.4, -20.0, happened(66, path="/careers")),
    )

    gain, loss = (row for section in card.sections for row in section.rows)
    assert (gain.evidence, gain.aged, loss.aged) == ("Forecasting · 18 days ago", -6.7, 15.6)
    assert card.aged == 8.9


def test_what_the_lead_did_is_named_before_who_it_is(explained: Callable[..., Why]) -> None:
    card = explained(share("decides", 20.0), share("pricing", 8.0, event=happened(1, path="/pricing")))

    assert [row.key for row in card.strongest] == ["pricing", "decides"]


def test_a_score_just_below_the_gate_is_not_shown_as_the_gate(explained: Callable[..., Why]) -> None:
    assert explained(share("decides", 20.0), total=39.98).total == 39.9


def test_no_points_at_all_leave_an_empty_card(explained: Callable[..., Why]) -> None:
    card = explained()

    assert (card.total, card.sections, card.strongest) == (0.0, [], [])
    assert card.summary == "0 points of the 40 that make an MQL"


def test_the_gate_is_the_total_the_definition_asks_for() -> None:
    assert gate_of(AGREEMENT) == 40
    assert gate_of(None) is None
