"""`ripeline warm`: compile the fold into the user's cache, so that nothing waits for it later."""

import click

from ripeline.scoring.warm import warmed


@click.command(name="warm")
def command() -> None:
    """Compile the fold ahead of its first use (some seconds, once for each release)."""
    click.echo(warmed())
