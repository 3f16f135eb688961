"""Published versions and keys."""

import sqlite3
from typing import NamedTuple

import msgspec

from ripeline.events.demand import Demand
from ripeline.server.log.commands import KeyKind
from ripeline.server.log.store.connection import can_be_a_row


class VersionRow(NamedTuple):
    """A published definition; see `models.Version`."""

    number: int
    definition: int
    title: str
    fingerprint: str
    text: str
    signatures: str
    mode: str
    published_at: int


def current(db: sqlite3.Connection) -> VersionRow | None:
    row = db.execute(
        "SELECT number, definition, title, fingerprint, text, signatures, mode, published_at FROM version "
        "ORDER BY number DESC LIMIT 1"
    ).fetchone()
    return None if row is None else VersionRow._make(row)


def definition(db: sqlite3.Connection, key: str) -> int:
    """The lasting number of a definition's key."""
    db.execute("INSERT OR IGNORE INTO definition (key) VALUES (?)", (key,))
    return int(db.execute("SELECT id FROM definition WHERE key = ?", (key,)).fetchone()[0])


def definition_key(db: sqlite3.Connection, definition: int) -> str:
    """The key of a definition's lasting number."""
    return str(db.execute("SELECT key FROM definition WHERE id = ?", (definition,)).fetchone()[0])


def publish(db: sqlite3.Connection, row: VersionRow) -> None:
    db.execute("INSERT INTO version VALUES (?,?,?,?,?,?,?,?)", row)


def keys_in_force(db: sqlite3.Connection) -> list[tuple[bytes, int, KeyKind, str]]:
    """Keys nobody revoked, as (hash, id, kind, name)."""
    return db.execute("SELECT hash, id, kind, name FROM key WHERE revoked_at IS NULL").fetchall()


def add_key(db: sqlite3.Connection, *, kind: str, name: str, digest: bytes, hint: str, at: int) -> int:
    made = db.execute(
        "INSERT INTO key (kind, name, hash, hint, created_at, purposes, given, signals) "
        "VALUES (?,?,?,?,?,'[]',FALSE,FALSE) RETURNING id",
        (kind, name, digest, hint, at),
    )
    return int(made.fetchone()[0])


def revoke_key(db: sqlite3.Connection, id: int, *, at: int) -> bool:
    if not can_be_a_row(id):
        return False
    return db.execute("UPDATE key SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", (at, id)).rowcount == 1


def demands(db: sqlite3.Connection) -> dict[str, Demand]:
    """What sources demand, by name; those that demand nothing are left out."""
    rows = db.execute("SELECT name, purposes, given, signals FROM key WHERE kind = 'write' AND revoked_at IS NULL")
    found = {name: demand_of(purposes, given=given, signals=signals) for name, purposes, given, signals in rows}
    return {name: demand for name, demand in found.items() if demand}


def demand_of(purposes: str, *, given: object, signals: object) -> Demand:
    """The rule in the columns of a key."""
    return Demand(purposes=tuple(msgspec.json.decode(purposes)), given=bool(given), signals=bool(signals))


def demand(db: sqlite3.Connection, id: int, rule: Demand) -> bool:
    """The rule is the key's from now on; False where no write key in force has this id."""
    if not can_be_a_row(id):
        return False
    columns = (msgspec.json.encode(rule.purposes).decode(), rule.given, rule.signals, id)
    changed = db.execute(
        "UPDATE key SET purposes = ?, given = ?, signals = ? WHERE id = ? AND kind = 'write' AND revoked_at IS NULL",
        columns,
    )
    return changed.rowcount == 1
