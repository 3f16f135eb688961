"""Everything the log holds goes out to open formats, as of one moment, while it may be written on."""

import csv
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import msgspec

from ripeline.batch import exported
from ripeline.events.instants import instant
from ripeline.server.log.store import events as log
from ripeline.server.log.store import whole

MANIFEST = "export.json"
FORM = 1  # of the folder


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What an export is: of which tables, up to which event, with how many rows in each file."""

    form: int
    migrations: list[str]
    exported_at: datetime
    seq: int
    rows: dict[str, int]


def export(path: Path, folder: Path, *, at: datetime, told: Callable[[str, int], None]) -> Manifest:
    """The log at `path` as files in `folder`, which is there and empty; the manifest comes last.

    One transaction reads all of it: what is committed meanwhile is not in it. `told` hears of each file.
    """
    rows: dict[str, int] = {}

    def kept(name: str, count: int) -> None:
        rows[name] = count
        told(name, count)

    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)) as db:
        db.execute("BEGIN")
        seq = log.newest(db)
        kept("events.parquet", _events(db, folder / "events.parquet"))
        (folder / "tables").mkdir()
        for table in whole.tables(db):
            name = f"tables/{table.name}.parquet"
            kept(name, exported.write(folder / name, table.columns, whole.rows(db, table)))
        kept("outcomes.csv", _outcomes(db, folder / "outcomes.csv"))
        _definitions(db, folder / "definitions")
        migrations = whole.migrations(db)
    manifest = Manifest(form=FORM, migrations=migrations, exported_at=at, seq=seq, rows=rows)
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")
    return manifest


def manifest_of(folder: Path) -> Manifest | None:
    """What an exported folder says of itself; None if it is none. Raises msgspec.DecodeError."""
    path = folder / MANIFEST
    return msgspec.json.decode(path.read_bytes(), type=Manifest) if path.is_file() else None


def _events(db: sqlite3.Connection, path: Path) -> int:
    return exported.write(path, whole.EVENT, whole.events(db), metadata=exported.EVENTS)


def _outcomes(db: sqlite3.Connection, path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("lead", "outcome", "occurred_at", "amount", "currency", "reason", "by"))
        for lead, outcome, at, *rest in whole.outcomes(db):
            writer.writerow((lead, outcome, instant(at).isoformat(), *rest))
            count += 1
    return count


def _definitions(db: sqlite3.Connection, folder: Path) -> None:
    folder.mkdir()
    for number, text in whole.texts(db):
        (folder / f"{number}.yaml").write_text(text, "utf-8")
