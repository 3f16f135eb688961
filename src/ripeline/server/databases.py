"""Which database a table lives in: the log's own tables in `ripeline.db`, everything else in `console.db`."""

from typing import Any

from django.db.models import Model


class LogRouter:
    """Sends the app `log` to the alias `log`. Django migrates and reads it; only `server.log`'s writer writes there."""

    app = alias = "log"

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        return self.alias if model._meta.app_label == self.app else None

    def db_for_write(self, model: type[Model], **hints: Any) -> str | None:
        return self.alias if model._meta.app_label == self.app else None

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool | None:
        """Never across the two files: SQLite could not check such a key."""
        return (one._meta.app_label == self.app) == (other._meta.app_label == self.app)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return (app_label == self.app) == (db == self.alias)
