"""Messages that count once, the chain of events, and where they came from."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

OURS = 0  # the source of what people do in the product


class EventRow(NamedTuple):
    """A row of the log; see `models.Event`."""

    seq: int
    identity: int
    anonymous: int | None
    lead: int
    prev: int | None
    occurred_at: int
    received_at: int
    source: int
    kind: str
    name: str
    message_id: str
    body: bytes


_APPEND = "INSERT INTO event VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
_ONCE = "INSERT OR IGNORE INTO message VALUES (?,?)"
_COLUMNS = "seq, identity, anonymous, lead, prev, occurred_at, received_at, source, kind, name, message_id, body"
_ONE = f"SELECT {_COLUMNS} FROM event WHERE seq = ?"
_CHAIN = f"""
WITH RECURSIVE chain(at) AS (    -- from the newest event back to the first above $after
  SELECT $head WHERE $head > $after
  UNION ALL
  SELECT event.prev FROM chain JOIN event ON event.seq = chain.at WHERE event.prev > $after
)
SELECT {_COLUMNS} FROM chain JOIN event ON event.seq = chain.at
"""


def newest(db: sqlite3.Connection) -> int:
    """The newest sequence number; 0 before the first event."""
    return int(db.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()[0])


def append(db: sqlite3.Connection, rows: Iterable[Sequence[object]]) -> None:
    db.executemany(_APPEND, rows)


def chain(db: sqlite3.Connection, head: int, *, after: int = 0) -> Iterator[EventRow]:
    """The events of a chain with a sequence number above `after`, the newest first."""
    return map(EventRow._make, db.execute(_CHAIN, {"head": head, "after": after}))


def body(db: sqlite3.Connection, seq: int) -> bytes:
    """The whole message of an event."""
    return bytes(db.execute("SELECT body FROM event WHERE seq = ?", (seq,)).fetchone()[0])


def from_seq(db: sqlite3.Connection, after: int, limit: int) -> list[EventRow]:
    """Events above `after` in the order of arrival, at most `limit`."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM event WHERE seq > ? ORDER BY seq LIMIT ?", (after, limit))
    return list(map(EventRow._make, rows))


def groups_between(db: sqlite3.Connection, after: int, through: int) -> list[EventRow]:
    """Group calls above `after` up to `through`."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM event WHERE seq > ? AND seq <= ? AND kind = 'group'", (after, through))
    return list(map(EventRow._make, rows))


def first_copies(db: sqlite3.Connection, keys: Sequence[tuple[int, bytes]]) -> list[bool]:
    """Which of `keys` (source, sixteen bytes) count: those seen for the first time, here and ever."""
    cursor = db.cursor()
    fresh = [False] * len(keys)
    for place in sorted(
        range(len(keys)), key=keys.__getitem__
    ):  # neighbours share pages; of two copies the first counts
        fresh[place] = cursor.execute(_ONCE, keys[place]).rowcount == 1
    return fresh


def has_counted(db: sqlite3.Connection, source: int, key: bytes) -> bool:
    """Whether a message with this key came before."""
    return db.execute("SELECT 1 FROM message WHERE source = ? AND id = ?", (source, key)).fetchone() is not None


def source(db: sqlite3.Connection, name: str) -> int:
    """The row of a source, made at its first event."""
    known = db.execute("SELECT id FROM source WHERE name = ?", (name,)).fetchone()
    if known is not None:
        return int(known[0])
    return int(db.execute("INSERT INTO source (name) VALUES (?) RETURNING id", (name,)).fetchone()[0])


def source_names(db: sqlite3.Connection) -> dict[int, str]:
    return dict(db.execute("SELECT id, name FROM source"))


def places(db: sqlite3.Connection, *, since: int) -> dict[tuple[int, str], int]:
    """Where events from the place `since` on lie in the log, by source and message id."""
    found = db.execute("SELECT seq, source, message_id FROM event WHERE seq >= ?", (since,))
    return {(source, id): seq for seq, source, id in found}


def listed(values: Iterable[int | None]) -> str:
    """`values` as the one parameter of `IN (SELECT value FROM json_each(?))`."""
    return msgspec.json.encode(list(values)).decode()
