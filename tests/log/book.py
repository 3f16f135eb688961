"""Logs of their own with the real writer, for tests that fill dozens of them, and where leads stand in them."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.log.desk import Clock, Desk

from ripeline.definition.load import load
from ripeline.events.instants import instant
from ripeline.scoring import live, starting, tables
from ripeline.scoring.program import compiled
from ripeline.scoring.standing import head_of
from ripeline.server.log import memory
from ripeline.server.log.commands import DoDue
from ripeline.server.log.store import agreement
from ripeline.server.log.store.standings import StateRow
from ripeline.server.log.writer import Writer
from ripeline.server.workspace import Local


@contextmanager
def book(migrated: Path, folder: Path) -> Iterator[Desk]:
    """An empty log in `folder`, its writer running until the end."""
    (folder / "data").mkdir()
    shutil.copy(migrated / "data/ripeline.db", folder / "data")
    clock = Clock()
    writer = Writer(folder / "data/ripeline.db", now=clock)
    try:
        yield Desk(Local(folder, writer), clock)
    finally:
        writer.close()


def settled(desk: Desk) -> None:
    """All that is due by now is done."""
    while desk.do(DoDue()).taken:
        pass


def live_standings(desk: Desk) -> dict[int, dict[str, Any]]:
    """Where each lead with an event stands now, as kept and aged, with the columns of `batch.score.standings`."""
    with closing(sqlite3.connect(desk.workspace.folder / "data/ripeline.db")) as db:
        version = agreement.current(db)
        assert version is not None
        columns = ", ".join(StateRow._fields)
        kept = db.execute(
            f"SELECT {columns} FROM state WHERE definition = ? AND fold IS NOT NULL", [version.definition]
        )
        rows = [row for row in map(StateRow._make, kept) if head_of(row.fold or b"")[tables.FIRST] != tables.NEVER]
    program = compiled(load(version.text))
    aged = live.aged(program, [row.fold or b"" for row in rows], at=desk.clock.now)
    keys = [group.key for group in program.definition.groups]
    return {
        row.lead: {
            "score": pytest.approx(total, abs=1e-6),
            **{key: pytest.approx(points, abs=1e-6) for key, points in zip(keys, sub_scores, strict=True)},
            "grade": program.grades.of_one(tuple(sub_scores)),
            "qualifies": qualifies,
            "qualified_at": row.qualified_at and instant(row.qualified_at),
            "cycles": row.cycle,
            "stage": row.stage,
            "excluded": bool(row.excluded),
            "crossed_at": row.crossed_at and instant(row.crossed_at),
        }
        for row, total, sub_scores, qualifies in zip(
            rows, aged.total.tolist(), aged.sub_scores.tolist(), aged.qualifies.tolist(), strict=True
        )
    }


def keep_states_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that short histories have states between them, in the log and in memory."""
    monkeypatch.setattr(starting, "SHORT", 3)
    monkeypatch.setattr(starting, "LONG", 7)
    monkeypatch.setattr(memory, "EVENTS_BETWEEN", 2)
    monkeypatch.setattr(memory, "MOST_STATES", 3)
