"""What was no event: kept with its bytes, settled by a person, never gone."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ripeline.server.log.store.events import listed


class RefusedRow(NamedTuple):
    """What was refused, and what became of it; see `models.Refused`. Its body is left where it is."""

    id: int
    source: int
    settled_as: str
    settled_at: int | None
    settled_by: str


class Outcome(NamedTuple):
    """What a refused row has become."""

    id: int
    stored: int
    seq: int | None
    message_id: str


class ResumptionRow(NamedTuple):
    """See `models.Resumption`."""

    id: int
    act: str
    by: str
    last: int
    reached: int
    done_at: int | None


# A new row: source, kind, reason, detail, when it was received, the body, when it was sent.
Kept = tuple[int, str | None, str, str, int, bytes, int | None]

_KEEP = """
INSERT INTO refused
  (source, kind, reason, detail, received_at, body, sent_at, settled_as, settled_by, stored, message_id)
VALUES (?, ?, ?, ?, ?, ?, ?, '', '', 0, '')
"""
_FOUND = """
SELECT id, source, settled_as, settled_at, settled_by FROM refused WHERE id IN (SELECT value FROM json_each(?))
"""
_REPLAYED = """
UPDATE refused SET settled_as = 'replayed', settled_at = ?, settled_by = ?, stored = ?, seq = ?, message_id = ?
WHERE id = ?
"""
_DISCARDED = """
UPDATE refused SET settled_as = 'discarded', settled_at = ?, settled_by = ?
WHERE settled_as = '' AND id IN (SELECT value FROM json_each(?))
"""
_SPAN = """
SELECT count(*), coalesce(max(id), 0) FROM refused
WHERE settled_as = ''
  AND (:source IS NULL OR source = :source) AND (:reason = '' OR reason = :reason)
  AND (:since IS NULL OR received_at >= :since) AND (:until IS NULL OR received_at < :until)
"""
_BEGIN = """
INSERT INTO resumption (act, by, asked_at, source, reason, since, until, last, total, reached, settled, refused)
VALUES (:act, :by, :at, :source, :reason, :since, :until, :last, :total, 0, 0, 0) RETURNING id
"""
_ADVANCE = "UPDATE resumption SET reached = ?, settled = settled + ?, refused = refused + ?, done_at = ? WHERE id = ?"


def keep(db: sqlite3.Connection, rows: Iterable[Kept]) -> None:
    """Rows that nobody has settled yet."""
    db.executemany(_KEEP, rows)


def found(db: sqlite3.Connection, ids: Iterable[int]) -> dict[int, RefusedRow]:
    """Those of `ids` that there are."""
    return {row[0]: RefusedRow._make(row) for row in db.execute(_FOUND, (listed(ids),))}


def replayed(db: sqlite3.Connection, outcomes: Sequence[Outcome], *, by: str, at: int) -> None:
    """They have become events."""
    db.executemany(_REPLAYED, [(at, by, one.stored, one.seq, one.message_id, one.id) for one in outcomes])


def discard(db: sqlite3.Connection, ids: Iterable[int], *, by: str, at: int) -> int:
    """Those of `ids` that nobody has settled are left as they are, for good; returns how many."""
    return db.execute(_DISCARDED, (at, by, listed(ids))).rowcount


def span(
    db: sqlite3.Connection, *, source: int | None, reason: str, since: int | None, until: int | None
) -> tuple[int, int]:
    """How many of these are not settled, and the newest of them."""
    asked = {"source": source, "reason": reason, "since": since, "until": until}
    count, last = db.execute(_SPAN, asked).fetchone()
    return int(count), int(last)


def begin(db: sqlite3.Connection, **resumption: object) -> int:
    """A resumption is under way; returns its id."""
    return int(db.execute(_BEGIN, resumption).fetchone()[0])


def resumption(db: sqlite3.Connection, id: int) -> ResumptionRow | None:
    row = db.execute("SELECT id, act, by, last, reached, done_at FROM resumption WHERE id = ?", (id,)).fetchone()
    return None if row is None else ResumptionRow._make(row)


def advance(db: sqlite3.Connection, id: int, *, reached: int, settled: int, refused: int, done_at: int | None) -> None:
    """A part of it is done."""
    db.execute(_ADVANCE, (reached, settled, refused, done_at, id))
