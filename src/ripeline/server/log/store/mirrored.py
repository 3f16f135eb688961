"""What the lake is given: committed rows in the order of the log, as it wants their columns."""

import sqlite3
from typing import NamedTuple

_EVENTS = """
SELECT identity, occurred_at, source.name, message_id, seq, received_at, kind, event.name, body
FROM event JOIN source ON source.id = event.source
WHERE seq > ? ORDER BY seq LIMIT ?
"""


def events(db: sqlite3.Connection, after: int, limit: int) -> list[tuple[object, ...]]:
    """Events above `after`, at most `limit`, with the columns of `batch.lake.LoggedEvent`."""
    return db.execute(_EVENTS, (after, limit)).fetchall()


_NEWEST_EVENT = "SELECT coalesce(max(seq), 0) FROM event"


class Changes(NamedTuple):
    """By what number a table of the lake goes on: the newest there is, and what changed after one up to another."""

    newest: str
    rows: str


# A publish moves leads and starts clocks without an event: transitions go by their own numbers, and of clocks those
# are given again that changed at the last number, for some may have done so since.
RECORDS = {
    "acts": Changes(
        _NEWEST_EVENT,
        """
        SELECT seq, lead, act, at, "by", reason, note, undone IS NOT NULL FROM act
        WHERE seq > :after AND seq <= :through OR undone > :after AND undone <= :through
        """,
    ),
    "transitions": Changes(
        "SELECT coalesce(max(id), 0) FROM transition",
        """
        SELECT id, lead, definition, cycle, from_stage, to_stage, crossed_at, moved_at, version, cause, event, "by",
               reason, undoes
        FROM transition WHERE id > :after AND id <= :through
        """,
    ),
    "clocks": Changes(
        _NEWEST_EVENT,
        """
        SELECT id, lead, definition, cycle, stage, assignment, rep, started_at, due_at, stopped_at, stopped_as,
               breached_at
        FROM clock WHERE seq >= :after AND seq <= :through
        """,
    ),
    "outcomes": Changes(
        _NEWEST_EVENT,
        """
        SELECT seq, lead, act, at, "by", amount, currency, reason, undone IS NOT NULL FROM act
        WHERE act IN ('won', 'lost')
          AND (seq > :after AND seq <= :through OR undone > :after AND undone <= :through)
        """,
    ),
}


def newest(db: sqlite3.Connection) -> dict[str, int]:
    """The number up to which each table of the lake can go on now."""
    return {table: int(db.execute(changes.newest).fetchone()[0]) for table, changes in RECORDS.items()}


def changed(db: sqlite3.Connection, table: str, *, after: int, through: int) -> list[tuple[object, ...]]:
    """What changed in a table of the lake after one of its numbers up to another."""
    return db.execute(RECORDS[table].rows, {"after": after, "through": through}).fetchall()
