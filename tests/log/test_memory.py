import random
from datetime import timedelta

import pytest
from tests.log.desk import MORNING, Desk
from tests.log.test_lifecycle import ANN

from ripeline.server.log import memory, queries

ONE_EACH = """
definition: trial
scores: {engagement: {criteria: {page: {on: Page Viewed, points: 1}}}}
stages: {mql: {when: {total: {at_least: 1000}}}}
"""


def mostly_in_order(seed: int, count: int) -> list[int]:
    """Minutes in which each of so many events happened, as they arrive: some a little late."""
    chance = random.Random(seed)
    late = {minute: chance.choice((0, 0, 3, 6, 20)) * chance.random() for minute in range(count)}
    return sorted(range(count), key=lambda minute: minute + late[minute])


@pytest.mark.parametrize("seed", range(3))
def test_whatever_comes_late_and_however_often_each_event_of_a_lead_counts_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(memory, "EVENTS_BETWEEN", 3)
    desk.publish(ONE_EACH)
    desk.send(ANN)
    desk.clock.advance(days=1)
    for minute in mostly_in_order(seed, 150):
        at = MORNING + timedelta(minutes=minute + 1)
        desk.send({"userId": "ann", "event": "Page Viewed", "timestamp": at.isoformat()})

    assert queries.leads().items[0].total == 150


def test_a_late_event_of_a_busy_lead_folds_a_few_again_and_reads_nothing_of_the_log(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.publish(ONE_EACH)
    desk.send(*[{"userId": "ann", "event": "Page Viewed"} for _ in range(5)])
    for _ in range(100):
        desk.clock.advance(minutes=1)
        desk.send({"userId": "ann", "event": "Page Viewed"})

    monkeypatch.setattr(memory.Memory, "_read", None)
    desk.send({"userId": "ann", "event": "Page Viewed", "timestamp": (desk.clock.now - timedelta(hours=1)).isoformat()})

    assert queries.leads().items[0].total == 106
