"""Whose the events of the lake are, as the log's tables have it now."""

import sqlite3

import numpy as np

from ripeline.batch.owners import ALWAYS, Merged, Owners

_INTERVALS = """
SELECT id, :always, lead FROM identity    -- who has it, has all of it
WHERE NOT EXISTS (SELECT 1 FROM interval WHERE interval.identity = identity.id)
UNION ALL
SELECT * FROM (    -- anonymous ids: of identifications at one instant the last counts
  SELECT interval.identity, interval.from_at, anchor.lead
  FROM interval JOIN identity AS anchor ON anchor.id = interval.anchor
  ORDER BY interval.identity, interval.from_at, interval.mark
)
"""
_MERGES = "SELECT lead, survivor, kept, transition FROM merge WHERE parted IS NULL ORDER BY id"


def owners(db: sqlite3.Connection) -> Owners:
    """Intervals of identities with the leads they belong to, and which lead became which; all of one moment.

    Who can be reached by other means than facts is left out: it decides nothing as it happened.
    """
    db.execute("BEGIN")
    try:
        table = np.fromiter(db.execute(_INTERVALS, {"always": ALWAYS}), dtype=np.dtype((np.int64, 3)))
        return Owners(table, merges=list(map(Merged._make, db.execute(_MERGES))))
    finally:
        db.rollback()
