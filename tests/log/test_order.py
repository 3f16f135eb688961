"""The same events make the same persons with the same scores, in whatever order and groups they reach the writer."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.log.book import book, keep_states_often, live_standings
from tests.log.desk import MORNING, Desk
from tests.log.persons import persons
from tests.log.test_history import CALLS, FIRST, PEOPLE

from ripeline.definition.load import load
from ripeline.events.event import Event
from ripeline.scoring import reference
from ripeline.server.log.session import Log

TRIAL = load(FIRST)
COMPARED = ("score", "fit", "engagement", "grade", "qualifies", "qualified_at", "crossed_at", "cycles")
LATEST = 60 * 24 * 12  # minutes after which nothing of these histories happens

Message = dict[str, Any]
Ids = frozenset[tuple[str, str]]


class Told(NamedTuple):
    """The ids of each person, and by the messages of each what they score."""

    ids: set[Ids]
    scores: dict[frozenset[str], dict[str, Any]]


# A few minutes, so that things happen at one instant, or days: limits, windows and half-lives tell them apart.
WHEN = st.one_of(st.integers(0, 5), st.integers(0, LATEST - 1))
MESSAGES = st.lists(st.tuples(WHEN, PEOPLE, CALLS), min_size=1, max_size=14).map(
    lambda drawn: [
        {
            "messageId": f"{place * 7 % 16}-{place}",
            "timestamp": (MORNING + timedelta(minutes=minute)).isoformat(),
            **who,
            **call,
        }
        for place, (minute, who, call) in enumerate(drawn)
    ]
)


def told(migrated: Path, folder: Path, groups: Sequence[Sequence[Message]]) -> Told:
    """What the log makes of `groups`, each a transaction of its own, a minute apart; scores are those of one moment."""
    with book(migrated, folder) as desk:
        desk.clock.advance(minutes=LATEST)
        desk.publish(FIRST)
        for group in groups:
            desk.clock.advance(minutes=1)
            desk.send(*group)
        desk.clock.now = MORNING + timedelta(minutes=2 * LATEST)
        return read(desk)


def read(desk: Desk) -> Told:
    standings = live_standings(desk)
    with closing(sqlite3.connect(desk.workspace.folder / "data/ripeline.db")) as db:
        reader = Log(db, address="").reader
        theirs = {lead: frozenset(event.message_id for event in reader.history(lead)) for lead in standings}
        ids: dict[int, set[tuple[str, str]]] = {}
        for lead, kind, value in db.execute("SELECT lead, kind, value FROM identity WHERE kind <> 'anonymous'"):
            ids.setdefault(lead, set()).add((kind, value))
    scores = {theirs[lead]: {key: row[key] for key in COMPARED} for lead, row in standings.items()}
    return Told({frozenset(each) for each in ids.values()}, scores)


def by_the_rules(events: Sequence[Event]) -> dict[frozenset[str], dict[str, Any]]:
    """The persons there are and what they score, by what is slow and plain."""
    found = {}
    for messages in persons(events):
        history = [event for event in events if event.message_id in messages]
        score = reference.score(TRIAL, history, as_of=MORNING + timedelta(minutes=2 * LATEST))
        found[messages] = {
            "score": score.total,
            **score.sub_scores,
            "grade": score.grade,
            "qualifies": score.qualifies,
            "qualified_at": score.qualified_at,
            "crossed_at": score.cycles[-1].crossed_at,
            "cycles": len(score.cycles),
        }
    return found


def in_groups(data: st.DataObject, messages: Sequence[Message]) -> list[list[Message]]:
    """The messages in some order, some of them twice, a few together."""
    copies = data.draw(st.lists(st.sampled_from(messages), max_size=3))
    arriving = data.draw(st.permutations([*messages, *copies]))
    ends = sorted(data.draw(st.sets(st.integers(1, len(arriving)), max_size=len(arriving))) | {len(arriving)})
    return [list(arriving[start:end]) for start, end in zip([0, *ends], ends, strict=False)]


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(messages=MESSAGES, data=st.data())
def test_persons_and_their_scores_do_not_depend_on_the_order_of_arrival(
    migrated: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    messages: list[Message],
    data: st.DataObject,
) -> None:
    keep_states_often(monkeypatch)
    with book(migrated, tmp_path_factory.mktemp("book")) as desk:
        desk.clock.advance(minutes=LATEST)
        events = desk.decoded(*messages).accepted

    at_once = told(migrated, tmp_path_factory.mktemp("book"), [messages])
    shuffled = told(migrated, tmp_path_factory.mktemp("book"), in_groups(data, messages))

    assert shuffled.ids == at_once.ids
    expected = by_the_rules(events)
    assert shuffled.scores == expected
    assert at_once.scores == expected
