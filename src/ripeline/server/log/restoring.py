"""An exported workspace becomes one again: every row as it was, every lead folded anew, nobody told.

All of it is one transaction: it is there, or nothing is.
"""

from pathlib import Path

import msgspec
import pyarrow as pa

from ripeline.batch import exported
from ripeline.scoring import tables as words
from ripeline.server.log import folding
from ripeline.server.log.commands import CannotRestore, Restore, Restored
from ripeline.server.log.exporting import FORM, Manifest, manifest_of
from ripeline.server.log.publishing import AT_ONCE
from ripeline.server.log.session import Log
from ripeline.server.log.store import agreement, standings, whole
from ripeline.translation import translated

_BLANK = bytes(8 * words.HEAD)


def restore(log: Log, command: Restore) -> Restored:
    """What stands in the folder stands in the log. Raises CannotRestore."""
    folder = Path(command.folder)
    manifest = _read(folder)
    _check(log, folder, manifest)
    try:
        events = _put_back(log, folder)
    except (LookupError, OSError, pa.ArrowException) as error:
        raise CannotRestore(translated("{folder} is no whole export: {error}", folder=folder, error=error)) from error
    log.forget()
    log.next_part()
    leads = _folded(log)
    log.inbox = True
    return Restored(events=events, leads=leads, versions=log.version_number)


def _read(folder: Path) -> Manifest:
    try:
        manifest = manifest_of(folder)
    except (OSError, msgspec.DecodeError) as error:
        raise CannotRestore(translated("{folder} is no whole export: {error}", folder=folder, error=error)) from error
    if manifest is None:
        raise CannotRestore(translated("{folder} is no export: it holds no export.json", folder=folder))
    return manifest


def _check(log: Log, folder: Path, manifest: Manifest) -> None:
    if manifest.form != FORM or manifest.migrations != whole.migrations(log.db):
        raise CannotRestore(
            translated(
                "{folder} was exported by a release with other tables: restore it with that release, then upgrade; "
                "or import its events.parquet as history",
                folder=folder,
            )
        )
    if not whole.is_fresh(log.db):
        raise CannotRestore(
            translated(
                "An export is restored into a workspace in which nothing has happened, and this one has events: "
                "make another with `ripeline init`, or import {events} as history",
                events=folder / "events.parquet",
            )
        )
    [version] = [table for table in whole.tables(log.db) if table.name == "version"]
    texts = [column for column in version.columns if column.name in ("number", "fingerprint")]
    try:
        told = [row for part in exported.read(folder / "tables/version.parquet", texts) for row in part]
    except (LookupError, OSError, pa.ArrowException) as error:
        raise CannotRestore(translated("{folder} is no whole export: {error}", folder=folder, error=error)) from error
    names = [column.name for column in texts]
    known = {row[names.index("fingerprint")] for row in told}
    if not known.issuperset(whole.fingerprints(log.db)):
        raise CannotRestore(
            translated(
                "This workspace follows a definition that is not in the export: restore into a workspace in which none "
                "was published"
            )
        )


def _put_back(log: Log, folder: Path) -> int:
    db = log.db
    if agreement.current(db) is not None:
        whole.forget_agreement(db)
    for table in whole.tables(db):
        if table.name not in whole.READ_ONLY:
            for part in exported.read(folder / "tables" / f"{table.name}.parquet", table.columns):
                whole.put_back(db, table, part)
    whole.put_back_states(db, blank=_BLANK)
    whole.drop_unsent(db)
    return sum(whole.put_back_events(db, part) for part in exported.read(folder / "events.parquet", whole.EVENT))


def _folded(log: Log) -> int:
    """Every lead stands where its recorded moves say; points and crossings are folded from the log."""
    count = last = 0
    while leads := standings.leads_after(log.db, last, AT_ONCE):
        touched = folding.touch(log, leads)
        for share in touched.values():
            share.again, share.moves = True, False
        folding.fold(log, touched, happened=True)
        count, last = count + len(leads), leads[-1]
    return count
