"""History from files enters, goes out again, and makes the same workspace elsewhere."""

import csv
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.log.book import book, live_standings
from tests.log.desk import AGREEMENT, MORNING, Desk

from ripeline.batch.filed import RefusedRow
from ripeline.batch.history import History
from ripeline.batch.outcomes import read_outcomes
from ripeline.server.imports.running import Counts, Import, Stopped
from ripeline.server.log import queries
from ripeline.server.log.commands import Accept, CannotRestore, Outcome, Reject, Restore, Restored
from ripeline.server.log.exporting import export

MOVES = "SELECT lead, to_stage, crossed_at, moved_at, cause, reason FROM transition ORDER BY id"


def nothing(*_: object) -> None:
    pass


def filled(path: Path, *, order: list[int] | None = None) -> Path:
    """Sixty events of five people, by time or in another order."""
    names = ("Page Viewed", "Demo Requested")
    rows = [(f"e{n}", names[n % 7 == 0], MORNING + timedelta(hours=n), f"p{n % 5}") for n in range(60)]
    with path.open("w", newline="") as out:
        csv.writer(out).writerows([("id", "name", "occurred_at", "lead"), *(rows[n] for n in order or range(60))])
    return path


def taken_in(desk: Desk, path: Path, told: Callable[[Counts], None] = nothing) -> Counts:
    desk.clock.now = MORNING + timedelta(hours=60)
    work = Import(desk.workspace.submit, refused=nothing, told=told, at_once=7)
    return work.run(History(path), end=desk.clock.now)


def moves(desk: Desk) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(desk.workspace.folder / "data/ripeline.db")) as db:
        return db.execute(MOVES).fetchall()


def exported(desk: Desk, into: Path) -> Path:
    into.mkdir()
    export(desk.workspace.folder / "data/ripeline.db", into, at=desk.clock.now, told=nothing)
    return into


def test_a_file_in_any_order_makes_the_same_leads(migrated: Path, tmp_path: Path) -> None:
    shuffled = list(range(60))
    Random(3).shuffle(shuffled)
    found = []
    for number, order in enumerate((list(range(60)), shuffled)):
        (folder := tmp_path / str(number)).mkdir()
        with book(migrated, folder) as desk:
            desk.publish(AGREEMENT.replace("minimum_profile, ", ""))
            taken_in(desk, filled(folder / "events.csv", order=order))
            found.append((live_standings(desk), moves(desk)))

    assert found[0] == found[1] and any(row["qualifies"] for row in found[0][0].values())


def test_an_import_that_was_stopped_is_started_again_and_nothing_is_lost_or_doubled(desk: Desk, tmp_path: Path) -> None:
    def enough(counts: Counts) -> None:
        if counts.stored > 20:
            raise Stopped

    desk.publish()
    path = filled(tmp_path / "events.csv")
    with pytest.raises(Stopped):
        taken_in(desk, path, enough)

    counts = taken_in(desk, path)

    assert counts.stored + counts.duplicates == 60 and 0 < counts.duplicates < 60
    assert sum(len(queries.history(lead.id)) for lead in queries.leads().items) == 60


def test_a_lead_of_a_file_is_one_since_the_first_event_and_none_of_today(desk: Desk, tmp_path: Path) -> None:
    desk.publish()
    taken_in(desk, filled(tmp_path / "events.csv"))

    [first] = queries.transitions(queries.leads(user_id="p0").items[0].id)

    assert (first.to_stage, first.moved_at) == ("lead", MORNING)


def test_rows_that_cannot_be_taken_are_told_with_their_line_and_the_rest_is_stored(desk: Desk, tmp_path: Path) -> None:
    (path := tmp_path / "events.csv").write_text(
        "name,occurred_at,lead\nA,2026-03-01,ann\nB,soon,ann\nC,2026-03-02,ann\n"
    )
    refused: list[RefusedRow] = []

    counts = Import(desk.workspace.submit, refused=refused.append, told=nothing).run(History(path), end=MORNING)

    assert (counts.stored, counts.refused) == (2, 1)
    assert (refused[0].line, refused[0].row) == (3, {"name": "B", "occurred_at": "soon", "lead": "ann"})


def test_outcomes_of_a_file_move_whom_they_are_about(desk: Desk, tmp_path: Path) -> None:
    desk.publish()
    (deals := tmp_path / "deals.csv").write_text(
        "lead,outcome,occurred_at,amount\np0,won,2026-03-03,900\nnobody,lost,2026-03-03,\n"
    )
    desk.clock.now = MORNING + timedelta(days=9)
    work = Import(desk.workspace.submit, refused=nothing, told=nothing)

    counts = work.run(History(filled(tmp_path / "events.csv")), read_outcomes(deals), end=desk.clock.now)

    assert (counts.outcomes, counts.unknown) == (1, 1)
    assert queries.leads(user_id="p0").items[0].stage == "customer"


def test_an_export_makes_the_same_workspace_elsewhere(desk: Desk, migrated: Path, tmp_path: Path) -> None:
    desk.publish()
    desk.hire("bob", "cyd")
    for user in ("ann", "ben"):
        desk.send({"type": "page", "anonymousId": f"{user}-phone"})
        desk.send(
            {
                "type": "identify",
                "userId": user,
                "anonymousId": f"{user}-phone",
                "traits": {"email": f"{user}@x.example"},
            }
        )
        desk.send({"userId": user, "event": "Call Requested"})
    desk.do(Accept(lead=queries.leads(user_id="ann").items[0].id, by="bob", at=desk.clock.advance(hours=1)))
    desk.do(Reject(lead=queries.leads(user_id="ben").items[0].id, by="cyd", reason="not_now", at=desk.clock.now))
    desk.send({"userId": "ann", "event": "Demo Requested", "timestamp": (MORNING - timedelta(days=2)).isoformat()})
    out = exported(desk, tmp_path / "out")
    (folder := tmp_path / "other").mkdir()

    with book(migrated, folder) as other:
        other.clock.now = desk.clock.now
        answer = other.do(Restore(folder=str(out)))

        assert isinstance(answer, Restored) and answer.versions == 1
        assert live_standings(other) == live_standings(desk)
        assert moves(other) == moves(desk)


step = st.tuples(
    st.sampled_from(["visit", "identify", "demo", "late", "call", "won"]), st.sampled_from("abc"), st.sampled_from("xy")
)


@settings(max_examples=10)
@given(steps=st.lists(step, min_size=1, max_size=12))
def test_whatever_happened_an_export_brings_back(migrated: Path, steps: list[tuple[str, str, str]]) -> None:
    with TemporaryDirectory() as named:
        (one := Path(named) / "one").mkdir()
        (two := Path(named) / "two").mkdir()
        with book(migrated, one) as desk, book(migrated, two) as other:
            desk.publish()
            for kind, user, browser in steps:
                desk.clock.advance(minutes=7)
                happen(desk, kind, user, browser)
            other.clock.now = desk.clock.now
            other.do(Restore(folder=str(exported(desk, Path(named) / "out"))))

            assert live_standings(other) == live_standings(desk)
            assert moves(other) == moves(desk)


def happen(desk: Desk, kind: str, user: str, browser: str) -> None:
    messages: dict[str, dict[str, Any]] = {
        "visit": {"type": "page", "anonymousId": browser},
        "identify": {
            "type": "identify",
            "userId": user,
            "anonymousId": browser,
            "traits": {"email": f"{user}@x.example"},
        },
        "demo": {"userId": user, "event": "Demo Requested"},
        "late": {"userId": user, "event": "Demo Requested", "timestamp": (MORNING - timedelta(days=3)).isoformat()},
        "call": {"userId": user, "event": "Call Requested"},
    }
    found = lead_of(desk, user)
    if kind == "won" and found is not None:
        desk.do(Outcome(lead=found, outcome="won", by="bob", at=desk.clock.now, amount=9.0))
    elif kind != "won":
        desk.send(messages[kind])


def lead_of(desk: Desk, user: str) -> int | None:
    """The lead of a user, asked of this log alone: there are two."""
    with closing(sqlite3.connect(desk.workspace.folder / "data/ripeline.db")) as db:
        row = db.execute("SELECT lead FROM identity WHERE kind = 'user' AND value = ?", [user]).fetchone()
    return None if row is None else int(row[0])


def test_an_export_is_not_restored_over_what_happened(desk: Desk, tmp_path: Path) -> None:
    desk.publish()
    desk.send({"userId": "ann", "event": "Any"})

    with pytest.raises(CannotRestore, match="in which nothing has happened"):
        desk.do(Restore(folder=str(exported(desk, tmp_path / "out"))))


def test_no_key_leaves_with_an_export(desk: Desk, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    out = exported(desk, tmp_path / "out")

    assert "hash" not in pq.read_schema(out / "tables/key.parquet").names


def test_exported_events_are_history_that_counts_once(desk: Desk, tmp_path: Path) -> None:
    desk.publish()
    desk.send({"userId": "ann", "event": "Any"}, {"userId": "ann", "event": "Demo Requested"})
    out = exported(desk, tmp_path / "out")

    counts = taken_in(desk, out / "events.parquet")

    assert (counts.stored, counts.duplicates, counts.refused) == (0, 2, 0)
