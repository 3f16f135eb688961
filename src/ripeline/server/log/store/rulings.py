"""What people decided about who is who; see `models.Ruling`."""

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple


class Ruling(NamedTuple):
    """What somebody decided: ids of different sides are one person (`same`) or are not. `seq` rises with time."""

    seq: int
    same: bool
    sides: tuple[tuple[int, ...], ...]


class RulingRow(NamedTuple):
    """Somebody's decision; see `models.Ruling`."""

    seq: int
    same: bool
    at: int
    by: str
    reason: str
    undone: int | None


_COLUMNS = ", ".join(f'"{field}"' for field in RulingRow._fields)


def keep(db: sqlite3.Connection, row: RulingRow, sides: Sequence[Sequence[int]]) -> None:
    db.execute(f"INSERT INTO ruling ({_COLUMNS}) VALUES (?,?,?,?,?,?)", row)
    db.executemany(
        "INSERT INTO ruled_id (ruling, side, identity) VALUES (?,?,?)",
        [(row.seq, side, identity) for side, ids in enumerate(sides) for identity in ids],
    )


def undo(db: sqlite3.Connection, seq: int, *, undone: int) -> None:
    db.execute("UPDATE ruling SET undone = ? WHERE seq = ?", (undone, seq))


def find(db: sqlite3.Connection, seq: int) -> RulingRow | None:
    row = db.execute(f"SELECT {_COLUMNS} FROM ruling WHERE seq = ?", (seq,)).fetchone()
    return None if row is None else RulingRow._make(row)


def standing(db: sqlite3.Connection) -> list[Ruling]:
    """All decisions that were not undone, the earliest first."""
    return _read(db, "WHERE undone IS NULL")


def every(db: sqlite3.Connection) -> list[Ruling]:
    """All decisions, undone ones too: what they were about stays a matter of theirs."""
    return _read(db, "")


def _read(db: sqlite3.Connection, where: str) -> list[Ruling]:
    sides: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    ids = db.execute(
        "SELECT ruling, side, identity FROM ruled_id JOIN identity ON identity.id = identity "
        "ORDER BY ruling, side, kind, value"  # not by number: whichever came first has the lower one
    )
    for ruling, side, identity in ids:
        sides[ruling][side].append(identity)
    rows = db.execute(f"SELECT seq, same FROM ruling {where} ORDER BY seq")
    return [Ruling(seq, bool(same), tuple(map(tuple, sides[seq].values()))) for seq, same in rows]


def ruled_ids(db: sqlite3.Connection) -> set[int]:
    """Every id that somebody decided about."""
    return {row[0] for row in db.execute("SELECT DISTINCT identity FROM ruled_id")}


def ruled_leads(db: sqlite3.Connection) -> set[int]:
    """Whose those ids are, and of anonymous ones whose they may be in part."""
    rows = db.execute(
        "SELECT lead FROM identity WHERE id IN (SELECT identity FROM ruled_id) UNION "
        "SELECT anchor.lead FROM interval JOIN identity AS anchor ON anchor.id = interval.anchor "
        "WHERE interval.identity IN (SELECT identity FROM ruled_id)"
    )
    return {row[0] for row in rows}


def newest_about(db: sqlite3.Connection, leads: Sequence[int]) -> RulingRow | None:
    """The newest decision about ids of at least two of `leads`, or of the one that they are by now."""
    marks = ",".join("?" * len(leads))
    named = ", ".join(f'ruling."{field}"' for field in RulingRow._fields)
    row = db.execute(
        f"SELECT {named} FROM ruling JOIN ruled_id ON ruled_id.ruling = ruling.seq "
        f"JOIN identity ON identity.id = ruled_id.identity WHERE identity.lead IN ({marks}) AND undone IS NULL "
        "GROUP BY ruling.seq HAVING count(DISTINCT side) > 1 ORDER BY ruling.seq DESC LIMIT 1",
        list(leads),
    ).fetchone()
    return None if row is None else RulingRow._make(row)
