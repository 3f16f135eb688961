"""What comes late finds the lead as people left it."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.scoring.arrivals import LiveLead

from ripeline.definition.load import load
from ripeline.events.event import Event
from ripeline.scoring import starting
from ripeline.scoring.acts import Act

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANSWERED = load("""
definition: answered
scores: {engagement: {criteria: {demo: {on: Demo Requested, points: 20}}}}
stages: {mql: {when: {total: {at_least: 20}}}}
""")


def demo(number: int, *, minute: int = 0) -> Event:
    at = NOON + timedelta(minutes=minute)
    return Event(
        source="site", message_id=f"m{number}", kind="track", name="Demo Requested", occurred_at=at, received_at=at
    )


def test_an_act_at_the_instant_of_a_checkpoint_outlasts_what_comes_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "SHORT", 2)
    lead = LiveLead(ANSWERED, reachable=True)
    lead.arrive([demo(1), demo(2), demo(3)], now=NOON)
    lead.act(Act(at=NOON, act="accept"))
    lead.arrive([demo(4, minute=9)], now=NOON + timedelta(minutes=9))
    lead.arrive([demo(5, minute=3)], now=NOON + timedelta(minutes=10))

    assert lead.stage == "sal"
