"""What a move causes and what people do: transitions, acts, clocks, assignments, offers, due rows and mails."""

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from ripeline.server.log.store import identities
from ripeline.server.log.store.events import listed


class TransitionRow(NamedTuple):
    """A recorded move; see `models.Transition`."""

    id: int  # `NEW` before it is written
    lead: int
    definition: int
    cycle: int
    from_stage: str
    to_stage: str
    crossed_at: int
    moved_at: int
    version: int
    cause: str
    event: str
    by: str
    reason: str
    undoes: int | None
    seq: int


class ActRow(NamedTuple):
    """What a person did; see `models.Act`."""

    seq: int
    lead: int
    act: str
    at: int
    by: str
    reason: str
    note: str
    amount: float | None
    currency: str
    undone: int | None


class ClockRow(NamedTuple):
    """Time for an answer; see `models.Clock`."""

    id: int  # `NEW` before it is written
    lead: int
    definition: int
    cycle: int
    stage: str
    assignment: int
    rep: str
    started_at: int
    due_at: int
    stopped_at: int | None
    stopped_as: str
    breached_at: int | None
    seq: int


class OfferRow(NamedTuple):
    """A lead that waits to be taken; see `models.Offer`."""

    lead: int
    definition: int
    cycle: int
    crossed_at: int
    offered_at: int
    event: str


class DueRow(NamedTuple):
    """What must be done, and the moment it was due, however often it failed since; see `models.Due`."""

    id: int
    due_at: int
    kind: str
    key: str
    body: str
    attempts: int


class RepRow(NamedTuple):
    """A person leads are given to; see `models.Rep`."""

    key: str
    name: str
    email: str
    takes_leads: bool


NEW = 0  # the id of a row that has none yet


def _columns(fields: Iterable[str]) -> str:
    return ", ".join(f'"{field}"' for field in fields)


def _insert(table: str, fields: Iterable[str]) -> str:
    named = [field for field in fields if field != "id"]
    return f"INSERT INTO {table} ({_columns(named)}) VALUES ({', '.join('?' * len(named))})"


def _added(db: sqlite3.Connection, table: str, row: TransitionRow | ClockRow) -> int:
    """Writes a new row and returns its number."""
    told = (*row[1:], _next_change(db))
    return int(db.execute(_insert(table, (*row._fields, "change")) + " RETURNING id", told).fetchone()[0])


def _next_change(db: sqlite3.Connection) -> int:
    """A number for a row that is written or changed; it rises for good, so that the mirror misses no change."""
    found = db.execute(
        "INSERT INTO changed (id, change) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET change = change + 1 "
        "RETURNING change"
    )
    return int(found.fetchone()[0])


# --- transitions and acts --------------------------------------------------------------------------------------------


def record(db: sqlite3.Connection, row: TransitionRow) -> int:
    """Writes a move and returns its number."""
    return _added(db, "transition", row)


def newest_transition(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT coalesce(max(id), 0) FROM transition").fetchone()[0])


def standing_transitions(
    db: sqlite3.Connection, lead: int, definition: int, *, until: int = 2**62
) -> list[TransitionRow]:
    """The moves that make the lead's stage, oldest first.

    Undone ones and their undos are left out, and those of whoever's stage did not win when two leads were merged.
    """
    merges = [merge for merge in identities.merges_into(db, lead) if merge[2] <= until]
    lost = next((merge for merge in reversed(merges) if merge[1] != lead), None)
    inherited = [] if lost is None else standing_transitions(db, lost[0], definition, until=lost[2])
    after = 0 if lost is None else lost[2]
    rows = db.execute(
        f"SELECT {_columns(TransitionRow._fields)} FROM transition "
        "WHERE lead = ? AND definition = ? AND id > ? AND id <= ? ORDER BY id",
        (lead, definition, after, until),
    )
    own = list(map(TransitionRow._make, rows))
    undone = {row.undoes for row in own} - {None}
    return [row for row in inherited + own if row.undoes is None and row.id not in undone]


def keep_act(db: sqlite3.Connection, row: ActRow) -> None:
    db.execute(_insert("act", (*ActRow._fields, "change")), (*row, _next_change(db)))


def undo_act(db: sqlite3.Connection, seq: int, *, undone: int) -> None:
    db.execute("UPDATE act SET undone = ?, change = ? WHERE seq = ?", (undone, _next_change(db), seq))


def acts_of(db: sqlite3.Connection, lead: int) -> list[ActRow]:
    """All acts on a lead, the newest first, undos and what they took back among them."""
    rows = db.execute(f"SELECT {_columns(ActRow._fields)} FROM act WHERE lead = ? ORDER BY seq DESC", (lead,))
    return list(map(ActRow._make, rows))


# Acts that decide nothing: what takes one back, and what tells of one that was another lead's.
TELLING = ("undo", "note")


def last_act(db: sqlite3.Connection, lead: int) -> ActRow | None:
    """The newest act on a lead that still stands."""
    return next((act for act in acts_of(db, lead) if act.undone is None and act.act not in TELLING), None)


def act_under(db: sqlite3.Connection, lead: int, message_id: str) -> ActRow | None:
    """The act on a lead that came under a sender's id."""
    row = db.execute(
        f"SELECT {_columns(ActRow._fields)} FROM act WHERE lead = ? "
        "AND (SELECT message_id FROM event WHERE event.seq = act.seq) = ?",
        (lead, message_id),
    ).fetchone()
    return None if row is None else ActRow._make(row)


def move_acts(db: sqlite3.Connection, lead: int, survivor: int) -> None:
    """What was done to a lead was done to the one it turned out to be."""
    db.execute("UPDATE act SET lead = ?, change = ? WHERE lead = ?", (survivor, _next_change(db), lead))


def acts_under(db: sqlite3.Connection, lead: int, identity: int) -> list[ActRow]:
    """The acts on a lead that stand in the log under an id of kind `lead`, the oldest first."""
    rows = db.execute(
        f"SELECT {_columns(ActRow._fields)} FROM act WHERE lead = ? "
        "AND (SELECT identity FROM event WHERE event.seq = act.seq) = ? ORDER BY seq",
        (lead, identity),
    )
    return list(map(ActRow._make, rows))


def give_acts(db: sqlite3.Connection, seqs: Iterable[int], lead: int) -> None:
    """These acts are `lead`'s again, and with each the one that took it back."""
    db.execute(
        "UPDATE act SET lead = :lead, change = :change WHERE seq IN (SELECT value FROM json_each(:seqs)) "
        "OR seq IN (SELECT undone FROM act WHERE seq IN (SELECT value FROM json_each(:seqs)))",
        {"lead": lead, "change": _next_change(db), "seqs": listed(seqs)},
    )


def give_undos(db: sqlite3.Connection, lead: int, other: int) -> None:
    """Moves of `lead` that took back one of `other`'s stand with what they took back."""
    db.execute(
        "UPDATE transition SET lead = :other, change = :change WHERE lead = :lead AND undoes IS NOT NULL "
        "AND undoes IN (SELECT id FROM transition WHERE lead IN (SELECT value FROM json_each(:others)))",
        {"lead": lead, "other": other, "change": _next_change(db), "others": listed([other, *_absorbed(db, other)])},
    )


def _absorbed(db: sqlite3.Connection, lead: int) -> list[int]:
    """All leads that are `lead` by now."""
    found = db.execute(
        "WITH RECURSIVE one(id) AS (SELECT lead FROM merge WHERE survivor = ? AND parted IS NULL "
        "UNION SELECT merge.lead FROM one JOIN merge ON merge.survivor = one.id WHERE parted IS NULL) "
        "SELECT id FROM one",
        (lead,),
    )
    return [row[0] for row in found]


# --- clocks ----------------------------------------------------------------------------------------------------------


def start_clock(db: sqlite3.Connection, row: ClockRow) -> int:
    return _added(db, "clock", row)


def assignments(db: sqlite3.Connection, lead: int, definition: int, cycle: int, stage: str) -> int:
    """How often the lead was given out in this cycle and stage."""
    found = db.execute(
        "SELECT coalesce(max(assignment), 0) FROM clock WHERE lead = ? AND definition = ? AND cycle = ? AND stage = ?",
        (lead, definition, cycle, stage),
    )
    return int(found.fetchone()[0])


def running_clocks(db: sqlite3.Connection, leads: Iterable[int]) -> list[ClockRow]:
    """Clocks of `leads` that nobody has stopped, the earliest deadline first."""
    rows = db.execute(
        f"SELECT {_columns(ClockRow._fields)} FROM clock WHERE stopped_at IS NULL "
        "AND lead IN (SELECT value FROM json_each(?)) ORDER BY due_at, id",
        (listed(leads),),
    )
    return list(map(ClockRow._make, rows))


def every_running_clock(db: sqlite3.Connection) -> list[ClockRow]:
    """All clocks that nobody has stopped."""
    rows = db.execute(f"SELECT {_columns(ClockRow._fields)} FROM clock WHERE stopped_at IS NULL ORDER BY due_at, id")
    return list(map(ClockRow._make, rows))


def clock(db: sqlite3.Connection, id: int) -> ClockRow | None:
    row = db.execute(f"SELECT {_columns(ClockRow._fields)} FROM clock WHERE id = ?", (id,)).fetchone()
    return None if row is None else ClockRow._make(row)


def clocks_of(db: sqlite3.Connection, lead: int, definition: int) -> list[ClockRow]:
    """Every clock of a lead, the newest first."""
    rows = db.execute(
        f"SELECT {_columns(ClockRow._fields)} FROM clock WHERE lead = ? AND definition = ? ORDER BY id DESC",
        (lead, definition),
    )
    return list(map(ClockRow._make, rows))


def stop_clock(db: sqlite3.Connection, id: int, *, at: int, stopped_as: str, seq: int) -> None:
    _change_clock(db, id, stopped_at=at, stopped_as=stopped_as, seq=seq)


def resume_clock(db: sqlite3.Connection, id: int, *, seq: int) -> None:
    _change_clock(db, id, stopped_at=None, stopped_as="", seq=seq)


def breach_clock(db: sqlite3.Connection, id: int, *, at: int, seq: int) -> None:
    _change_clock(db, id, breached_at=at, seq=seq)


def drop_clock(db: sqlite3.Connection, id: int) -> None:
    """The clock was never started: the act that started it was taken back."""
    db.execute(
        "INSERT OR REPLACE INTO dropped_clock (id, lead, change) SELECT id, lead, ? FROM clock WHERE id = ?",
        (_next_change(db), id),
    )
    db.execute("DELETE FROM clock WHERE id = ?", (id,))


def move_clock(db: sqlite3.Connection, row: ClockRow, lead: int, *, seq: int) -> None:
    """The clock is `lead`'s from now on, after a merge."""
    again = assignments(db, lead, row.definition, row.cycle, row.stage)
    _change_clock(db, row.id, lead=lead, assignment=again + 1, seq=seq)


def _change_clock(db: sqlite3.Connection, id: int, **columns: object) -> None:
    told = {**columns, "change": _next_change(db)}
    db.execute(f"UPDATE clock SET {', '.join(f'{name} = ?' for name in told)} WHERE id = ?", (*told.values(), id))


# --- giving out ------------------------------------------------------------------------------------------------------


def reps(db: sqlite3.Connection) -> list[RepRow]:
    return [RepRow(*row) for row in db.execute("SELECT key, name, email, takes_leads FROM rep ORDER BY key")]


def keep_rep(db: sqlite3.Connection, row: RepRow) -> None:
    db.execute(_insert("rep", RepRow._fields).replace("INSERT", "INSERT OR REPLACE", 1), row)


def last_rep(db: sqlite3.Connection, definition: int, stage: str) -> str:
    """Whose turn it was last."""
    row = db.execute(
        "SELECT last_rep FROM assignment WHERE definition = ? AND stage = ?", (definition, stage)
    ).fetchone()
    return "" if row is None else str(row[0])


def took_turn(db: sqlite3.Connection, definition: int, stage: str, rep: str) -> None:
    db.execute(
        "INSERT INTO assignment (definition, stage, last_rep, given) VALUES (?,?,?,1) "
        "ON CONFLICT (definition, stage) DO UPDATE SET last_rep = excluded.last_rep, given = given + 1",
        (definition, stage, rep),
    )


def offer(db: sqlite3.Connection, row: OfferRow) -> None:
    db.execute(_insert("offer", OfferRow._fields).replace("INSERT", "INSERT OR IGNORE", 1), row)


def withdraw_offer(db: sqlite3.Connection, lead: int) -> list[OfferRow]:
    """The lead is no longer on offer; returns what was."""
    rows = db.execute(f"DELETE FROM offer WHERE lead = ? RETURNING {_columns(OfferRow._fields)}", (lead,)).fetchall()
    return list(map(OfferRow._make, rows))


def offers_of(db: sqlite3.Connection, lead: int) -> list[OfferRow]:
    """By what the lead is on offer."""
    rows = db.execute(f"SELECT {_columns(OfferRow._fields)} FROM offer WHERE lead = ?", (lead,))
    return list(map(OfferRow._make, rows))


def is_offered(db: sqlite3.Connection, lead: int, definition: int) -> bool:
    """Whether the lead waits to be taken."""
    found = db.execute("SELECT 1 FROM offer WHERE lead = ? AND definition = ?", (lead, definition))
    return found.fetchone() is not None


# --- due rows --------------------------------------------------------------------------------------------------------


def put_due(db: sqlite3.Connection, *, at: int, kind: str, key: str, body: str = "") -> None:
    """Something must be done at an instant; a row of the same kind and key is replaced."""
    db.execute(
        "INSERT OR REPLACE INTO due (due_at, kind, key, body, attempts) VALUES (?,?,?,?,0)", (at, kind, key, body)
    )


def put_back(db: sqlite3.Connection, row: DueRow, *, again_at: int) -> None:
    """What was taken could not be done: it is tried again, unless something has taken its place."""
    db.execute(
        "INSERT OR IGNORE INTO due (due_at, kind, key, body, attempts, was_due_at) VALUES (?,?,?,?,?,?)",
        (again_at, row.kind, row.key, row.body, row.attempts + 1, row.due_at),
    )


def is_due(db: sqlite3.Connection, kind: str, key: str) -> bool:
    """Whether there is a row of this kind and key, whenever it is due."""
    return db.execute("SELECT 1 FROM due WHERE kind = ? AND key = ?", (kind, key)).fetchone() is not None


def due_body(db: sqlite3.Connection, kind: str, key: str) -> str:
    """What the row of this kind and key says, whenever it is due; empty where there is none."""
    row = db.execute("SELECT body FROM due WHERE kind = ? AND key = ?", (kind, key)).fetchone()
    return "" if row is None else str(row[0])


def drop_due(db: sqlite3.Connection, kind: str, key: str) -> None:
    db.execute("DELETE FROM due WHERE kind = ? AND key = ?", (kind, key))


def take_due(db: sqlite3.Connection, *, now: int, limit: int) -> list[DueRow]:
    """Takes the most overdue rows: they are gone with this transaction, and nobody else has them."""
    rows = db.execute(
        "DELETE FROM due WHERE id IN (SELECT id FROM due WHERE due_at <= ? ORDER BY due_at, id LIMIT ?) "
        "RETURNING id, coalesce(was_due_at, due_at), kind, key, body, attempts",
        (now, limit),
    ).fetchall()
    return sorted(map(DueRow._make, rows), key=lambda row: (row.due_at, row.id))


def take_kind(db: sqlite3.Connection, kind: str, *, body: str = "") -> list[DueRow]:
    """Takes every row of a kind that says `body`, due or not."""
    rows = db.execute(
        "DELETE FROM due WHERE kind = ? AND body = ? "
        "RETURNING id, coalesce(was_due_at, due_at), kind, key, body, attempts",
        (kind, body),
    ).fetchall()
    return sorted(map(DueRow._make, rows))


def next_due(db: sqlite3.Connection) -> int | None:
    """When the next row or mail is due."""
    row = db.execute(
        "SELECT min(at) FROM (SELECT min(due_at) AS at FROM due "
        "UNION ALL SELECT min(due_at) FROM outbox WHERE outcome = '' AND claimed_at IS NULL)"
    ).fetchone()
    return None if row[0] is None else int(row[0])
