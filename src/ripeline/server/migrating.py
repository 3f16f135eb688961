"""Both databases of a workspace are brought to the tables this release knows; nothing is done where they are."""

import os
import sqlite3
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections

FILES = {"default": "console.db", "log": "ripeline.db"}

# An event touches a few rows in random places, and what is written of each is a page: of 2 kB, half of SQLite's usual.
PAGE_BYTES = 2048


def set_up_django(folder: Path) -> None:
    """Django reads the workspace in `folder` from now on, in this process."""
    os.environ["RIPELINE_WORKSPACE"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ripeline.server.settings")
    django.setup()
    for alias, file in FILES.items():
        path = folder / "data" / file
        if Path(connections.settings[alias]["NAME"]) != path:  # it was set up for another workspace before
            connections[alias].close()
            connections.settings[alias]["NAME"] = settings.DATABASES[alias]["NAME"] = path


def migrate(folder: Path) -> None:
    """Creates or changes what is missing. Django is set up for `folder`; nobody else has the workspace open."""
    for alias, file in FILES.items():
        if not _is_current(folder / "data" / file, alias):
            _migrate(alias)


def _is_current(path: Path, alias: str) -> bool:
    """Whether every migration of this release was applied: Django's own way to ask costs a good part of a start."""
    if not path.is_file():
        return False
    with sqlite3.connect(path) as db:
        try:
            applied = set(db.execute("SELECT app, name FROM django_migrations"))
        except sqlite3.OperationalError:
            return False
        finally:
            db.rollback()
    db.close()
    return _known(alias) <= applied


def _known(alias: str) -> set[tuple[str, str]]:
    mine = [app for app in apps.get_app_configs() if (app.label == "log") == (alias == "log")]
    return {(app.label, file.stem) for app in mine for file in Path(app.path, "migrations").glob("[0-9]*.py")}


def _migrate(alias: str) -> None:
    connection = connections[alias]
    connection.ensure_connection()
    connection.connection.execute("PRAGMA query_only=OFF")  # Django only reads the log, but for this
    connection.connection.execute(f"PRAGMA page_size={PAGE_BYTES}")  # of a file that is only now made
    try:
        call_command("migrate", database=alias, interactive=False, verbosity=0, skip_checks=True)
    finally:
        connection.close()
