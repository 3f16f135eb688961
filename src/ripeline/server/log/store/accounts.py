"""Companies that group calls named, and who belongs to them."""

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from ripeline.server.log.store.events import listed


class AccountRow(NamedTuple):
    """An account; see `models.Account`."""

    id: int
    key: str
    name: str
    domain: str
    sought: str
    facts: bytes


class MemberRow(NamedTuple):
    """A group call; see `models.Member`."""

    identity: int
    at: int
    mark: str
    account: int


# Under every id that is or ever was of one of the leads; whose an anonymous one was at the moment is asked elsewhere.
_OF_LEADS = """
WITH own AS (    -- their ids
  SELECT id FROM identity WHERE lead IN (SELECT value FROM json_each(?))
), theirs AS (    -- with the anonymous ids on which they were identified
  SELECT id FROM own UNION SELECT interval.identity FROM own JOIN interval ON interval.anchor = own.id
)
SELECT identity, at, mark, account FROM theirs JOIN member ON member.identity = theirs.id
"""


def exist(db: sqlite3.Connection) -> bool:
    """Whether there is any account."""
    return db.execute("SELECT 1 FROM account LIMIT 1").fetchone() is not None


def named(db: sqlite3.Connection, key: str) -> AccountRow | None:
    row = db.execute("SELECT id, key, name, domain, sought, facts FROM account WHERE key = ?", (key,)).fetchone()
    return None if row is None else AccountRow._make(row)


def newest(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT coalesce(max(id), 0) FROM account").fetchone()[0])


def keep(db: sqlite3.Connection, row: AccountRow) -> None:
    """The account as it is known now."""
    db.execute("INSERT OR REPLACE INTO account (id, key, name, domain, sought, facts) VALUES (?,?,?,?,?,?)", row)


def keep_members(db: sqlite3.Connection, rows: Iterable[MemberRow]) -> None:
    db.executemany("INSERT OR IGNORE INTO member (identity, at, mark, account) VALUES (?,?,?,?)", rows)


def calls(db: sqlite3.Connection, leads: Iterable[int]) -> list[MemberRow]:
    """Group calls under ids that are, or on anonymous ids that at some time were, of `leads`; in no order."""
    return list(map(MemberRow._make, db.execute(_OF_LEADS, (listed(leads),))))


def place(db: sqlite3.Connection, rows: Iterable[tuple[int | None, int]]) -> None:
    """Rows of (account, lead): whose member each lead is now."""
    db.executemany("UPDATE lead SET account = ? WHERE id = ? AND account IS NOT ?", [(*row, row[0]) for row in rows])
