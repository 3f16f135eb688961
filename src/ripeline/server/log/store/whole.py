"""All tables of the log, whatever a release adds to them, as they go out into an export and come back from one."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from ripeline.batch.exported import NEVER, Column, Kind

# Not exported: what Django keeps for itself, and what is computed from the rest.
LEFT_OUT = frozenset(("django_migrations", "checkpoint", "event"))  # events have a file of their own
# Exported for whoever reads it, not taken back: a key opens nothing without its hash, which stays here.
READ_ONLY = frozenset(("key",))
SECRET = frozenset((("key", "hash"), ("state", "fold")))
_JSON = frozenset((("lead", "facts"), ("account", "facts"), ("merge", "before"), ("state", "sub_scores")))
_KINDS: dict[str, Kind] = {"bool": "truth", "real": "float", "text": "text", "blob": "bytes"}

EVENT = (
    Column("seq", "number"), Column("source", "text"), Column("id", "text"), Column("type", "text"),
    Column("name", "text"), Column("occurred_at", "instant"), Column("received_at", "instant"),
    Column("lead", "number"), Column("identity", "number"), Column("anonymous", "number"), Column("prev", "number"),
    Column("message", "json"),
)  # fmt: skip


class Table(msgspec.Struct, frozen=True):
    """A table and the columns of it that are exported; `required` ones hold no NULL."""

    name: str
    columns: tuple[Column, ...]
    required: frozenset[str]


def tables(db: sqlite3.Connection) -> list[Table]:
    """The tables of the log but for `LEFT_OUT`, by name."""
    names = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    return [_table(db, name) for (name,) in names.fetchall() if name not in LEFT_OUT]


def migrations(db: sqlite3.Connection) -> list[str]:
    """What made the tables as they are."""
    return [name for (name,) in db.execute("SELECT name FROM django_migrations WHERE app = 'log' ORDER BY name")]


def rows(db: sqlite3.Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    return db.execute(f"SELECT {_named(table.columns)} FROM {table.name}")


def events(db: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
    """With the columns of `EVENT`, in the order of the log."""
    return db.execute(
        "SELECT seq, source.name, message_id, kind, event.name, occurred_at, received_at, lead, identity, anonymous, "
        "prev, body FROM event JOIN source ON source.id = event.source ORDER BY seq"
    )


def outcomes(db: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
    """Deals that stand as (lead, outcome, occurred_at, amount, currency, reason, by), people by a user id of theirs."""
    return db.execute(
        "SELECT coalesce((SELECT min(value) FROM identity WHERE identity.lead = act.lead AND kind = 'user'), "
        "act.lead), "
        'act, at, amount, currency, reason, "by" FROM act '
        "WHERE act IN ('won', 'lost') AND undone IS NULL ORDER BY at, seq"
    )


def texts(db: sqlite3.Connection) -> list[tuple[int, str]]:
    """Every version's number and text."""
    return db.execute("SELECT number, text FROM version ORDER BY number").fetchall()


# --- and back --------------------------------------------------------------------------------------------------------


def is_fresh(db: sqlite3.Connection) -> bool:
    """Whether nothing has happened yet."""
    found = db.execute("SELECT EXISTS (SELECT 1 FROM event) OR EXISTS (SELECT 1 FROM lead)").fetchone()[0]
    return not found


def fingerprints(db: sqlite3.Connection) -> list[str]:
    return [row[0] for row in db.execute("SELECT fingerprint FROM version ORDER BY number")]


def forget_agreement(db: sqlite3.Connection) -> None:
    """Definition and versions will come as they were elsewhere."""
    db.execute("DELETE FROM version")
    db.execute("DELETE FROM definition")


def put_back(db: sqlite3.Connection, table: Table, part: Iterable[Sequence[Any]]) -> None:
    """Rows as `rows` gave them, in place of those with the same key."""
    instants = [
        place for place, column in enumerate(table.columns)
        if column.kind == "instant" and column.name in table.required
    ]  # fmt: skip
    told = part if not instants else (_dated(row, instants) for row in part)
    places = ", ".join("?" * len(table.columns))
    db.executemany(f"INSERT OR REPLACE INTO {table.name} ({_named(table.columns)}) VALUES ({places})", told)


def put_back_states(db: sqlite3.Connection, *, blank: bytes) -> None:
    """The present cycle of each lead is to be folded: `blank` stands for a state of no release's."""
    db.execute(
        "UPDATE state SET fold = ? WHERE id IN (SELECT id FROM (SELECT id, max(cycle) FROM state "
        "GROUP BY lead, definition, model))",
        (blank,),
    )


def put_back_events(db: sqlite3.Connection, part: Iterable[Sequence[Any]]) -> int:
    """Events as `events` gave them; their sources are there. How many they were."""
    sources = dict(db.execute("SELECT name, id FROM source"))
    told = [
        (seq, identity, anonymous, lead, prev, occurred_at, received_at, sources[source], kind, name, id, body)
        for seq, source, id, kind, name, occurred_at, received_at, lead, identity, anonymous, prev, body in part
    ]
    db.executemany("INSERT INTO event VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", told)
    return len(told)


def drop_unsent(db: sqlite3.Connection) -> None:
    """Messages that had not left where they were written are sent there, not here too."""
    db.execute("DELETE FROM outbox WHERE settled_at IS NULL")


def _table(db: sqlite3.Connection, name: str) -> Table:
    told = db.execute(f"PRAGMA table_info({name})").fetchall()
    columns = [
        Column(column, _kind(name, column, declared))
        for _, column, declared, *_ in told
        if (name, column) not in SECRET
    ]
    required = frozenset(column for _, column, _, is_required, *_ in told if is_required)
    return Table(name, tuple(columns), required)


def _kind(table: str, column: str, declared: str) -> Kind:
    if (table, column) in _JSON:
        return "json"
    if column == "at" or column.endswith("_at"):
        return "instant"
    return _KINDS.get(declared.lower(), "number")


def _dated(row: Sequence[Any], instants: Sequence[int]) -> tuple[Any, ...]:
    return tuple(NEVER if value is None and place in instants else value for place, value in enumerate(row))


def _named(columns: Sequence[Column]) -> str:
    return ", ".join(f'"{column.name}"' for column in columns)
