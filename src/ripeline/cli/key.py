"""`ripeline key`: the keys by which events come in and the API is read."""

from pathlib import Path

import click

from ripeline.cli.opening import done, now, workspace_in
from ripeline.cli.printing import as_json, fail, print_json, workspace
from ripeline.events.demand import Demand
from ripeline.server.log.commands import DemandConsent, KeyKind, NewKey
from ripeline.translation import translated


@click.group(name="key")
@workspace
@click.pass_context
def command(context: click.Context, folder: Path) -> None:
    """Make keys: `write` ones for sites and programs that send events, `api` ones for those that read.

    What a write key's source demands before its events are kept is said here too.
    """
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


@command.command(name="demand")
@click.argument("name")
@click.option("--purpose", "purposes", multiple=True, help="What its events are for; once for each name it goes by.")
@click.option("--given/--unless-withdrawn", default=False, help="Only with consent, or until it is withdrawn.")
@click.option("--signals/--no-signals", default=False, help="Heed Do Not Track and Global Privacy Control.")
@as_json
@click.pass_obj
def demand(folder: Path, name: str, purposes: tuple[str, ...], given: bool, signals: bool, as_json: bool) -> None:
    """Say what the source NAME demands from now on; without options it demands nothing."""
    wanted = Demand(purposes=purposes, given=given, signals=signals)
    with workspace_in(folder) as workspace:
        from ripeline.server.log.queries import keys

        known = {key.name: key.id for key in keys(kind="write") if key.revoked_at is None}
        if name not in known:
            there = ", ".join(sorted(known)) or "-"
            fail(translated("There is no write key {name} in force; there are: {known}", name=name, known=there))
        done(workspace, DemandConsent(id=known[name], demand=wanted))
    if as_json:
        print_json({"name": name, "demand": wanted})
        return
    click.echo(_sentence(name, wanted))


def _sentence(name: str, demand: Demand) -> str:
    purpose = ", ".join(demand.purposes)
    if demand.given:
        told = translated("{name}: events are kept with consent for {purpose}.", name=name, purpose=purpose)
    elif demand.purposes:
        told = translated(
            "{name}: events are kept until consent for {purpose} is withdrawn.", name=name, purpose=purpose
        )
    else:
        told = translated("{name}: events are kept until a person says no to everything.", name=name)
    if not demand.signals:
        return told
    return f"{told}\n{translated('Do Not Track and Global Privacy Control are heeded.')}"
