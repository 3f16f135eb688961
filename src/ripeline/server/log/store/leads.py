"""What is known of leads."""

import sqlite3
from collections.abc import Iterable

from ripeline.server.log.store.events import listed


def facts(db: sqlite3.Connection, leads: Iterable[int]) -> dict[int, bytes]:
    """The stored facts of each of `leads`."""
    return dict(db.execute("SELECT id, facts FROM lead WHERE id IN (SELECT value FROM json_each(?))", (listed(leads),)))


def keep_facts(db: sqlite3.Connection, rows: Iterable[tuple[str, str, str, str, str, str, bytes, int]]) -> None:
    """Rows of (name, title, company, email, phone, what search looks through, facts, id)."""
    db.executemany(
        "UPDATE lead SET name = ?, title = ?, company = ?, email = ?, phone = ?, sought = ?, facts = ? WHERE id = ?",
        rows,
    )


def name_and_company(db: sqlite3.Connection, lead: int) -> tuple[str, str, str, str]:
    """Name, title, company and e-mail address, empty where unknown."""
    row = db.execute("SELECT name, title, company, email FROM lead WHERE id = ?", (lead,)).fetchone()
    return (row[0], row[1], row[2], row[3])
