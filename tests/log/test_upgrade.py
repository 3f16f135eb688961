import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections
from tests.log.desk import Clock, Desk
from tests.log.test_lifecycle import ANN, qualify
from tests.log.test_publishing import settle

from ripeline.events.reason import Reason
from ripeline.events.refusal import Refusal
from ripeline.server.log import models, queries
from ripeline.server.log.commands import Accept, Ingest, NewKey, NotAllowed
from ripeline.server.log.queries import RefusedWish
from ripeline.server.mirror import Mirror
from ripeline.server.workspace import Local


def of_another_release(desk: Desk) -> None:
    """The states as a release would leave them whose fold differs: their first word names the program."""
    with sqlite3.connect(desk.workspace.folder / "data" / "ripeline.db") as db:
        db.execute("UPDATE state SET fold = CAST(zeroblob(8) || substr(fold, 9) AS BLOB) WHERE fold IS NOT NULL")
    db.close()


def test_the_migrations_make_the_tables_that_the_models_say(desk: Desk) -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def back_to(migration: str) -> None:
    """The tables as an earlier release made them."""
    connection = connections["log"]
    connection.ensure_connection()
    connection.connection.execute("PRAGMA query_only=OFF")
    call_command("migrate", "log", migration, database="log", verbosity=0)
    connection.close()


def test_what_an_earlier_release_decided_follows_into_the_lake_once_more(
    folder: Path, clock: Clock, reopened: Callable[[], AbstractContextManager[Local]]
) -> None:
    with reopened() as workspace:
        desk = Desk(workspace, clock)
        desk.publish()
        lead = qualify(desk)
    back_to("0001")

    with reopened():
        mirror = Mirror(folder / "data" / "ripeline.db", folder / "data" / "lake")
        mirror.catch_up()

    moves = mirror.lake.records("transitions").to_pylist()
    assert [(row["lead"], row["to_stage"]) for row in moves] == [(lead, "lead"), (lead, "mql")]


def test_a_workspace_of_an_earlier_release_knows_what_its_sources_sent_and_demands_nothing_of_them(
    clock: Clock, reopened: Callable[[], AbstractContextManager[Local]]
) -> None:
    with reopened() as workspace:
        desk = Desk(workspace, clock)
        desk.do(NewKey(kind="write", name="site", at=clock.now))
        desk.send(ANN, {"userId": "ann", "event": "Demo Requested"})
    back_to("0002")

    with reopened() as workspace:
        [key] = queries.keys()
        stored = Desk(workspace, clock).send({"userId": "ann", "event": "Page Viewed", "messageId": "later"})

        assert (bool(key.demand), stored.stored) == (False, 1)
        assert models.Seen.objects.get().events == 3


def test_what_an_earlier_release_refused_can_be_replayed(
    clock: Clock, reopened: Callable[[], AbstractContextManager[Local]]
) -> None:
    with reopened() as workspace:
        refusal = Refusal(source="site", reason=Reason.NO_ID, detail="Nobody", received_at=clock.now, body=b"{}")
        Desk(workspace, clock).do(Ingest(source="site", refused=[refusal]))
    back_to("0002")

    with reopened():
        [row] = queries.refused(wish=RefusedWish(settled_as=""))

    assert (row.reason, row.body, row.received_at, row.sent_at) == ("no-id", b"{}", clock.now, None)


def test_a_state_of_another_release_is_folded_again_from_the_log(desk: Desk) -> None:
    desk.publish()
    desk.send(ANN, {"userId": "ann", "event": "Demo Requested"})
    of_another_release(desk)

    desk.clock.advance(minutes=1)
    desk.send({"userId": "ann", "event": "Page Viewed"})

    assert queries.leads().items[0].total == pytest.approx(45, abs=0.01)
    assert queries.leads().items[0].stage == "lead"


def unreadable(desk: Desk) -> None:
    """The version in force as another release would have published it, which knows a setting more."""
    with sqlite3.connect(desk.workspace.folder / "data" / "ripeline.db") as db:
        db.execute("UPDATE version SET text = text || 'a_later_setting: 1\n'")
    db.close()
    carrier = desk.workspace.writer._loaded
    assert carrier is not None
    carrier._log.forget()  # as after a restart


def test_a_version_that_cannot_be_read_keeps_no_event_from_being_stored_and_no_other_from_being_published(
    desk: Desk,
) -> None:
    desk.publish()
    desk.send(ANN, {"userId": "ann", "event": "Demo Requested"})
    unreadable(desk)
    desk.clock.advance(minutes=1)
    stored = desk.send({"userId": "ann", "event": "Demo Requested"}).stored
    [meanwhile] = queries.leads().items

    desk.publish()
    settle(desk)

    [lead] = queries.leads().items
    assert (stored, lead.stage, meanwhile.stage) == (1, "mql", "lead")
    assert lead.total == pytest.approx(80, abs=0.01)


def test_what_was_stored_meanwhile_counts_for_a_release_that_can_read_the_version(desk: Desk) -> None:
    desk.publish()
    desk.send(ANN, {"userId": "ann", "event": "Demo Requested"})
    unreadable(desk)
    desk.clock.advance(minutes=1)
    desk.send({"userId": "ann", "event": "Page Viewed"})
    with sqlite3.connect(desk.workspace.folder / "data" / "ripeline.db") as db:
        db.execute("UPDATE version SET text = replace(text, 'a_later_setting: 1\n', '')")
    db.close()
    desk.workspace.writer._loaded._log.forget()  # type: ignore[union-attr] # loaded long ago

    desk.send({"userId": "ann", "event": "Page Viewed"})

    assert queries.leads().items[0].total == pytest.approx(50, abs=0.01)


def test_while_no_version_can_be_read_nothing_is_decided_and_what_is_due_waits(desk: Desk) -> None:
    desk.publish()
    desk.hire("bob")
    lead = qualify(desk)
    unreadable(desk)
    desk.clock.advance(hours=9)
    settle(desk)

    with pytest.raises(NotAllowed, match="Version 1 of the definition cannot be read by this release"):
        desk.do(Accept(lead=lead, by="bob", at=desk.clock.now))
    before = queries.clocks(lead)[0].breached_at
    desk.publish()
    settle(desk)

    assert (before, queries.clocks(lead)[0].breached_at) == (None, queries.clocks(lead)[0].due_at)


def test_leads_are_folded_again_where_the_same_facts_mean_more_than_to_an_earlier_release(
    folder: Path, clock: Clock, reopened: Callable[[], AbstractContextManager[Local]]
) -> None:
    with reopened() as workspace:
        desk = Desk(workspace, clock)
        desk.publish()
        desk.send({"type": "identify", "traits": {"email": "ann@xn--mller-kva.example"}})
    back_to("0002")
    with sqlite3.connect(folder / "data" / "ripeline.db") as db:
        db.execute("UPDATE identity SET value = 'ann@xn--mller-kva.example' WHERE kind = 'email'")
        db.execute("UPDATE state SET version = 0")
    db.close()

    with reopened() as workspace:
        desk = Desk(workspace, clock)
        settle(desk)
        [found] = queries.leads(email="Ann@Müller.example").items
        [version] = desk.workspace.writer._db.execute("SELECT version FROM state").fetchone()

    assert (found.email, version) == ("ann@xn--mller-kva.example", 1)
