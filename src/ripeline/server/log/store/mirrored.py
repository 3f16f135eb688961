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


# By table of the lake: what changed after one number of the log up to another.
RECORDS = {
    "acts": """
        SELECT seq, lead, act, at, "by", reason, note, undone IS NOT NULL FROM act
        WHERE seq > :after AND seq <= :through OR undone > :after AND undone <= :through
    """,
    "transitions": """
        SELECT id, lead, definition, cycle, from_stage, to_stage, crossed_at, moved_at, version, cause, event, "by",
               reason, undoes
        FROM transition WHERE seq > :after AND seq <= :through
    """,
    "clocks": """
        SELECT id, lead, definition, cycle, stage, assignment, rep, started_at, due_at, stopped_at, stopped_as,
               breached_at
        FROM clock WHERE seq > :after AND seq <= :through
    """,
    "outcomes": """
        SELECT seq, lead, act, at, "by", amount, currency, reason, undone IS NOT NULL FROM act
        WHERE act IN ('won', 'lost')
          AND (seq > :after AND seq <= :through OR undone > :after AND undone <= :through)
    """,
}
