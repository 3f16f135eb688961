"""`ripeline serve`: console, ingest and worker in one process."""

from contextlib import ExitStack
from pathlib import Path

import click

from ripeline.cli.opening import now
from ripeline.cli.printing import said_in_words, workspace
from ripeline.server.configuration import ConfigurationError, configuration
from ripeline.server.serve import AddressTakenError, run
from ripeline.server.workspace import NoWorkspaceError, WorkspaceHeldError

PORTS = click.IntRange(0, 65_535)


@click.command(name="serve")
@workspace
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=PORTS, default=8000, show_default=True, help="The port; 0 takes any free one.")
def command(folder: Path, host: str, port: int) -> None:
    """Serve the workspace in DIR until told to stop. A demo workspace brings its shop and some live visitors."""
    expected = (AddressTakenError, NoWorkspaceError, WorkspaceHeldError, ConfigurationError)
    with ExitStack() as stack, said_in_words(*expected):
        demo = configuration(folder).workspace.demo

        def ready(address: str) -> None:
            if demo:
                from ripeline.cli.demo import accompanied

                for line in stack.enter_context(accompanied(folder, door=address)):
                    click.echo(line)

        run(folder, host=host, port=port, now=now, say=click.echo, ready=ready)
