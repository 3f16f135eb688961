"""The writer's connection: durable at each commit, large in memory, in charge of its own transactions."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ripeline.server.log.commands import StoreUnavailable
from ripeline.translation import translated

BUSY_SECONDS = 5.0
CACHE_KIB = 128 * 1024  # the inner pages of a few million events, so that a touched row is one page from the disk
CHECKPOINT_PAGES = 48_000  # 100 MB of log before pages go home: a page rewritten a hundred times goes once

_STORE_FAILED = {
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOTADB,
}  # fmt: skip


def connected(path: Path) -> sqlite3.Connection:
    """The connection of the one writer to a migrated database. Raises StoreUnavailable."""
    db = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=512
    )
    try:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        db.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
        db.execute("PRAGMA temp_store=MEMORY")
    except sqlite3.OperationalError as error:
        db.close()
        raise unavailable(error) from error
    return db


def can_be_a_row(id: int) -> bool:
    """Whether SQLite could have given a row this number: ids come from addresses, so they can be any number."""
    return 0 < id < 2**63


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, on disk when left. Raises StoreUnavailable where the disk is full or another process writes."""
    try:
        db.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        raise unavailable(error) from error
    try:
        yield
        db.execute("COMMIT")
    except BaseException as error:
        if db.in_transaction:  # SQLite has rolled back by itself where it could not write
            db.execute("ROLLBACK")
        if has_failed(error):
            raise unavailable(error) from error
        raise


@contextmanager
def savepoint(db: sqlite3.Connection) -> Iterator[None]:
    """A part of a transaction that can fail by itself."""
    db.execute("SAVEPOINT part")
    try:
        yield
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK TO part")
            db.execute("RELEASE part")
        raise
    db.execute("RELEASE part")


def has_failed(error: BaseException) -> bool:
    """Whether it is the store that failed (full, busy, broken), and not what was asked of it."""
    return isinstance(error, sqlite3.Error) and (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _STORE_FAILED


def unavailable(error: BaseException) -> StoreUnavailable:
    """What people are told of an error of the store."""
    return StoreUnavailable(
        translated("Nothing was stored: the database says “{error}”. It will be tried again.", error=error)
    )
