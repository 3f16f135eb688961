"""The lake of a workspace asked about every lead: what live states are held against (DESIGN §3, Versions)."""

import sqlite3
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path

import pyarrow as pa

from ripeline.batch import score
from ripeline.batch.lake import Lake
from ripeline.definition.load import load
from ripeline.server.log.store import agreement
from ripeline.server.log.store.ownership import owners


def standings(path: Path, lake: Lake, *, as_of: datetime) -> pa.Table:
    """Where every lead of the log at `path` stood at `as_of`, as it happened, under the version in force.

    One row a lead with an event by then, with the columns of `batch.score.standings`. Recorded transitions make the
    stages; who is who is what is known now. What the mirror has not brought to `lake` yet is left out. Raises
    LookupError before the first version is published.
    """
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        version = agreement.current(db)
        if version is None:
            raise LookupError("no definition was published yet")
        return score.standings(
            load(version.text), lake, as_of=as_of, owners=partial(owners, db), agreement=version.definition
        )
