import sqlite3
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.log.desk import MORNING
from tests.log.persons import Decision, persons

from ripeline.events.event import Event
from ripeline.server.log import rulings
from ripeline.server.log.commands import Ingest, SamePerson, UndoRuling
from ripeline.server.log.ingest import ingest
from ripeline.server.log.session import Log


def by_lead(db: sqlite3.Connection, log: Log) -> set[frozenset[str]]:
    """Message ids by whose they are now, read as the log is read back."""
    leads = [row[0] for row in db.execute("SELECT DISTINCT lead FROM state")]
    found = [frozenset(event.message_id for event in log.reader.history(lead)) for lead in leads]
    return {messages for messages in found if messages}


def taken_in(log: Log, groups: Sequence[Sequence[Event]]) -> None:
    for group in groups:
        log.db.execute("BEGIN IMMEDIATE")
        log.begin(MORNING)
        ingest(log, [Ingest(source="site", accepted=group)])
        log.db.execute("COMMIT")


IDS = {"user_id": ["ann", "bob", "cyd"], "anonymous_id": ["laptop", "phone"], "email": ["a@x.example", "b@x.example"]}


@st.composite
def events(draw: st.DrawFn) -> Event:
    """An event of one of three users, on one of two browsers, that may state an address; at one of eight moments."""
    user = draw(st.sampled_from([None, None, *IDS["user_id"]]))
    anonymous = draw(st.sampled_from([None, *IDS["anonymous_id"]]))
    email = draw(st.sampled_from([None, None, *IDS["email"]]))
    external = draw(st.sampled_from([(), (), (), ("crm:1",), ("crm:2",)])) if user or anonymous or email else ()
    if user is None and anonymous is None and email is None:
        anonymous = "laptop"
    stated = draw(st.booleans())
    alias = draw(st.sampled_from([None] * 7 + IDS["user_id"])) if user else None
    at = MORNING + timedelta(minutes=draw(st.integers(0, 7)))
    return Event(
        source="site", message_id="", kind="alias" if alias else "identify" if email and stated else "track",
        name="Anything", occurred_at=at, received_at=MORNING + timedelta(hours=1), user_id=user, anonymous_id=anonymous,
        previous_id=alias, external_ids=external, facts={"email": email} if email and stated and not alias else {},
        hints={"email": email} if email and not stated else {}, body=b"{}",
    )  # fmt: skip


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    drawn = draw(st.lists(events(), min_size=1, max_size=9))
    return [message(event, number) for number, event in enumerate(drawn)]


def message(event: Event, number: int) -> Event:
    """The event with an id of its own, and with a body from which it can be read again."""
    import msgspec

    wire: dict[str, Any] = {
        "type": event.kind,
        "event": "Anything",
        "userId": event.user_id,
        "anonymousId": event.anonymous_id,
        "previousId": event.previous_id,
        "traits": event.facts,
        "context": {"traits": event.hints, "externalIds": [_external(one) for one in event.external_ids]},
    }
    return msgspec.structs.replace(event, message_id=f"m{number}", body=msgspec.json.encode(wire))


def _external(id: str) -> dict[str, str]:
    kind, _, value = id.partition(":")
    return {"type": kind, "id": value}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(history=histories(), data=st.data())
def test_the_same_events_make_the_same_persons_in_whatever_order_and_groups_they_come(
    tables: Callable[[], sqlite3.Connection], history: list[Event], data: st.DataObject
) -> None:
    arrived = data.draw(st.permutations(history))
    cut = data.draw(st.integers(0, len(arrived)))
    db = tables()
    log = Log(db, address="")

    taken_in(log, [group for group in (arrived[:cut], *([event] for event in arrived[cut:])) if group])

    assert by_lead(db, log) == persons(history)
    db.close()


NAMED = [("user", user) for user in IDS["user_id"]] + [("external", "crm:1"), ("email", "a@x.example")]
ALL = [*NAMED, ("anonymous", "laptop"), ("anonymous", "phone")]


@st.composite
def decisions(draw: st.DrawFn) -> Decision:
    """Somebody joins two ids, or keeps some apart from others."""
    if draw(st.booleans()):
        one, other = draw(st.lists(st.sampled_from(ALL), min_size=2, max_size=2, unique=True))
        return Decision(True, ((one,), (other,)))
    ids = draw(st.lists(st.sampled_from(ALL), min_size=2, max_size=4, unique=True))
    cut = draw(st.integers(1, len(ids) - 1))
    return Decision(False, (tuple(ids[:cut]), tuple(ids[cut:])))


def ruled(log: Log, decision: Decision, *, undone: bool) -> None:
    """The decision is taken, whoever has the ids; it may be taken back at once."""
    log.db.execute("BEGIN IMMEDIATE")
    log.begin(MORNING)
    sides = [[log.identities.named(*id) for id in side] for side in decision.sides]
    leads = sorted({entry.lead for side in sides for entry in side})
    log.identities.written()
    told = SamePerson(leads=tuple(leads), by="eve", at=MORNING)
    seq = rulings.decided(log, told, leads, sides, same=decision.same).seq
    if undone:
        log.next_part()
        rulings.undo(log, UndoRuling(ruling=seq, by="eve", at=MORNING))
    log.db.execute("COMMIT")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(
    history=histories(), decided=st.lists(st.tuples(decisions(), st.sampled_from([False] * 4 + [True])), max_size=4),
    data=st.data(),
)  # fmt: skip
def test_so_do_the_same_events_and_decisions_whichever_came_first(
    tables: Callable[[], sqlite3.Connection],
    history: list[Event],
    decided: list[tuple[Decision, bool]],
    data: st.DataObject,
) -> None:
    arrived = data.draw(st.permutations(history))
    places = sorted(data.draw(st.integers(0, len(arrived))) for _ in decided)
    db = tables()
    log = Log(db, address="")

    for (decision, undone), since, until in zip(
        [*decided, (None, False)], [0, *places], [*places, len(arrived)], strict=True
    ):
        taken_in(log, in_groups(data, arrived[since:until]))
        if decision is not None:
            ruled(log, decision, undone=undone)

    assert by_lead(db, log) == persons(history, [decision for decision, undone in decided if not undone])
    db.close()


def in_groups(data: st.DataObject, events: list[Event]) -> list[list[Event]]:
    """All at once, or one by one."""
    return [events] if data.draw(st.booleans()) and events else [[event] for event in events]
