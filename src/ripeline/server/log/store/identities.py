"""Who has which id, from when on, and who turned out to be whom."""

import json
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from ripeline.server.log.store.connection import can_be_a_row


class IdentityRow(NamedTuple):
    """An id and whose it is; see `models.Identity`."""

    id: int
    kind: str
    value: str
    lead: int


class IntervalRow(NamedTuple):
    """Who an anonymous id belongs to from an instant on; see `models.Interval`."""

    from_at: int
    mark: str
    anchor: int


class HolderRow(NamedTuple):
    """An identified person who stated an e-mail address; see `models.Holder`. `lead` is whose the strong id is."""

    strong: int
    stated_at: int
    mark: str
    lead: int


def newest_lead(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT coalesce(max(id), 0) FROM lead").fetchone()[0])


def newest_identity(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT coalesce(max(id), 0) FROM identity").fetchone()[0])


def find(db: sqlite3.Connection, kind: str, value: str) -> IdentityRow | None:
    row = db.execute(
        "SELECT id, kind, value, lead FROM identity WHERE kind = ? AND value = ?", (kind, value)
    ).fetchone()
    return None if row is None else IdentityRow._make(row)


def find_all(db: sqlite3.Connection, kind: str, values: Iterable[str]) -> list[IdentityRow]:
    """The ids of one kind that are known, in one question."""
    rows = db.execute(
        "SELECT id, kind, value, lead FROM identity WHERE kind = ? AND value IN (SELECT value FROM json_each(?))",
        (kind, json.dumps(list(values))),
    )
    return list(map(IdentityRow._make, rows))


def with_id(db: sqlite3.Connection, id: int) -> IdentityRow | None:
    row = db.execute("SELECT id, kind, value, lead FROM identity WHERE id = ?", (id,)).fetchone()
    return None if row is None else IdentityRow._make(row)


def add(db: sqlite3.Connection, rows: Iterable[IdentityRow]) -> None:
    db.executemany("INSERT INTO identity VALUES (?,?,?,?)", rows)


def add_leads(db: sqlite3.Connection, rows: Iterable[tuple[int, int]]) -> None:
    """Leads of nobody known yet, as (id, created_at)."""
    db.executemany(
        "INSERT INTO lead (id, created_at, name, title, company, email, phone, sought, facts) "
        "VALUES (?,?,'','','','','','','{}')",
        rows,
    )


def give(db: sqlite3.Connection, identity: int, lead: int) -> None:
    """The id is `lead`'s from now on."""
    db.execute("UPDATE identity SET lead = ? WHERE id = ?", (lead, identity))


def give_all(db: sqlite3.Connection, lead: int, survivor: int) -> list[tuple[int, str, str]]:
    """Every id of `lead` is `survivor`'s from now on; returns them as (id, kind, value)."""
    found = db.execute("UPDATE identity SET lead = ? WHERE lead = ? RETURNING id, kind, value", (survivor, lead))
    return found.fetchall()


def of_lead(db: sqlite3.Connection, lead: int) -> list[IdentityRow]:
    """Every id of a lead, the oldest first."""
    rows = db.execute("SELECT id, kind, value, lead FROM identity WHERE lead = ? ORDER BY id", (lead,))
    return list(map(IdentityRow._make, rows))


def intervals(db: sqlite3.Connection, identity: int) -> list[IntervalRow]:
    """The intervals of an anonymous id, the earliest first."""
    rows = db.execute(
        "SELECT from_at, mark, anchor FROM interval WHERE identity = ? ORDER BY from_at, mark", (identity,)
    )
    return list(map(IntervalRow._make, rows))


def all_intervals(db: sqlite3.Connection, identities: Iterable[int]) -> dict[int, list[IntervalRow]]:
    """The intervals of several anonymous ids, of each the earliest first."""
    found: dict[int, list[IntervalRow]] = {}
    rows = db.execute(
        "SELECT identity, from_at, mark, anchor FROM interval WHERE identity IN (SELECT value FROM json_each(?)) "
        "ORDER BY identity, from_at, mark",
        (json.dumps(list(identities)),),
    )
    for identity, *interval in rows:
        found.setdefault(identity, []).append(IntervalRow(*interval))
    return found


def keep_interval(db: sqlite3.Connection, identity: int, row: IntervalRow) -> None:
    db.execute("INSERT OR IGNORE INTO interval VALUES (?,?,?,?)", (identity, *row))


def replace_intervals(db: sqlite3.Connection, identity: int, intervals: Iterable[IntervalRow]) -> None:
    """The intervals of an anonymous id are these and no others."""
    db.execute("DELETE FROM interval WHERE identity = ?", (identity,))
    db.executemany("INSERT INTO interval VALUES (?,?,?,?)", [(identity, *row) for row in intervals])


def anonymous_of(db: sqlite3.Connection, anchor: int) -> list[int]:
    """The anonymous ids on which somebody was identified by `anchor`."""
    return [row[0] for row in db.execute("SELECT DISTINCT identity FROM interval WHERE anchor = ?", (anchor,))]


def holders(db: sqlite3.Connection, email: int) -> list[HolderRow]:
    """The identified persons who stated an address, who stated it first before the others."""
    rows = db.execute(
        "SELECT strong, stated_at, mark, identity.lead FROM holder JOIN identity ON identity.id = strong "
        "WHERE email = ? ORDER BY stated_at, mark",
        (email,),
    )
    return list(map(HolderRow._make, rows))


def keep_holder(db: sqlite3.Connection, email: int, strong: int, stated_at: int, mark: str) -> None:
    """Notes a statement of the address unless an earlier one of that person is known."""
    db.execute(
        "INSERT INTO holder VALUES (?,?,?,?) ON CONFLICT (email, strong) DO UPDATE "
        "SET stated_at = excluded.stated_at, mark = excluded.mark "
        "WHERE (excluded.stated_at, excluded.mark) < (stated_at, mark)",
        (email, strong, stated_at, mark),
    )


def doubt(db: sqlite3.Connection, email: int, at: int) -> None:
    """Somebody has to decide whose an address is; once is enough."""
    db.execute("INSERT OR IGNORE INTO doubt (email, noticed_at, settled_by) VALUES (?,?,'')", (email, at))


def resolved(db: sqlite3.Connection, lead: int) -> int | None:
    """The id a lead has now, following merges; None if there never was such a lead."""
    if not can_be_a_row(lead):
        return None
    row = db.execute(
        "WITH RECURSIVE going(id, merged_into) AS (SELECT id, merged_into FROM lead WHERE id = ? "
        "UNION ALL SELECT lead.id, lead.merged_into FROM going JOIN lead ON lead.id = going.merged_into) "
        "SELECT id FROM going WHERE merged_into IS NULL",
        (lead,),
    ).fetchone()
    return None if row is None else int(row[0])


class MergeRow(NamedTuple):
    """Two leads turned out to be one; see `models.Merge`."""

    id: int
    lead: int
    survivor: int
    kept: int
    transition: int
    merged_at: int
    seq: int
    ruling: int | None
    before: bytes | None


_MERGE = ", ".join(MergeRow._fields)


def keep_merge(db: sqlite3.Connection, row: MergeRow) -> None:
    """`lead` is `survivor` from now on; the stage of `kept`, one of them, has won by the newest transition there is."""
    db.execute("UPDATE lead SET merged_into = ? WHERE id = ?", (row.survivor, row.lead))
    db.execute(
        "INSERT INTO merge (lead, survivor, kept, transition, merged_at, seq, ruling, before) "
        "VALUES (?,?,?,(SELECT coalesce(max(id), 0) FROM transition),?,?,?,?)",
        (row.lead, row.survivor, row.kept, *row[5:]),
    )


def merges_into(db: sqlite3.Connection, survivor: int) -> list[tuple[int, int, int]]:
    """Merges into a lead as (lead, kept, newest transition then), oldest first, without those that were parted."""
    return db.execute(
        "SELECT lead, kept, transition FROM merge WHERE survivor = ? AND parted IS NULL ORDER BY id", (survivor,)
    ).fetchall()


def merge_of(db: sqlite3.Connection, lead: int) -> MergeRow | None:
    """The merge by which a lead is another one now."""
    row = db.execute(f"SELECT {_MERGE} FROM merge WHERE lead = ? AND parted IS NULL", (lead,)).fetchone()
    return None if row is None else MergeRow._make(row)


def merges_with(db: sqlite3.Connection, survivor: int) -> list[MergeRow]:
    """The merges that made a lead what it is, the oldest first."""
    rows = db.execute(f"SELECT {_MERGE} FROM merge WHERE survivor = ? AND parted IS NULL ORDER BY id", (survivor,))
    return list(map(MergeRow._make, rows))


def merges_by(db: sqlite3.Connection, ruling: int) -> list[MergeRow]:
    """The merges that a decision made and nobody parted since."""
    rows = db.execute(f"SELECT {_MERGE} FROM merge WHERE ruling = ? AND parted IS NULL ORDER BY id", (ruling,))
    return list(map(MergeRow._make, rows))


def parted_last(db: sqlite3.Connection, lead: int) -> tuple[int, int] | None:
    """Whom the lead was parted from last, and by which event."""
    row: tuple[int, int] | None = db.execute(
        "SELECT survivor, parted FROM merge WHERE lead = ? AND parted IS NOT NULL ORDER BY id DESC LIMIT 1", (lead,)
    ).fetchone()
    return row


def follow(db: sqlite3.Connection, merge: MergeRow, survivor: int) -> None:
    """Whom the lead turned out to be goes by another id now, and the lead with it."""
    kept = survivor if merge.kept == merge.survivor else merge.kept
    db.execute("UPDATE merge SET survivor = ?, kept = ? WHERE id = ?", (survivor, kept, merge.id))
    db.execute("UPDATE lead SET merged_into = ? WHERE id = ?", (survivor, merge.lead))


def part(db: sqlite3.Connection, merge: MergeRow, *, seq: int) -> None:
    """The merged lead is one of its own again, by the event at `seq`."""
    db.execute("UPDATE merge SET parted = ? WHERE id = ?", (seq, merge.id))
    db.execute("UPDATE lead SET merged_into = NULL WHERE id = ?", (merge.lead,))


def chains(db: sqlite3.Connection, lead: int) -> list[int]:
    """The heads of further chains in which the lead's events are found."""
    return [row[0] for row in db.execute("SELECT head FROM chain WHERE lead = ?", (lead,))]


def link_chain(db: sqlite3.Connection, lead: int, heads: Iterable[int]) -> None:
    db.executemany("INSERT OR IGNORE INTO chain VALUES (?,?)", [(lead, head) for head in heads])
