"""`ripeline key`: the keys by which events come in and the API is read."""

from pathlib import Path

import click

from ripeline.cli.opening import done, now, workspace_in
from ripeline.cli.printing import as_json, print_json, workspace
from ripeline.server.log.commands import KeyKind, NewKey
from ripeline.translation import translated


@click.group(name="key")
@workspace
@click.pass_context
def command(context: click.Context, folder: Path) -> None:
    """Make keys: `write` ones for sites and programs that send events, `api` ones for those that read."""
    context.obj = folder


@command.command(name="new")
@click.option("--kind", type=click.Choice(["write", "api"]), required=True, help="What the key opens.")
@click.option("--name", help="What the source or reader is called; its events carry this name.  [default: the kind]")
@as_json
@click.pass_obj
def new(folder: Path, kind: KeyKind, name: str | None, as_json: bool) -> None:
    """Make a key and print it, this once: only its hash is kept."""
    with workspace_in(folder) as workspace:
        made = done(workspace, NewKey(kind=kind, name=name or kind, at=now()))
    if as_json:
        print_json(made)
        return
    click.echo(made.secret)
    click.echo(translated("The key of {name}; it is shown this once.", name=made.name), err=True)
