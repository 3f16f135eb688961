"""Django's connection to the log, for SQL of our own."""

import sqlite3
from typing import Any

from django.db import connections

from ripeline.server.log.identity import Identities
from ripeline.server.log.reading import Reader


def database() -> sqlite3.Connection:
    """The connection of this thread; Django opens it, and lets it read only."""
    connection: Any = connections["log"]
    connection.ensure_connection()
    return connection.connection  # type: ignore[no-any-return] # Django types it as anything


def database_name() -> str:
    """Which log is read: what is kept between calls is kept apart by it."""
    return str(connections["log"].settings_dict["NAME"])


def rows(sql: str, parameters: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """The rows a query gives, by column; values are bound by name."""
    cursor = database().execute(sql, parameters or {})
    columns = [column[0] for column in cursor.description]
    return [dict(zip(columns, row, strict=True)) for row in cursor]


def reader() -> tuple[Reader, Identities]:
    """What reads events back, and says whose they are by now."""
    db = database()
    identities = Identities(db)
    return Reader(db, identities), identities
