"""What was answered with 200 survives the death of the process, counts once, and is scored and handed over.

`RIPELINE_KILLS=100` kills that often in one run, `RIPELINE_KILL_SEED` repeats the load of an earlier one.
"""

import os
import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from tests.log.book import live_standings
from tests.log.desk import Clock, Desk
from tests.log.served import Sender, served

from ripeline.batch.lake import Lake
from ripeline.scoring.reference import score
from ripeline.server import history
from ripeline.server.log import queries
from ripeline.server.log.commands import NewKey
from ripeline.server.mirror import Mirror
from ripeline.server.workspace import Local

KILLS = int(os.environ.get("RIPELINE_KILLS", "3"))
CONNECTIONS = 4
PEOPLE = 12
ROUNDS_OF_PEOPLE = 3  # after which others come, so that histories do not grow for ever
PATIENCE_SECONDS = 120

Message = dict[str, Any]
Batch = list[Message]


def messages(chance: random.Random, name: str, count: int, *, people: int = 0) -> list[Message]:
    """What one SDK has to send: who they are now and then, pages and demos, some of it late."""
    began = datetime.now(UTC) - timedelta(days=1)
    found = []
    for number in range(count):
        person = people * PEOPLE + chance.randrange(PEOPLE)
        at = began + timedelta(minutes=number % 1_000 - (chance.randrange(50) if chance.random() < 0.1 else 0))
        message: Message = {"messageId": f"{name}-{number}", "timestamp": at.isoformat(), "userId": f"p{person}"}
        if chance.random() < 0.1:
            message |= {"type": "identify", "traits": {"email": f"p{person}@firm.example"}, "anonymousId": f"a{person}"}
        else:
            message |= {"type": "track", "event": chance.choice(["Demo Requested", "Other", "Any"])}
        found.append(message)
    return found


class Load:
    """What SDKs send to servers that die: batches of five, each again where no answer came, and now and then anyway."""

    def __init__(self, key: str, chance: random.Random) -> None:
        self._key = key
        self._chance = chance
        self._unanswered: list[list[Batch]] = [[] for _ in range(CONNECTIONS)]
        self.answered: set[str] = set()
        self._rounds = 0

    def until_killed(self, folder: Path) -> None:
        """Serves `folder` and kills it when a random number of messages was answered, at whatever it is doing then."""
        count, enough = self._chance.randrange(600), Event()
        with served(folder) as server, ThreadPoolExecutor(CONNECTIONS) as pool:
            self._told(count, enough)
            under_way = [pool.submit(self._send, server.address, *each, count, enough) for each in self._todo()]
            enough.wait(PATIENCE_SECONDS)
            server.kill()
            left = _results(under_way)
        assert enough.is_set(), "the server did not answer"
        self._unanswered = left

    def to_the_end(self, folder: Path) -> None:
        """What is left unanswered is answered by a server that is told to stop, and does."""
        with served(folder) as server:
            for number, batches in enumerate(self._unanswered):
                assert self._send(server.address, number, batches, 0, Event()) == []
            assert server.stop() == 0

    def _todo(self) -> Iterator[tuple[int, list[Batch]]]:
        """What each connection sends: what was not answered before, then more than it will come to send."""
        for number, left in enumerate(self._unanswered):
            name = f"{self._rounds}-{number}"
            new = messages(self._chance, name, 2_000, people=self._rounds // ROUNDS_OF_PEOPLE)
            yield number, left + [new[start : start + 5] for start in range(0, len(new), 5)]
        self._rounds += 1

    def _send(self, address: str, number: int, batches: list[Batch], count: int, enough: Event) -> list[Batch]:
        """Returns what was begun and not answered: the first batch that got no answer, and only that."""
        sender, before = Sender(address, self._key), len(self.answered)
        try:
            for place, batch in enumerate(batches):
                for _ in range(1 + ((place + number) % 5 == 0)):
                    try:
                        status = sender.send(batch)
                    except (OSError, HTTPException):
                        return [batch]
                    assert status == 200
                    self.answered.update(str(message["messageId"]) for message in batch)
                if len(self.answered) >= before + count:
                    enough.set()
        finally:
            sender.close()
        return []

    def _told(self, count: int, enough: Event) -> None:
        if not count:
            enough.set()


def _results(under_way: "Sequence[Future[list[Batch]]]") -> list[list[Batch]]:
    return [each.result(PATIENCE_SECONDS) for each in under_way]


class Kept:
    """What must outlast every death: clocks and letters as they were written."""

    def __init__(self) -> None:
        self._clocks: set[tuple[object, ...]] = set()
        self._letters: set[tuple[object, ...]] = set()
        self._outcomes: set[tuple[object, ...]] = set()

    def check(self, db: sqlite3.Connection, outbox: Path) -> None:
        clocks = set(db.execute("SELECT id, lead, cycle, stage, rep, started_at, due_at FROM clock"))
        letters = set(db.execute("SELECT id, lead, seq, recipient, subject, body, written_at FROM outbox"))
        outcomes = set(db.execute("SELECT id, outcome, claimed_at, settled_at FROM outbox WHERE outcome <> ''"))
        assert self._clocks <= clocks
        assert self._letters <= letters
        assert self._outcomes <= outcomes
        self._clocks, self._letters, self._outcomes = clocks, letters, outcomes
        sent = {name for name, outcome in _letters(db) if outcome == "sent"}
        assert sent <= {path.name for path in outbox.glob("*.eml")}
        assert db.execute("SELECT count(*) FROM outbox WHERE attempts > 1").fetchone() == (0,)


def _letters(db: sqlite3.Connection) -> list[tuple[str, str]]:
    return db.execute("SELECT 'ripeline-' || id || '.eml', outcome FROM outbox").fetchall()


HANDED_OVER = """
SELECT lead, cycle, moved_at FROM transition WHERE to_stage = 'mql' ORDER BY 1, 2
"""
CLOCKS = "SELECT lead, cycle, started_at FROM clock WHERE stage = 'mql' ORDER BY 1, 2"
LETTERS = """
SELECT outbox.lead, cycle, moved_at FROM outbox JOIN transition
ON transition.lead = outbox.lead AND transition.to_stage = 'mql' AND transition.seq = outbox.seq ORDER BY 1, 2
"""
DUE = "SELECT key FROM due WHERE kind = 'breach' ORDER BY 1"
RUNNING = "SELECT CAST(id AS TEXT) FROM clock WHERE stopped_at IS NULL AND breached_at IS NULL ORDER BY 1"
TWICE = "SELECT message_id FROM event GROUP BY source, message_id HAVING count(*) > 1"


def check_log(db: sqlite3.Connection, answered: set[str]) -> None:
    """Every answered event is there once; whoever was handed over has a clock, its due row and a letter."""
    assert answered <= {row[0] for row in db.execute("SELECT message_id FROM event")}
    assert db.execute(TWICE).fetchall() == []
    handed_over = db.execute(HANDED_OVER).fetchall()
    assert handed_over == db.execute(CLOCKS).fetchall() == db.execute(LETTERS).fetchall()
    assert db.execute(DUE).fetchall() == db.execute(RUNNING).fetchall()
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def check_states(desk: Desk) -> None:
    """What stands in the list is what a fold of the log from its beginning makes of it, by way of the lake."""
    data = desk.workspace.folder / "data"
    mirror = Mirror(data / "ripeline.db", data / "lake")
    mirror.catch_up()
    told = history.standings(data / "ripeline.db", mirror.lake, as_of=desk.clock.now).to_pylist()

    assert {row.pop("lead"): row for row in told} == live_standings(desk)


def check_lead(lead: int) -> None:
    """What stands in the list is what the plain scorer makes of the log."""
    record, definition = queries.lead(lead), queries.definition(1)
    assert record is not None and definition is not None
    replayed = score(definition, queries.history(lead), as_of=record.scored_at)
    assert record.total == pytest.approx(replayed.total, abs=1e-6)


@pytest.mark.slow
def test_however_often_it_is_killed_every_answered_event_is_there_once_scored_and_handed_over(
    folder: Path, clock: Clock, reopened: Callable[[], AbstractContextManager[Local]]
) -> None:
    seed = int(os.environ.get("RIPELINE_KILL_SEED", random.SystemRandom().randrange(2**32)))
    print(f"RIPELINE_KILL_SEED={seed}")  # noqa: T201 - shown where the test fails
    with reopened() as opened:
        desk = Desk(opened, clock)
        desk.publish()
        desk.hire("bob", "cyd")
        load, kept = Load(desk.do(NewKey(kind="write", name="site", at=clock.now)).secret, random.Random(seed)), Kept()

    for kill in range(KILLS + 1):
        if kill < KILLS:
            load.until_killed(folder)
        else:
            load.to_the_end(folder)
        clock.now = datetime.now(UTC)
        with reopened() as opened, closing(sqlite3.connect(folder / "data/ripeline.db")) as db:
            check_log(db, load.answered)
            kept.check(db, folder / "data/outbox")
            check_states(Desk(opened, clock))
    with reopened():
        check_lead(queries.leads(user_id="p0").items[0].id)


@pytest.mark.slow
def test_a_server_that_is_told_to_stop_ends_well_and_leaves_everything_in_the_lake(
    folder: Path, clock: Clock, reopened: Callable[[], AbstractContextManager[Local]]
) -> None:
    with reopened() as opened:
        key = Desk(opened, clock).do(NewKey(kind="write", name="site", at=clock.now)).secret
    with served(folder) as server:
        sender = Sender(server.address, key)
        status = sender.send(messages(random.Random(1), "one", 20))
        sender.close()

        code = server.stop()

    assert (status, code) == (200, 0)
    assert Lake(folder / "data/lake").mirrored_to() == 20
