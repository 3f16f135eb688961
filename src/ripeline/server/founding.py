"""A new workspace: its settings, the starter definition with its cases, its folder for data."""

import shutil
from importlib.resources import as_file, files
from pathlib import Path

from ripeline.translation import translated

SETTINGS = """\
# Settings of this workspace; every one has a default. See docs/reference/settings.md.

[workspace]
# address = "https://leads.example.com"    # where people open the console, for links in mails

[console]
# hosts = ["leads.example.com"]            # names the console is reached under besides localhost
# https = true
# timezone = "Europe/Warsaw"

# Without a mail server, mail is written into data/outbox.
# [mail.smtp]
# host = "smtp.example.com"
# user = "ripeline"
# password = "…"
"""
DEMO_SETTINGS = """\
# The demo company's workspace: `ripeline demo clear` deletes it whole.

[workspace]
demo = true

[console]
timezone = "Europe/Warsaw"
"""


class FolderTakenError(Exception):
    """There is something in the folder already; nothing of it was touched."""


def found(folder: Path, *, definition: Path | None = None, demo: bool = False) -> None:
    """Make `folder` a workspace with the starter definition, or with the one at `definition`.

    Raises FolderTakenError where the folder has anything in it, and OSError.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderTakenError(
            translated("{folder} is not empty: nothing was changed; name a new folder", folder=folder)
        )
    (folder / "data").mkdir(parents=True)
    (folder / "data").chmod(0o700)
    with as_file(files("ripeline.definition") / "templates") as templates:
        if definition is None:
            shutil.copytree(templates, folder, dirs_exist_ok=True)
        else:
            shutil.copy(definition, folder / "definition.yaml")
    (folder / "ripeline.toml").write_text(DEMO_SETTINGS if demo else SETTINGS, "utf-8")  # last: now it is one
