import sqlite3
import sys
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.log.desk import Desk
from tests.log.test_lifecycle import ANN, qualify

from ripeline.events.reason import Reason
from ripeline.events.refusal import Refusal
from ripeline.server.log import acts, folding, queries
from ripeline.server.log import writer as module
from ripeline.server.log.carrying import Carrier
from ripeline.server.log.change import Change
from ripeline.server.log.commands import (
    Accept,
    Command,
    Ingest,
    Ingested,
    KeyMade,
    NameTaken,
    NewKey,
    NotAllowed,
    RevokeKey,
    StoreUnavailable,
    Take,
    UnknownLead,
)
from ripeline.server.log.writer import Writer


def together(desk: Desk, *commands: Command) -> list["Future[Any]"]:
    """Commands that wait while the writer is busy, so that it takes them as one group."""
    writer: Writer = desk.workspace.writer
    blocker = sqlite3.connect(desk.workspace.folder / "data/ripeline.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    first = writer.submit(Ingest(source="site"))
    while writer._waiting.qsize():
        pass
    futures = [writer.submit(command) for command in commands]
    blocker.execute("ROLLBACK")
    blocker.close()
    first.result(timeout=300)
    return futures


def test_a_message_counts_once_however_often_it_is_sent(desk: Desk) -> None:
    once = {"userId": "ann", "event": "Demo Requested", "messageId": "order-1"}
    first = desk.send(once, once)
    again = desk.send(once)
    elsewhere = desk.send(once, source="shop")

    assert (first.stored, first.duplicates) == (1, 1)
    assert (again.stored, again.duplicates) == (0, 1)
    assert elsewhere.stored == 1  # an id is one source's


def test_refused_messages_are_kept_with_reason_and_bytes(desk: Desk) -> None:
    now = desk.clock.now
    refusal = Refusal(source="site", reason=Reason.NO_ID, detail="no id", received_at=now, body=b"{}", kind="page")

    answer = desk.do(Ingest(source="site", refused=(refusal,)))

    [kept] = queries.refused()
    assert answer == Ingested(stored=0, duplicates=0, refused=1)
    assert (kept.source, kept.reason, kept.body, kept.received_at) == ("site", "no-id", b"{}", now)
    assert [(row.reason, row.count) for row in queries.refused_counts()] == [("no-id", 1)]


def test_a_command_that_fails_does_not_sink_its_neighbours(desk: Desk) -> None:
    before, after = (
        Ingest(source="site", accepted=desk.decoded({"userId": user, "event": "Any"}).accepted) for user in ("a", "b")
    )
    now = desk.clock.now

    stored, failed, key, more = together(
        desk, before, Accept(lead=404, by="bob", at=now), NewKey(kind="write", name="site", at=now), after
    )

    assert (stored.result().stored, more.result().stored) == (1, 1)
    assert isinstance(failed.exception(), UnknownLead)
    assert isinstance(key.result(), KeyMade)
    assert queries.leads().total == 2


def test_events_that_cannot_be_taken_in_do_not_sink_other_requests(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from ripeline.server.log import ingest

    poison, good = (desk.decoded({"userId": user, "event": "Any"}).accepted for user in ("poison", "good"))
    whole = ingest.placed

    def placed(log: Any, events: Any) -> Any:
        if any(event.user_id == "poison" for event in events):
            raise RuntimeError("a bug")
        return whole(log, events)

    monkeypatch.setattr(ingest, "placed", placed)

    bad, fine = together(desk, Ingest(source="site", accepted=poison), Ingest(source="site", accepted=good))

    assert isinstance(bad.exception(), RuntimeError)
    assert fine.result().stored == 1


def test_a_refused_act_forgets_nothing_of_what_is_known(desk: Desk) -> None:
    desk.publish()
    desk.send(ANN)
    known = remembered(desk)

    with pytest.raises(UnknownLead):
        desk.do(Accept(lead=404, by="bob", at=desk.clock.now))
    events = Ingest(source="site", accepted=desk.decoded({"userId": "bea", "event": "Any"}).accepted)
    refused, _ = together(desk, Accept(lead=1, by="bob", at=desk.clock.now), events)

    assert isinstance(refused.exception(), NotAllowed)
    assert remembered(desk) is known and len(known) == 3


def remembered(desk: Desk) -> dict[int, Any]:
    carrier = desk.workspace.writer._loaded
    assert carrier is not None
    return carrier._log.identities._with_id


def test_the_cursor_is_no_further_than_the_log_after_an_act_that_was_taken_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.publish()
    desk.send(ANN)
    heard: list[Change] = []
    desk.workspace.listeners.append(heard.append)
    monkeypatch.setattr(acts, "_folded", broken)  # by then the act is written

    events = Ingest(source="site", accepted=desk.decoded({"userId": "bea", "event": "Any"}).accepted)
    _, failed = together(desk, events, Take(lead=1, by="bob", at=desk.clock.now))
    desk.hire("bob")

    assert isinstance(failed.exception(), RuntimeError)
    assert [change.cursor for change in heard] == [stored(desk)]


def test_nobody_hears_of_events_that_were_taken_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Change] = []
    desk.workspace.listeners.append(heard.append)
    whole = folding.fold
    monkeypatch.setattr(folding, "fold", lambda log, touched: (whole(log, touched), broken()))

    with pytest.raises(RuntimeError):
        desk.send(ANN)
    desk.hire("bob")

    assert heard == []


def test_a_busy_store_answers_the_group_clearly_and_recovers(desk: Desk) -> None:
    other = sqlite3.connect(desk.workspace.folder / "data/ripeline.db", isolation_level=None)
    desk.workspace.writer._db.execute("PRAGMA busy_timeout=50")
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreUnavailable, match="Nothing was stored: the database says “database is locked”"):
        desk.send(ANN)
    assert desk.workspace.writer.failure is not None
    other.execute("ROLLBACK")
    other.close()

    assert desk.send(ANN).stored == 1
    assert desk.workspace.writer.failure is None


def test_a_full_disk_answers_clearly_and_recovers(desk: Desk) -> None:
    db = desk.workspace.writer._db
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count={pages}")
    long = {"userId": "ann", "event": "Essay", "properties": {"text": "x" * 200_000}}

    with pytest.raises(StoreUnavailable, match="database or disk is full"):
        desk.send(long)
    db.execute("PRAGMA max_page_count=1000000")

    assert desk.send({**long, "messageId": "m1"}).stored == 1
    assert [len(queries.history(lead.id)) for lead in queries.leads().items] == [1]


def test_listeners_hear_of_what_changed_after_it_is_on_disk(desk: Desk) -> None:
    heard: list[tuple[Change, int]] = []
    desk.workspace.listeners.append(lambda change: heard.append((change, stored(desk))))

    desk.send(ANN)
    desk.hire("bob")  # listeners have heard of a group before the next one is begun

    [(change, events)] = heard
    assert (change.cursor, len(change.leads), events) == (1, 1, 1)
    assert queries.changes_since(0) == change.__class__(cursor=1, leads=change.leads, inbox=True)


def stored(desk: Desk) -> int:
    with sqlite3.connect(desk.workspace.folder / "data/ripeline.db") as db:
        count = int(db.execute("SELECT count(*) FROM event").fetchone()[0])
    db.close()
    return count


def test_a_key_is_told_once_and_kept_as_a_hash(desk: Desk) -> None:
    made = desk.do(NewKey(kind="write", name="site", at=desk.clock.now))

    ring = desk.workspace.keys
    opening = ring.find(made.secret, "write")
    assert opening is not None and opening.name == "site"
    assert ring.find(made.secret, "api") is None and ring.find("wk_guess", "write") is None
    data = (desk.workspace.folder / "data").glob("ripeline.db*")
    assert not any(made.secret.encode() in file.read_bytes() for file in data)


def test_a_revoked_key_opens_nothing(desk: Desk) -> None:
    made = desk.do(NewKey(kind="write", name="site", at=desk.clock.now))

    desk.do(RevokeKey(id=made.id, at=desk.clock.now))

    assert desk.workspace.keys.find(made.secret, "write") is None
    assert [key.revoked_at for key in queries.keys(kind="write")] == [desk.clock.now]


def test_a_name_is_given_to_one_key_at_a_time(desk: Desk) -> None:
    made = desk.do(NewKey(kind="write", name="site", at=desk.clock.now))
    with pytest.raises(NameTaken, match="There is a key “site” already"):
        desk.do(NewKey(kind="write", name="site", at=desk.clock.now))

    desk.do(RevokeKey(id=made.id, at=desk.clock.now))

    assert isinstance(desk.do(NewKey(kind="write", name="site", at=desk.clock.now)), KeyMade)


def test_a_closed_workspace_takes_nothing(folder: Path) -> None:
    writer = Writer(folder / "data/ripeline.db", now=lambda: datetime.now(UTC))
    writer.close()

    assert isinstance(writer.submit(Ingest(source="site")).exception(), StoreUnavailable)


def test_a_fold_that_cannot_be_loaded_is_told_to_whoever_asks(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ripeline.server.log.carrying", None)
    writer = Writer(folder / "data/ripeline.db", now=lambda: datetime.now(UTC))

    asked = writer.submit(Ingest(source="site"))
    writer.close()

    assert isinstance(asked.exception(), ImportError)
    assert writer.failure == str(asked.exception())


def test_a_command_that_comes_while_the_writer_ends_is_answered(folder: Path) -> None:
    writer = Writer(folder / "data/ripeline.db", now=lambda: datetime.now(UTC))
    writer._waiting.put(None)  # as `close` does

    late = [writer.submit(Ingest(source="site")) for _ in range(20)]

    assert {type(future.exception(timeout=60)) for future in late} == {StoreUnavailable}
    writer.close()


def test_what_fails_after_the_commit_is_shown_and_ends_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(module, "openings", broken)
        patch.setattr(Carrier, "changed", broken)
        made = desk.do(NewKey(kind="write", name="site", at=desk.clock.now))
        desk.workspace.writer.warm().result(timeout=300)  # by then it has told of the commit before
    failure = desk.workspace.writer.failure

    desk.send(ANN)

    assert (failure, desk.workspace.writer.failure) == ("a bug", None)
    assert desk.workspace.keys.find(made.secret, "write") is not None


def broken(*_: object, **__: object) -> Any:
    raise RuntimeError("a bug")


def test_the_inbox_is_told_when_a_lead_qualifies(desk: Desk) -> None:
    desk.publish()
    heard: list[Change] = []
    desk.workspace.listeners.append(heard.append)

    lead = qualify(desk)
    desk.hire("bob")

    assert heard[-1].inbox and heard[-1].leads == (lead,)
