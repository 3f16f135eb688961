"""`ripeline check`: every problem of a definition, with its line."""

import sys
from pathlib import Path

import click

from ripeline.cli.printing import as_json, existing, print_problems
from ripeline.definition.check import problems
from ripeline.definition.load import DefinitionError, text_of
from ripeline.translation import translated


@click.command(name="check")
@click.argument("path", metavar="FILE", type=existing)
@as_json
def command(path: Path, as_json: bool) -> None:
    """Print what is wrong with a definition, in file order; exit 1 if anything is."""
    try:
        found = problems(text_of(path))
    except DefinitionError as error:
        found = error.problems
    if found or as_json:
        print_problems(path, found, json_too=as_json)
    else:
        click.echo(translated("{path}: no problems", path=path))
    sys.exit(1 if found else 0)
