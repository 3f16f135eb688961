"""`ripeline test`: the example leads beside a definition."""

import sys
from pathlib import Path

import click
import msgspec

from ripeline.cli.printing import as_json, definition_at, existing, fail, print_json, said_in_words
from ripeline.definition.cases import Case, cases_beside
from ripeline.definition.load import DefinitionError
from ripeline.definition.model import Definition
from ripeline.scoring.cases import run
from ripeline.translation import counted, translated


class Result(msgspec.Struct, frozen=True):
    """A case and what it says against the definition; nothing where it holds."""

    case: str
    file: str
    line: int
    against: list[str]


@click.command(name="test")
@click.argument("path", metavar="FILE", type=existing)
@as_json
def command(path: Path, as_json: bool) -> None:
    """Run the example cases (cases/*.yaml beside FILE); exit 1 if one does not hold."""
    definition = definition_at(path)
    with said_in_words(DefinitionError, OSError):
        results = [result(definition, case) for case in cases_beside(path, definition=definition)]
    if not results:
        fail(translated("no case stands in {files}: write an example lead there", files=path.parent / "cases/*.yaml"))
    print_json(results) if as_json else say(results)
    sys.exit(1 if any(each.against for each in results) else 0)


def result(definition: Definition, case: Case) -> Result:
    return Result(case.name, case.path, case.line, run(definition, case))


def say(results: list[Result]) -> None:
    failed = [each for each in results if each.against]
    for each in failed:
        click.echo(f"{each.file}, line {each.line}: {each.case}")
        for said in each.against:
            click.echo(f"  {said}")
    holding = counted("{count} case holds", "{count} cases hold", len(results) - len(failed))
    click.echo(f"{holding}, " + counted("{count} does not", "{count} do not", len(failed)) if failed else holding)
