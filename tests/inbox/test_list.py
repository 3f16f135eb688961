"""The inbox's list: groups by clock, soonest first."""

from datetime import UTC, datetime, timedelta
from typing import Any

from ripeline.server.inbox.queries import after
from ripeline.server.inbox.waiting import announcement, groups, row
from ripeline.server.log.queries import Queued, Waiting

NOW = datetime(2026, 11, 22, 10, 14, tzinfo=UTC)


def queued(lead: int, minutes: float | None, *, total: float = 72.0) -> Queued:
    due_at = None if minutes is None else NOW + timedelta(minutes=minutes)
    return Queued(lead=lead, total=total, due_at=due_at, since=NOW)


def waiting(minutes: float | None, **changed: Any) -> Waiting:
    due_at = None if minutes is None else NOW + timedelta(minutes=minutes)
    parts: dict[str, Any] = {
        "name": "Ingrid Sandström", "title": "Head of Logistics", "company": "Nordhavn", "stage": "mql", "total": 72.0,
        "sub_scores": {}, "grade": "A", "breached_at": None, "owner": "", "owner_name": "",
    }  # fmt: skip
    started_at = None if due_at is None else due_at - timedelta(hours=4)
    return Waiting(lead=1, due_at=due_at, started_at=started_at, offered=due_at is None, **parts | changed)


def test_leads_are_grouped_by_how_soon_an_answer_is_due() -> None:
    found = groups([queued(1, None), queued(2, 900), queued(3, 130), queued(4, 51), queued(5, -42)], now=NOW)

    assert [(group.title, group.order) for group in found] == [
        ("Overdue", [5]), ("Due within the hour", [4]), ("Later today", [3]), ("Later", [2]), ("Offered", [1]),
    ]  # fmt: skip


def test_within_a_group_the_soonest_comes_first_and_among_the_offered_the_highest() -> None:
    found = groups([queued(1, 40), queued(2, 18), queued(3, None, total=66.0), queued(4, None, total=91.0)], now=NOW)

    assert [group.order for group in found] == [[2, 1], [4, 3]]


def test_a_score_below_the_gate_is_not_shown_as_having_reached_it() -> None:
    assert row(waiting(18, total=64.98), "", gate=65, now=NOW).score == "64"


def test_a_lead_without_work_has_a_row_too() -> None:
    assert row(waiting(18, title="", company=""), "", gate=None, now=NOW).work == ""


def test_who_arrives_is_announced_with_the_time_left() -> None:
    said = announcement(waiting(240), now=NOW)

    assert said == "Ingrid Sandström is waiting for an answer, due in 4 h 00."


def test_who_arrives_late_is_not_announced_as_due() -> None:
    said = announcement(waiting(-18), now=NOW)

    assert said == "Ingrid Sandström is waiting for an answer: 18 min late."


def test_after_a_decision_comes_the_next_one_down_else_the_one_above() -> None:
    assert [after([4, 7, 9], lead) for lead in (4, 7, 9)] == [7, 9, 7]
    assert after([4], 4) is None
