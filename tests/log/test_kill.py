"""What was answered with 200 survives the death of the process, counts once, and is scored and handed over."""

import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from tests.log.desk import Clock, Desk
from tests.log.served import Sender, served

from ripeline.batch.lake import Lake
from ripeline.scoring.reference import score
from ripeline.server.log import queries
from ripeline.server.log.commands import NewKey
from ripeline.server.workspace import Local

PEOPLE = 12
BEGAN = datetime(2026, 3, 2, tzinfo=UTC)


def messages(chance: random.Random, connection: int, count: int) -> list[dict[str, Any]]:
    """What one SDK has to send: who they are now and then, pages and demos, some of it late."""
    found = []
    for number in range(count):
        person = chance.randrange(PEOPLE)
        at = BEGAN + timedelta(minutes=number - (chance.randrange(50) if chance.random() < 0.1 else 0))
        message: dict[str, Any] = {"messageId": f"{connection}-{number}", "timestamp": at.isoformat()}
        message["userId"] = f"p{person}"
        if chance.random() < 0.1:
            message |= {"type": "identify", "traits": {"email": f"p{person}@firm.example"}, "anonymousId": f"a{person}"}
        else:
            message |= {"type": "track", "event": chance.choice(["Demo Requested", "Other", "Any"])}
        found.append(message)
    return found


def sent_until_death(address: str, key: str, todo: list[dict[str, Any]], answered: list[str]) -> None:
    """Sends in batches of five, and each batch again now and then, noting what was answered."""
    sender = Sender(address, key)
    for start in range(0, len(todo), 5):
        batch = todo[start : start + 5]
        try:
            for _ in range(1 + (start % 25 == 0)):
                if sender.send(batch) == 200:
                    answered.extend(str(message["messageId"]) for message in batch)
        except (OSError, HTTPException):
            break
    sender.close()


@pytest.mark.slow
def test_every_answered_event_is_there_once_and_scores_equal_a_replay(
    folder: Path, clock: Clock, reopened: Callable[[], AbstractContextManager[Local]]
) -> None:
    with reopened() as opened:
        desk = Desk(opened, clock)
        desk.publish()
        key = desk.do(NewKey(kind="write", name="site", at=clock.now)).secret
    answered: list[str] = []
    with served(folder) as server, ThreadPoolExecutor(4) as pool:
        for connection in range(4):
            todo = messages(random.Random(connection), connection, 2_000)
            pool.submit(sent_until_death, server.address, key, todo, answered)
        while len(answered) < 400 and server.process.poll() is None:
            pass
        server.kill()

    clock.now = datetime.now(UTC)
    with reopened():
        stored = Counter(event.message_id for lead in every_lead() for event in queries.history(lead))
        assert set(answered) <= set(stored)
        assert set(stored.values()) == {1}
        for lead in every_lead():
            assert_replays(lead)
    assert_mirrored(folder)


def every_lead() -> list[int]:
    return [row.id for row in queries.leads(per_page=1_000).items]


def assert_replays(lead: int) -> None:
    """What stands in the list is what the plain scorer makes of the log."""
    record = queries.lead(lead)
    assert record is not None
    replayed = score(queries.definition(1), queries.history(lead), as_of=record.scored_at)
    assert record.total == pytest.approx(replayed.total, abs=1e-6)


def assert_mirrored(folder: Path) -> None:
    """The lake takes up where it was, and holds each event of the log once."""
    from ripeline.server.mirror import Mirror

    Mirror(folder / "data/ripeline.db", folder / "data/lake").catch_up()
    lake = Lake(folder / "data/lake")
    with sqlite3.connect(folder / "data/ripeline.db") as db:
        newest, count = db.execute("SELECT max(seq), count(*) FROM event").fetchone()
    db.close()
    import pyarrow.parquet as pq

    assert lake.mirrored_to() == newest
    assert sum(pq.read_metadata(path).num_rows for path in lake.contents().files) == count


@pytest.mark.slow
def test_a_server_that_is_told_to_stop_ends_well_and_leaves_everything_in_the_lake(
    folder: Path, clock: Clock, reopened: Callable[[], AbstractContextManager[Local]]
) -> None:
    with reopened() as opened:
        key = Desk(opened, clock).do(NewKey(kind="write", name="site", at=clock.now)).secret
    with served(folder) as server:
        sender = Sender(server.address, key)
        status = sender.send(messages(random.Random(1), 1, 20))
        sender.close()

        code = server.stop()

    assert (status, code) == (200, 0)
    assert Lake(folder / "data/lake").mirrored_to() == 20
