"""`ripeline check`: every problem of a definition, or of the mapping of an incoming address, with its line."""

import sys
from pathlib import Path

import click

from ripeline.cli.printing import as_json, existing, print_problems
from ripeline.definition.check import problems
from ripeline.definition.load import DefinitionError, text_of
from ripeline.translation import translated

FOLDER = "in"  # of a workspace: its files say how the requests of other systems become events


@click.command(name="check")
@click.argument("path", metavar="FILE", type=existing)
@click.option("--payload", type=existing, help="Of a mapping in a folder `in`: a request, to see what it becomes.")
@as_json
def command(path: Path, payload: Path | None, as_json: bool) -> None:
    """Print what is wrong with a definition, in file order; exit 1 if anything is.

    A file in a folder `in` is checked as the mapping of `/v1/in/NAME`.
    """
    if path.resolve().parent.name == FOLDER:
        from ripeline.cli.incoming import check

        check(path, payload, as_json=as_json)
        return
    if payload is not None:
        raise click.UsageError(translated("--payload belongs to a mapping, a file in a folder `in`"))
    try:
        found = problems(text_of(path))
    except DefinitionError as error:
        found = error.problems
    if found or as_json:
        print_problems(path, found, json_too=as_json)
    else:
        click.echo(translated("{path}: no problems", path=path))
    sys.exit(1 if found else 0)
