"""What came of each source, counted once a commit and not once an event."""

import sqlite3

MINUTE = 60_000_000  # in microseconds
DAY = 86_400_000_000
KEPT_MINUTES = 2 * 24 * 60


def count(db: sqlite3.Connection, source: int, *, events: int, at: int, lag: int, seq: int) -> None:
    """`events` of a source are stored at the instant `at`; the latest took `lag` microseconds to come, and is `seq`."""
    minute = at // MINUTE
    added = db.execute(
        "INSERT INTO arrival VALUES (?,?,?) ON CONFLICT (source, minute) DO UPDATE "
        "SET events = events + excluded.events RETURNING events",
        (source, minute, events),
    ).fetchone()[0]
    if added == events:  # a new minute: the oldest go
        db.execute("DELETE FROM arrival WHERE source = ? AND minute <= ?", (source, minute - KEPT_MINUTES))
    db.execute(
        "INSERT INTO seen VALUES (?,?,?,?,?,?) ON CONFLICT (source) DO UPDATE SET events = events + excluded.events, "
        "last_at = excluded.last_at, lag = excluded.lag, seq = excluded.seq",
        (source, events, at, at, lag, seq),
    )


def refuse(db: sqlite3.Connection, source: int, *, reason: str, kept: bool, count: int, at: int) -> None:
    """`count` messages were refused at the instant `at`; where not `kept`, nothing else is left of them."""
    db.execute(
        "INSERT INTO refused_day VALUES (?,?,?,?,?) ON CONFLICT (day, source, reason, kept) DO UPDATE "
        "SET count = count + excluded.count",
        (at // DAY, source, reason, kept, count),
    )
