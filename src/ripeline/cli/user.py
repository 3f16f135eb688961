"""`ripeline user`: the people who sign in."""

from pathlib import Path

import click

from ripeline.cli.opening import now, workspace_in
from ripeline.cli.printing import Address, as_json, fail, print_json, workspace
from ripeline.translation import translated

TEAMS = ("marketing", "sales", "operations")


@click.group(name="user")
@workspace
@click.pass_context
def command(context: click.Context, folder: Path) -> None:
    """Add people to the console."""
    context.obj = folder


@command.command(name="add")
@click.argument("email", type=Address())
@click.option("--name", required=True, help="Their name, as colleagues read it.")
@click.option("--team", type=click.Choice(TEAMS), default="sales", show_default=True, help="Sales is given leads.")
@click.option("--administrator", is_flag=True, help="May add people and keys.")
@as_json
@click.pass_obj
def add(folder: Path, email: str, name: str, team: str, administrator: bool, as_json: bool) -> None:
    """Add a person and print their password, this once."""
    with workspace_in(folder):
        from django.core.exceptions import ValidationError

        from ripeline.server.people import actions

        try:
            user, password = actions.add(email=email, name=name, team=team, administrator=administrator, at=now())
        except ValidationError as error:
            fail("\n".join(f"{field}: {' '.join(told)}" for field, told in error.message_dict.items()))
    if as_json:
        print_json({"email": user.email, "name": user.name, "password": password})
        return
    click.echo(password)
    click.echo(translated("The password of {email}; it is shown this once.", email=user.email), err=True)
