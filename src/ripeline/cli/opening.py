"""How commands open a workspace, and what they say where they cannot."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ripeline.cli.printing import said_in_words
from ripeline.server.configuration import ConfigurationError
from ripeline.server.log.commands import Command, CommandError
from ripeline.server.workspace import NoWorkspaceError, Workspace, WorkspaceHeldError, opened


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def workspace_in(folder: Path) -> Iterator[Workspace]:
    """The workspace, by asking the server where one runs; an expected error is printed and ends the command with 1."""
    with (
        said_in_words(NoWorkspaceError, WorkspaceHeldError, ConfigurationError, CommandError),
        opened(folder, now=now) as workspace,
    ):
        yield workspace


def done(workspace: Workspace, command: Command) -> Any:
    """The command's answer, after its commit."""
    return workspace.submit(command).result()
