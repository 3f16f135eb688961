"""What the lake is given: committed rows in the order of the log, as it wants their columns."""

import sqlite3

_EVENTS = """
SELECT identity, occurred_at, source.name, message_id, seq, received_at, kind, event.name, body
FROM event JOIN source ON source.id = event.source
WHERE seq > ? ORDER BY seq LIMIT ?
"""


def events(db: sqlite3.Connection, after: int, limit: int) -> list[tuple[object, ...]]:
    """Events above `after`, at most `limit`, with the columns of `batch.lake.LoggedEvent`."""
    return db.execute(_EVENTS, (after, limit)).fetchall()


def newest_change(db: sqlite3.Connection) -> int:
    """The number of the newest change of what `RECORDS` reads; 0 before the first."""
    return int(db.execute("SELECT coalesce(max(change), 0) FROM changed").fetchone()[0])


# By table of the lake: what changed after one number of `models.Changed` up to another; of a row told twice the last
# counts, for a clock's number may have been another's that was dropped.
RECORDS = {
    "acts": """
        SELECT seq, lead, act, at, "by", reason, note, undone IS NOT NULL FROM act
        WHERE change > :after AND change <= :through ORDER BY change
    """,
    "transitions": """
        SELECT id, lead, definition, cycle, from_stage, to_stage, crossed_at, moved_at, version, cause, event, "by",
               reason, undoes
        FROM transition WHERE change > :after AND change <= :through ORDER BY change
    """,
    "clocks": """
        WITH told AS (    -- clocks as they are, and those that never ran after all
          SELECT change, id, lead, definition, cycle, stage, assignment, rep, started_at, due_at, stopped_at,
                 stopped_as, breached_at, 0 AS dropped
          FROM clock WHERE change > :after AND change <= :through
          UNION ALL
          SELECT change, id, lead, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1
          FROM dropped_clock WHERE change > :after AND change <= :through
        )
        SELECT id, lead, definition, cycle, stage, assignment, rep, started_at, due_at, stopped_at, stopped_as,
               breached_at, dropped
        FROM told ORDER BY change
    """,
    "outcomes": """
        SELECT seq, lead, act, at, "by", amount, currency, reason, undone IS NOT NULL FROM act
        WHERE act IN ('won', 'lost') AND change > :after AND change <= :through ORDER BY change
    """,
}


def changed(db: sqlite3.Connection, table: str, *, after: int, through: int) -> list[tuple[object, ...]]:
    """What changed in a table of the lake after one number up to another."""
    return db.execute(RECORDS[table], {"after": after, "through": through}).fetchall()
