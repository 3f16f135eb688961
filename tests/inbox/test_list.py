"""The inbox's list: groups by clock, soonest first."""

from datetime import UTC, datetime, timedelta
from typing import Any

from ripeline.server.inbox.queries import after
from ripeline.server.inbox.waiting import groups
from ripeline.server.log.queries import Waiting

NOW = datetime(2026, 11, 22, 10, 14, tzinfo=UTC)


def waiting(lead: int, minutes: float | None, **changed: Any) -> Waiting:
    due_at = None if minutes is None else NOW + timedelta(minutes=minutes)
    parts: dict[str, Any] = {
        "name": "Ingrid Sandström", "title": "Head of Logistics", "company": "Nordhavn", "stage": "mql", "total": 72.0,
        "sub_scores": {}, "grade": "A", "breached_at": None, "reason_line": "", "owner": "", "owner_name": "",
    }  # fmt: skip
    started_at = None if due_at is None else due_at - timedelta(hours=4)
    return Waiting(lead=lead, due_at=due_at, started_at=started_at, offered=due_at is None, **parts | changed)


def test_leads_are_grouped_by_how_soon_an_answer_is_due() -> None:
    found = groups(
        [waiting(1, None), waiting(2, 900), waiting(3, 130), waiting(4, 51), waiting(5, -42)], gate=65, now=NOW
    )

    assert [(group.title, [row.lead for row in group.rows]) for group in found] == [
        ("Overdue", [5]), ("Due within the hour", [4]), ("Later today", [3]), ("Later", [2]), ("Offered", [1]),
    ]  # fmt: skip


def test_within_a_group_the_soonest_comes_first_and_among_the_offered_the_highest() -> None:
    found = groups(
        [waiting(1, 40), waiting(2, 18), waiting(3, None, total=66.0), waiting(4, None, total=91.0)], gate=65, now=NOW
    )

    assert [[row.lead for row in group.rows] for group in found] == [[2, 1], [4, 3]]


def test_a_score_below_the_gate_is_not_shown_as_having_reached_it() -> None:
    (group,) = groups([waiting(1, 18, total=64.98)], gate=65, now=NOW)

    assert group.rows[0].score == "64"


def test_a_lead_without_work_has_a_row_too() -> None:
    (group,) = groups([waiting(7, 18, title="", company="")], gate=None, now=NOW)

    assert group.rows[0].work == ""


def test_who_arrives_is_announced_with_the_time_left() -> None:
    (group,) = groups([waiting(1, 240)], gate=65, now=NOW)

    assert group.rows[0].announcement == "Ingrid Sandström is waiting for an answer, due in 4 h 00."


def test_after_a_decision_comes_the_next_one_down_else_the_one_above() -> None:
    assert [after([4, 7, 9], lead) for lead in (4, 7, 9)] == [7, 9, 7]
    assert after([4], 4) is None
