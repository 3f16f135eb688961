"""`/v1/import`: history through the door, into the log."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.ingest.recorder import NOW, Recorder, door_before, serving
from tests.log.desk import MORNING, Desk
from tests.log.test_importing import ann, days, happened, life
from tests.log.test_publishing import settle

from ripeline.events.reason import Reason
from ripeline.server.ingest.door import Door
from ripeline.server.log import queries
from ripeline.server.log.commands import ImportHistory, NewKey, NotAllowed

from tests.log.conftest import clock, desk, folder, migrated  # isort: skip

__all__ = ["clock", "desk", "folder", "migrated"]

TOLD = {"type": "track", "event": "A", "userId": "ada"}


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def client(recorder: Recorder) -> Iterator[httpx.Client]:
    auth = httpx.BasicAuth("wk_site", "")
    with serving(door_before(recorder)) as address, httpx.Client(base_url=address, timeout=30, auth=auth) as client:
        yield client


@pytest.mark.parametrize(("sent", "hour"), [({}, 9), ({"sentAt": "2020-01-01T10:00:00Z"}, 11)])
def test_history_was_received_when_it_happened(
    client: httpx.Client, recorder: Recorder, sent: dict[str, str], hour: int
) -> None:
    client.post("/v1/import", json={"batch": [{**TOLD, "timestamp": "2020-01-01T09:00:00Z"}], **sent})

    [event] = recorder.events
    assert (event.occurred_at.hour, event.received_at) == (hour, event.occurred_at)


def test_a_bad_message_of_history_is_kept_aside_as_of_today(client: httpx.Client, recorder: Recorder) -> None:
    answer = client.post("/v1/import/", json={"batch": [TOLD, {"type": "track"}]})

    [command] = recorder.commands
    assert (answer.status_code, answer.json()["refused"]) == (200, 1)
    assert isinstance(command, ImportHistory)
    assert [(one.reason, one.received_at) for one in command.refused] == [(Reason.NO_NAME, NOW)]


def test_history_that_cannot_be_scored_is_to_be_sent_again(client: httpx.Client, recorder: Recorder) -> None:
    recorder.error = NotAllowed("unreadable-version", number=3)
    answer = client.post("/v1/import", json={"batch": [TOLD]})

    assert (answer.status_code, answer.json()["code"]) == (503, "definition-unreadable")
    assert 1 <= int(answer.headers["retry-after"]) <= 60


# --- the end of a stream ----------------------------------------------------------------------------------------------


@pytest.fixture
def trial(desk: Desk) -> Desk:
    desk.publish()
    desk.hire("bob")
    desk.clock.now = days(5)
    return desk


def come(desk: Desk, *events: Any) -> None:
    desk.do(ImportHistory(events=events, ends_when_quiet=True))


def offered(desk: Desk) -> list[int]:
    settle(desk)
    waiting = queries.waiting(now=desk.clock.now)
    assert all(one.offered and one.due_at is None and one.owner == "" for one in waiting)
    return [one.lead for one in waiting]


def test_a_stream_of_history_ends_when_it_is_quiet(trial: Desk) -> None:
    come(trial, *life(trial))
    trial.clock.advance(minutes=9)
    come(trial, happened(trial, days(3), userId="ben", event="Any"))
    trial.clock.advance(minutes=9)
    before = offered(trial)
    trial.clock.advance(minutes=1)

    assert (before, offered(trial)) == ([], [ann().id])
    assert queries.clocks(ann().id) == [] and queries.mails(ann().id) == []
    assert (ann().stage, ann().owner) == ("lead", "")


def test_the_end_is_the_last_call_also_where_it_is_noticed_late(trial: Desk) -> None:
    trial.clock.now = days(9) - timedelta(minutes=5)  # Ann's last act was at the beginning of day 2: within the week
    come(trial, *life(trial))
    trial.clock.advance(days=30)

    assert offered(trial) == [ann().id]


def test_an_import_by_file_ends_no_stream(trial: Desk) -> None:
    come(trial, *life(trial))
    trial.do(ImportHistory(events=[happened(trial, days(3), userId="ben", event="Any")], end=days(5)))

    assert offered(trial) == []


def test_history_through_the_door_is_in_the_log_with_its_moments(trial: Desk) -> None:
    made = trial.do(NewKey(kind="write", name="crm", at=MORNING))
    door = Door(submit=trial.workspace.submit, keys=trial.workspace.keys, now=trial.clock)
    told = {"type": "track", "userId": "ann", "event": "Demo Requested", "timestamp": days(1).isoformat()}
    traits = {"type": "identify", "userId": "ann", "traits": {"email": "ann@firm.example"}}
    batch = {"batch": [{**told, "messageId": "1"}, {**told, "messageId": "2"}, traits, {}]}
    with serving(door) as address:
        answers = [
            httpx.post(f"{address}/v1/import", json=batch, auth=(made.secret, ""), timeout=60).status_code
            for _ in range(2)
        ]

    moments = {(event.occurred_at, event.received_at) for event in queries.history(ann().id)}
    assert answers == [200, 200]
    assert moments == {(days(1), days(1)), (days(5), days(5))}
    assert [(one.reason, one.count) for one in queries.refused_counts()] == [("unknown-type", 2)]
