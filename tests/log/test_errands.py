"""What is due and fails is tried again by itself, and stops nothing else."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from tests.log.desk import Desk
from tests.log.test_lifecycle import ANN, qualify
from tests.log.test_publishing import EASIER, settle
from tests.log.test_worker import Letterbox

from ripeline.server.log import queries
from ripeline.server.log.commands import Reject
from ripeline.server.log.posting import Post
from ripeline.server.log.worker import Worker


@pytest.fixture
def trial(desk: Desk) -> Desk:
    desk.publish()
    desk.hire("bob")
    return desk


def worker_of(desk: Desk) -> Worker:
    return Worker(desk.workspace.submit, post=Post(Letterbox, sender="us@ours.example"), now=desk.clock)


def tables(desk: Desk, sql: str) -> list[tuple[Any, ...]]:
    """What `sql` finds or changes, behind the writer's back."""
    with closing(sqlite3.connect(desk.workspace.folder / "data/ripeline.db")) as db, db:
        return db.execute(sql).fetchall()


def break_due(desk: Desk) -> None:
    """A row that nobody can do anything with is the most overdue."""
    tables(desk, "INSERT INTO due (due_at, kind, key, body, attempts) VALUES (0, 'breach', 'no clock', '', 0)")


def test_a_row_that_fails_keeps_no_other_waiting(trial: Desk) -> None:
    lead = qualify(trial)
    break_due(trial)
    trial.clock.advance(hours=9)

    worker_of(trial).round()

    assert queries.clocks(lead)[0].breached_at is not None


def test_a_row_that_fails_is_tried_again_ever_more_seldom_and_counted(trial: Desk) -> None:
    break_due(trial)
    worker, pauses = worker_of(trial), []
    for _ in range(3):
        before, again_at = trial.clock.now, worker.round()
        assert again_at is not None
        pauses.append(again_at - before)
        trial.clock.now = again_at

    assert pauses == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert worker.failed == 3
    assert tables(trial, "SELECT attempts, was_due_at FROM due WHERE key = 'no clock'") == [(3, 0)]


def test_what_is_done_after_failures_carries_the_moment_it_was_due(trial: Desk) -> None:
    lead = qualify(trial)
    trial.do(Reject(lead=lead, by="bob", reason="not_now", at=trial.clock.now))
    due_at = trial.clock.now + timedelta(days=30)
    tables(trial, "UPDATE due SET due_at = due_at + 600000000, attempts = 3, was_due_at = due_at WHERE kind = 'wait'")
    trial.clock.advance(days=31)

    worker_of(trial).round()

    [(at,)] = tables(trial, "SELECT occurred_at FROM event WHERE kind = 'notice'")
    assert at == int(due_at.timestamp()) * 1_000_000


def test_a_lead_that_cannot_be_folded_keeps_no_other_at_the_old_version(trial: Desk) -> None:
    trial.send({"userId": "broken", "event": "Demo Requested"}, ANN, {"userId": "ann", "event": "Demo Requested"})
    tables(trial, "UPDATE event SET body = 'no message' WHERE seq = 1")
    trial.publish(EASIER, mode="replay")

    settle(trial)

    assert [row.stage for row in queries.leads(user_id="ann").items] == ["mql"]
    assert tables(trial, "SELECT kind, key, attempts FROM due WHERE kind = 'refold'") == [("refold", "lead 1", 1)]


def test_a_list_with_null_is_stored_and_folded_like_any_other(trial: Desk) -> None:
    trial.send({**ANN, "traits": {"email": "ann@firm.example", "tags": ["a", None], "none": [None]}})
    trial.publish(EASIER)
    settle(trial)

    record = queries.lead(queries.leads(user_id="ann").items[0].id)

    assert record is not None and (record.facts["tags"], record.facts["none"]) == (["a"], [])
    assert tables(trial, "SELECT kind FROM due WHERE attempts > 0") == []
