"""Messages that wait, are claimed, and what became of them."""

import sqlite3
from typing import NamedTuple


class MailRow(NamedTuple):
    """A message to be sent; see `models.Outbox`."""

    id: int
    lead: int
    recipient: str
    subject: str
    body: str
    attempts: int


def write(
    db: sqlite3.Connection, *, lead: int, seq: int, recipient: str, subject: str, body: str, at: int, due_at: int
) -> None:
    db.execute(
        "INSERT INTO outbox (lead, seq, recipient, subject, body, written_at, due_at, attempts, outcome, detail) "
        "VALUES (?,?,?,?,?,?,?,0,'','')",
        (lead, seq, recipient, subject, body, at, due_at),
    )


def claim(db: sqlite3.Connection, *, now: int) -> MailRow | None:
    """Takes the first that is due, so that nobody else sends it: sent only once this is committed."""
    rows = db.execute(
        "UPDATE outbox SET claimed_at = ?, attempts = attempts + 1 WHERE id = (SELECT id FROM outbox "
        "WHERE outcome = '' AND claimed_at IS NULL AND due_at <= ? ORDER BY due_at, id LIMIT 1) "
        "RETURNING id, lead, recipient, subject, body, attempts",
        (now, now),
    ).fetchall()
    return MailRow._make(rows[0]) if rows else None


def settle(db: sqlite3.Connection, id: int, *, outcome: str, detail: str, at: int) -> None:
    db.execute("UPDATE outbox SET outcome = ?, detail = ?, settled_at = ? WHERE id = ?", (outcome, detail, at, id))


def try_again(db: sqlite3.Connection, id: int, *, due_at: int, detail: str) -> None:
    """It certainly did not leave: another attempt is allowed."""
    db.execute("UPDATE outbox SET claimed_at = NULL, due_at = ?, detail = ? WHERE id = ?", (due_at, detail, id))


def withdraw(db: sqlite3.Connection, seq: int) -> None:
    """What an act wrote goes with it, unless it was claimed already."""
    db.execute("DELETE FROM outbox WHERE seq = ? AND claimed_at IS NULL", (seq,))


def forsake(db: sqlite3.Connection, *, at: int, detail: str) -> int:
    """Messages claimed by a process that died: nobody knows whether they left, so they are shown and not sent again."""
    changed = db.execute(
        "UPDATE outbox SET outcome = 'unknown', detail = ?, settled_at = ? "
        "WHERE outcome = '' AND claimed_at IS NOT NULL",
        (detail, at),
    )
    return changed.rowcount
