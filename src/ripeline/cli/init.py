"""`ripeline init`: a workspace, its administrator and its first keys."""

from datetime import datetime
from pathlib import Path

import click
import msgspec

from ripeline.cli.opening import done, now, workspace_in
from ripeline.cli.printing import Address, Instant, as_json, print_json, said_in_words
from ripeline.scoring.warm import warmed
from ripeline.server.founding import FolderTakenError, found
from ripeline.server.log.commands import NewKey
from ripeline.translation import translated

ADMINISTRATOR = "admin@localhost.localdomain"


class Admin(msgspec.Struct, frozen=True):
    """Who may do everything in the console."""

    email: str
    password: str


class Founded(msgspec.Struct, frozen=True, kw_only=True):
    """What is told once: the secrets are kept only as hashes."""

    workspace: str
    write_key: str
    api_token: str
    admin: Admin


@click.command(name="init")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--demo", is_flag=True, help="Fill it with the demo company: 5,000 leads, six months, a little shop.")
@click.option("--end", type=Instant(), help="The last moment of the demo's history.  [default: now]")
@click.option("--admin", type=Address(), help=f"The administrator's e-mail.  [default: {ADMINISTRATOR}]")
@as_json
def command(folder: Path, demo: bool, end: datetime | None, admin: str | None, as_json: bool) -> None:
    """Make DIR a workspace: ripeline.toml, definition.yaml, a data folder, an administrator and two keys."""
    if end is not None and not demo:
        raise click.UsageError(translated("--end is the end of the demo's history: it belongs to --demo"))
    if admin is not None and demo:
        raise click.UsageError(translated("--admin is not for --demo, whose people are its own"))
    warmed()
    if demo:
        from ripeline.cli.demo import founded_demo

        founded = founded_demo(folder, end=end or now(), say=None if as_json else click.echo)
    else:
        founded = founded_empty(folder, admin=admin or ADMINISTRATOR)
    if as_json:
        print_json(founded)
    elif not demo:
        say(founded)


def founded_empty(folder: Path, *, admin: str) -> Founded:
    with said_in_words(FolderTakenError, OSError):
        found(folder)
    with workspace_in(folder) as workspace:
        from ripeline.server.people import actions

        at = now()
        _, password = actions.add(email=admin, name="Administrator", team="operations", administrator=True, at=at)
        write = done(workspace, NewKey(kind="write", name="site", at=at))
        api = done(workspace, NewKey(kind="api", name="api", at=at))
    return Founded(workspace=str(folder), write_key=write.secret, api_token=api.secret, admin=Admin(admin, password))


def say(founded: Founded) -> None:
    told = {
        translated("Write key (for sites and programs)"): founded.write_key,
        translated("API token"): founded.api_token,
        translated("Administrator"): founded.admin.email,
        translated("Password"): founded.admin.password,
    }
    click.echo(translated("{folder} is a workspace. These are shown this once:", folder=founded.workspace))
    for label, secret in told.items():
        click.echo(f"  {label}: {secret}")
    click.echo(translated("Next:"))
    definition = Path(founded.workspace, "definition.yaml")
    click.echo(f"  ripeline publish {founded.workspace} {definition} --signed marketing=NAME --signed sales=NAME")
    click.echo(f"  ripeline serve {founded.workspace}")
