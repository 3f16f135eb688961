"""`ripeline publish`: a definition both teams have signed becomes the version in force."""

from pathlib import Path

import click

from ripeline.cli.opening import done, now, workspace_in
from ripeline.cli.printing import as_json, existing, fail, print_json, said_in_words, workspace
from ripeline.cli.test import result
from ripeline.definition.cases import cases_beside
from ripeline.definition.document import Document, opened
from ripeline.definition.load import DefinitionError
from ripeline.server.log.commands import TEAMS, Publish, Signature
from ripeline.translation import counted, translated


@click.command(name="publish")
@workspace
@click.argument("path", metavar="FILE", type=existing)
@click.option("--signed", multiple=True, metavar="TEAM=NAME", help="Who signed: marketing=NAME and sales=NAME, both.")
@click.option("--replay", is_flag=True, help="Move those who qualify now, instead of each at their next happening.")
@as_json
def command(folder: Path, path: Path, signed: tuple[str, ...], replay: bool, as_json: bool) -> None:
    """Make FILE the next version of the definition. Its example cases must hold; both teams must have signed."""
    signatures = signatures_of(signed)
    with said_in_words(DefinitionError, OSError):
        document = opened(path)
        failed = failing_cases(document)
    if failed:
        fail("\n".join([*failed, translated("nothing was published: the definition's own cases do not hold")]))
    with workspace_in(folder) as workspace:
        order = Publish(
            text=document.text, signatures=signatures, at=now(), mode="replay" if replay else "now", path=str(path)
        )
        published = done(workspace, order)
    if as_json:
        print_json(published)
        return
    click.echo(
        counted(
            "Version {version} is in force; {count} lead is scored again.",
            "Version {version} is in force; {count} leads are scored again.",
            published.leads,
            version=published.version,
        )
    )


def signatures_of(signed: tuple[str, ...]) -> tuple[Signature, ...]:
    """One of each team; that one is missing is for the log to say, which also knows it from the console."""
    names: dict[str, str] = {}
    for text in signed:
        team, name = (part.strip() for part in text.partition("=")[::2])
        if team.lower() not in TEAMS or not name:
            teams = translated(" or ").join(f"{known}=NAME" for known in TEAMS)
            raise click.BadParameter(
                translated("{text!r} is not {teams}", text=text, teams=teams), param_hint="--signed"
            )
        if names.setdefault(team.lower(), name) != name:
            raise click.BadParameter(translated("{team} signs once", team=team), param_hint="--signed")
    return tuple(Signature(team=team, name=name) for team, name in names.items())


def failing_cases(document: Document) -> list[str]:
    """What the cases beside the file say against it."""
    cases = cases_beside(document.path, definition=document.definition)
    results = (result(document.definition, case) for case in cases)
    return [f"{each.file}, line {each.line}: {each.case}: {said}" for each in results for said in each.against]
