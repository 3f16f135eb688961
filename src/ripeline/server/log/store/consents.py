"""Who agreed to what, as events said it. Which statement holds is for `consenting` to say."""

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from ripeline.events.consent import EVERYTHING


class ConsentRow(NamedTuple):
    """A statement; see `models.Consent`."""

    identity: int
    purpose: str
    slot: int
    given: bool
    source: int
    first_at: int
    last_at: int
    stated: bool
    title: str
    wording: str


_KEEP = """
INSERT INTO consent VALUES (?,?,?,?,?,?,?,?,?,?)
ON CONFLICT (identity, purpose, slot, given, source) DO UPDATE SET
  first_at = min(first_at, excluded.first_at), last_at = max(last_at, excluded.last_at),
  stated = max(stated, excluded.stated), wording = max(wording, excluded.wording), title = max(title, excluded.title)
"""

_OF_LEAD = """
WITH mine(id) AS (    -- the lead's ids, and browsers on which one of them was identified
  SELECT id FROM identity WHERE lead = ?
  UNION
  SELECT interval.identity FROM interval JOIN identity ON identity.id = interval.anchor WHERE identity.lead = ?
)
SELECT consent.* FROM mine JOIN consent ON consent.identity = mine.id
"""


_OBJECTORS = """
SELECT identity.lead FROM consent JOIN identity ON identity.id = consent.identity WHERE purpose = :everything
UNION
SELECT anchor.lead FROM consent JOIN interval ON interval.identity = consent.identity
JOIN identity AS anchor ON anchor.id = interval.anchor WHERE purpose = :everything
"""


def keep(db: sqlite3.Connection, rows: Iterable[ConsentRow]) -> None:
    """Statements are kept, in whatever order they come."""
    db.executemany(_KEEP, rows)


def near(db: sqlite3.Connection, lead: int) -> list[ConsentRow]:
    """Statements under the lead's ids; those made on a shared browser may be somebody else's."""
    return [ConsentRow(*row) for row in db.execute(_OF_LEAD, (lead, lead))]


def objectors(db: sqlite3.Connection) -> set[int]:
    """The leads who said no to everything, with those who may have on a shared browser."""
    return {lead for (lead,) in db.execute(_OBJECTORS, {"everything": EVERYTHING})}
