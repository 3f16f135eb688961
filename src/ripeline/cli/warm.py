"""`ripeline warm`: compile the fold into the cache, so that nothing waits for it later."""

import click

from ripeline.translation import translated


@click.command(name="warm")
def command() -> None:
    """Compile the fold ahead of its first use (a matter of seconds, once per installation)."""
    from ripeline.scoring.warm import warm

    warm()
    click.echo(translated("The fold is compiled."))
