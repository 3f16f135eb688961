"""Group calls become accounts with members, in whatever order they come."""

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.log.desk import MORNING, Clock, Desk
from tests.log.persons import persons
from tests.log.test_identity import taken_in
from tests.log.test_publishing import settle
from tests.log.test_upgrade import back_to

from ripeline.events.decode import decode
from ripeline.events.event import Event
from ripeline.server.log import profile
from ripeline.server.log.session import Log
from ripeline.server.workspace import Local


def grouped(user: str | None, group: str, **more: Any) -> dict[str, Any]:
    """Somebody's call that names a company; further arguments are the company's traits."""
    who = {"userId": user} if user else {"anonymousId": "laptop"}
    return {"type": "group", "groupId": group, "traits": more, **who}


def accounts(db: sqlite3.Connection) -> dict[str, dict[str, Any]]:
    """What is known of each account, by the id its calls gave it."""
    found = db.execute("SELECT key, facts FROM account").fetchall()
    return {key: profile.values(profile.read(facts)) for key, facts in found}


def members(db: sqlite3.Connection, log: Log) -> dict[frozenset[str], str]:
    """The account of each person, who is told by the ids of their messages."""
    rows = db.execute(
        "SELECT lead.id, account.key FROM lead JOIN account ON account.id = lead.account WHERE merged_into IS NULL"
    ).fetchall()
    return {frozenset(event.message_id for event in log.reader.history(lead)): key for lead, key in rows}


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Calls of two users on two browsers: some say who they are, some name one of two companies."""
    found = []
    for number in range(draw(st.integers(1, 8))):
        user, browser = draw(st.sampled_from([None, "ann", "bob"])), draw(st.sampled_from([None, "laptop", "phone"]))
        kind = draw(st.sampled_from(["identify", "group", "group"]))
        told: dict[str, Any] = {"type": kind, "messageId": f"m{number}", "traits": {"plan": draw(st.integers(1, 3))}}
        told |= {"userId": user} if user else {}
        told |= {"anonymousId": browser or "laptop"} if browser or not user else {}
        told |= {"groupId": draw(st.sampled_from(["acme", "bolt"]))} if kind == "group" else {}
        told["timestamp"] = (MORNING + timedelta(minutes=draw(st.integers(0, 5)))).isoformat()
        event = decode(msgspec.json.encode(told), source="site", received_at=MORNING + timedelta(hours=1))
        assert isinstance(event, Event)
        found.append(event)
    return found


def latest(events: list[Event]) -> Event:
    return max(events, key=lambda event: (event.occurred_at, event.source, event.message_id))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(history=histories(), data=st.data())
def test_the_same_calls_make_the_same_accounts_and_members_in_whatever_order_they_come(
    tables: Callable[[], sqlite3.Connection], history: list[Event], data: st.DataObject
) -> None:
    arrived = data.draw(st.permutations(history))
    cut = data.draw(st.integers(0, len(arrived)))
    db = tables()
    log = Log(db, address="")

    taken_in(log, [group for group in (arrived[:cut], *([event] for event in arrived[cut:])) if group])

    calls = {event.message_id: event for event in history if event.kind == "group"}
    own = {person: [calls[id] for id in person if id in calls] for person in persons(history)}
    plans = {key: latest([call for call in calls.values() if call.group_id == key]).facts["company.plan"]
             for key in {call.group_id for call in calls.values()}}  # fmt: skip
    assert members(db, log) == {person: latest(told).group_id for person, told in own.items() if told}
    assert {key: known["plan"] for key, known in accounts(db).items()} == plans
    db.close()


def account_of(desk: Desk, user: str) -> str | None:
    found = desk.workspace.writer._db.execute(
        "SELECT account.key FROM identity JOIN lead ON lead.id = identity.lead "
        "LEFT JOIN account ON account.id = lead.account WHERE identity.kind = 'user' AND identity.value = ?",
        (user,),
    ).fetchone()
    return None if found is None else found[0]


def test_a_visitors_call_counts_for_whoever_they_become(desk: Desk) -> None:
    desk.send(grouped(None, "acme"))
    desk.clock.advance(minutes=1)

    desk.send({"type": "identify", "userId": "ann", "anonymousId": "laptop"})

    assert account_of(desk, "ann") == "acme"


def test_who_changes_company_belongs_to_the_last_one_also_if_the_first_is_told_late(desk: Desk) -> None:
    desk.send(grouped("ann", "bolt"))

    desk.send({**grouped("ann", "acme"), "timestamp": (desk.clock.now - timedelta(days=3)).isoformat()})

    assert account_of(desk, "ann") == "bolt"


def test_a_merge_keeps_the_membership_of_either(desk: Desk) -> None:
    desk.send({"type": "identify", "userId": "ann"}, grouped("annie", "acme"))

    desk.send({"type": "alias", "userId": "ann", "previousId": "annie"})

    assert account_of(desk, "ann") == account_of(desk, "annie") == "acme"


def test_a_call_that_comes_twice_is_one(desk: Desk) -> None:
    call = {**grouped("ann", "acme", employees=7), "messageId": "once"}
    desk.send(call)
    desk.send(call)

    assert desk.workspace.writer._db.execute("SELECT count(*) FROM member").fetchone() == (1,)


def test_group_calls_of_an_earlier_release_are_taken_in_after_the_upgrade(
    folder: Path, clock: Clock, reopened: Callable[[], AbstractContextManager[Local]]
) -> None:
    with reopened() as workspace:
        Desk(workspace, clock).send(grouped("ann", "acme", name="Acme"), {"userId": "bob", "event": "Demo Requested"})
    back_to("0003")

    with reopened() as workspace:
        desk = Desk(workspace, clock)
        settle(desk)
        known = accounts(desk.workspace.writer._db)

        assert (account_of(desk, "ann"), known["acme"]["name"]) == ("acme", "Acme")
