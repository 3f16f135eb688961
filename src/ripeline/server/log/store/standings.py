"""Where leads stand: the row every event of a lead rewrites, its checkpoints, and the events it was folded from."""

import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ripeline.server.log.store import events as log
from ripeline.server.log.store import identities
from ripeline.server.log.store.events import EventRow, listed

NEVER = -(2**63)


class StateRow(NamedTuple):
    """A lead under a definition and cycle, without its points; see `models.State`. What every event changes is last."""

    id: int
    lead: int
    definition: int
    cycle: int
    version: int
    stage: str
    owner: str
    reachable: bool
    excluded: bool
    qualifies: bool
    crossed_at: int | None
    qualified_at: int | None
    newest_at: int
    head: int | None
    fold: bytes | None


# A lead's points, for whoever looks, in the order of `_POINTS`: written with every event, never read by the writer.
ScoreRow = tuple[float, bytes, str, int]
_POINTS = ("total", "sub_scores", "grade", "scored_at")

SELDOM = StateRow._fields.index("newest_at")  # columns before this one change once in many events

_COLUMNS = ", ".join(StateRow._fields)
_PRESENT = f"""
SELECT {_COLUMNS} FROM state
WHERE lead IN (SELECT value FROM json_each(?)) AND definition = ? AND model = 0
ORDER BY lead, cycle
"""
_LATEST = f"""
SELECT {_COLUMNS} FROM state
WHERE lead IN (SELECT value FROM json_each(?)) AND model = 0
ORDER BY lead, definition, cycle
"""
_EVERY = (*StateRow._fields, *_POINTS)
_ADD = f"INSERT INTO state ({', '.join(_EVERY)}, model) VALUES ({', '.join('?' * len(_EVERY))}, 0)"
_OFTEN = (*StateRow._fields[SELDOM:], *_POINTS)
_KEEP = f"UPDATE state SET {', '.join(f'{field} = ?' for field in _OFTEN)} WHERE id = ?"
_CHANGE = f"UPDATE state SET {', '.join(f'{field} = ?' for field in StateRow._fields[1:SELDOM])} WHERE id = ?"


def present(db: sqlite3.Connection, leads: Iterable[int], definition: int) -> dict[int, StateRow]:
    """The present cycle's row of each of `leads` that has one."""
    rows = map(StateRow._make, db.execute(_PRESENT, (listed(leads), definition)))
    return {row.lead: row for row in rows}  # later cycles overwrite earlier ones


def latest(db: sqlite3.Connection, leads: Iterable[int]) -> dict[int, StateRow]:
    """The newest row of each of `leads` that has one, under whichever definition, or from before there was one."""
    rows = map(StateRow._make, db.execute(_LATEST, (listed(leads),)))
    return {row.lead: row for row in rows}


def add(db: sqlite3.Connection, rows: Iterable[tuple[StateRow, ScoreRow]]) -> None:
    """New rows, with the ids the caller gave them."""
    db.executemany(_ADD, [(*row, *score) for row, score in rows])


def keep(db: sqlite3.Connection, rows: Iterable[tuple[StateRow, ScoreRow]]) -> None:
    """What every event changes: the columns from `SELDOM` on, and the points. No index is touched."""
    db.executemany(_KEEP, [(*row[SELDOM:], *score, row[0]) for row, score in rows])


def change(db: sqlite3.Connection, rows: Iterable[StateRow]) -> None:
    """The other columns."""
    db.executemany(_CHANGE, [(*row[1:SELDOM], row[0]) for row in rows])


def keep_head(db: sqlite3.Connection, lead: int, head: int) -> None:
    """The lead's chain has grown by something the fold does not read."""
    db.execute("UPDATE state SET head = ? WHERE lead = ?", (head, lead))


def keep_newest_at(db: sqlite3.Connection, lead: int, at: int) -> None:
    """The lead has events up to `at`, whoever's they were before."""
    db.execute("UPDATE state SET newest_at = ? WHERE lead = ? AND newest_at < ?", (at, lead, at))


def open_after(db: sqlite3.Connection, lead: int, limit: int, *, version: int, stages: Iterable[str]) -> list[StateRow]:
    """The next leads in one of `stages`, folded under `version`, in order of their ids."""
    places = ", ".join(f"'{stage}'" for stage in stages)
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM state WHERE lead > ? AND version = ? AND stage IN ({places}) AND fold IS NOT NULL "
        "ORDER BY lead LIMIT ?",
        (lead, version, limit),
    )
    return list(map(StateRow._make, rows))


def qualifying(
    db: sqlite3.Connection, leads: Iterable[int | None], definition: int, *, since: int, stages: Iterable[str]
) -> list[StateRow]:
    """Those of `leads` in one of `stages` that qualify and did something from `since` on."""
    places = ", ".join(f"'{stage}'" for stage in stages)
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM state WHERE lead IN (SELECT value FROM json_each(?)) AND definition = ? "
        f"AND qualifies AND newest_at >= ? AND stage IN ({places}) AND fold IS NOT NULL ORDER BY lead",
        (listed(leads), definition, since),
    )
    return list(map(StateRow._make, rows))


def keep_scores(db: sqlite3.Connection, rows: Iterable[tuple[float, bytes, str, bool, int, int]]) -> None:
    """Rows of (total, sub_scores, grade, qualifies, scored_at, id)."""
    db.executemany(
        "UPDATE state SET total = ?, sub_scores = ?, grade = ?, qualifies = ?, scored_at = ? WHERE id = ?", rows
    )


def newest(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT coalesce(max(id), 0) FROM state").fetchone()[0])


def count(db: sqlite3.Connection) -> int:
    """How many leads have anything in the log."""
    return int(db.execute("SELECT count(DISTINCT lead) FROM state").fetchone()[0])


def leads_after(db: sqlite3.Connection, lead: int, limit: int) -> list[int]:
    """The next leads in order of their ids."""
    rows = db.execute("SELECT DISTINCT lead FROM state WHERE lead > ? ORDER BY lead LIMIT ?", (lead, limit))
    return [row[0] for row in rows]


def close_cycle(db: sqlite3.Connection, id: int) -> None:
    """The row is of a past cycle from now on: it keeps its stage and crossing, and is folded no more."""
    db.execute("UPDATE state SET fold = NULL WHERE id = ?", (id,))
    db.execute("DELETE FROM checkpoint WHERE state = ?", (id,))


def drop(db: sqlite3.Connection, lead: int) -> None:
    """The lead was absorbed: what was folded of it alone goes, its events stay."""
    db.execute("DELETE FROM checkpoint WHERE state IN (SELECT id FROM state WHERE lead = ?)", (lead,))
    db.execute("DELETE FROM state WHERE lead = ?", (lead,))


def drop_cycles(db: sqlite3.Connection, lead: int, definition: int, *, down_to: int) -> None:
    """The cycles from `down_to` on are written anew: what began them was taken back."""
    of_those = "lead = ? AND definition = ? AND cycle >= ?"
    db.execute(
        f"DELETE FROM checkpoint WHERE state IN (SELECT id FROM state WHERE {of_those})", (lead, definition, down_to)
    )
    db.execute(f"DELETE FROM state WHERE {of_those}", (lead, definition, down_to))


def hand_to(db: sqlite3.Connection, lead: int, survivor: int) -> None:
    """Where `lead` stands, `survivor` stands from now on."""
    drop(db, survivor)
    db.execute("UPDATE state SET lead = ? WHERE lead = ?", (survivor, lead))


def newest_at(db: sqlite3.Connection, lead: int) -> int:
    """When the lead's newest event happened; `NEVER` if it has none."""
    found = db.execute("SELECT max(newest_at) FROM state WHERE lead = ?", (lead,)).fetchone()[0]
    return NEVER if found is None else int(found)


def head(db: sqlite3.Connection, lead: int) -> int | None:
    """The newest event of the lead's own chain."""
    found = db.execute("SELECT max(head) FROM state WHERE lead = ?", (lead,)).fetchone()[0]
    return None if found is None else int(found)


def heads(db: sqlite3.Connection, lead: int) -> list[int]:
    """The newest events of all chains on which the lead's events are found."""
    own = head(db, lead)
    return ([] if own is None else [own]) + identities.chains(db, lead)


def events(db: sqlite3.Connection, lead: int) -> Iterator[EventRow]:
    """Every event on the lead's chains, once, in no order; some may be another lead's by now."""
    seen: set[int] = set()
    for start in heads(db, lead):
        for row in log.chain(db, start):
            if row.seq in seen:
                break  # from here on it is a chain that was read before
            seen.add(row.seq)
            yield row


def checkpoints(db: sqlite3.Connection, lead: int, definition: int) -> bytes | None:
    """The packed checkpoints of the present cycle of a lead, if it has some."""
    found = db.execute(
        "SELECT folds FROM checkpoint WHERE state = "
        "(SELECT id FROM state WHERE lead = ? AND definition = ? AND model = 0 ORDER BY cycle DESC LIMIT 1)",
        (lead, definition),
    ).fetchone()
    return None if found is None else bytes(found[0])


def keep_checkpoints(db: sqlite3.Connection, rows: Iterable[tuple[int, bytes]]) -> None:
    """Rows of (state, packed checkpoints)."""
    db.executemany("INSERT OR REPLACE INTO checkpoint (state, folds) VALUES (?,?)", rows)
