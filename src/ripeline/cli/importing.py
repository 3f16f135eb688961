"""`ripeline import`: a history from files enters a workspace, by way of the server where one runs."""

from pathlib import Path

import click

from ripeline.batch.filed import RefusedRow
from ripeline.batch.history import History
from ripeline.batch.mapping_text import MappingError
from ripeline.batch.outcomes import read_outcomes
from ripeline.batch.tables import UnreadableFile
from ripeline.cli.filed import REFUSED_SHOWN, mapping_at
from ripeline.cli.opening import done, now, workspace_in
from ripeline.cli.printing import as_json, existing, fail, print_json, said_in_words, workspace
from ripeline.server.control import Asked
from ripeline.server.imports.refused_rows import RefusedRows, refused_rows
from ripeline.server.imports.running import ALONE, SERVED, Counts, Import
from ripeline.server.log.commands import Restore, Restored
from ripeline.server.log.exporting import manifest_of
from ripeline.server.workspace import Workspace
from ripeline.translation import counted, translated

SAID_EVERY = 50_000  # rows


@click.command(name="import")
@workspace
@click.argument("events", metavar="FILE", type=click.Path(exists=True, path_type=Path))
@click.option("--map", "map_path", type=existing, help="How the files' columns become events.")
@click.option("--source", default="", help="Where the events came from, for rows that do not say so themselves.")
@click.option(
    "--outcomes", type=click.Path(exists=True, path_type=Path), help="Deals won and lost: lead, outcome, occurred_at."
)
@click.option(
    "--refused",
    "refused_path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where rows that cannot be taken are kept, as CSV; FILE.refused.csv beside the file unless told.",
)
@as_json
def command(  # noqa: PLR0917 - one argument an option
    folder: Path, events: Path, map_path: Path | None, source: str, outcomes: Path | None, refused_path: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Take a history in: a file of events (.csv, .jsonl, each also .gz, or .parquet), a folder of them, or an export.

    History starts no clock and tells nobody. Who qualifies and acted lately waits in the inbox, on offer. What was
    taken in before counts once, so an import that was interrupted is simply started again.
    """
    if events.is_dir() and manifest_of(events) is not None:
        _restore(folder, events, json_too=as_json)
        return
    with said_in_words(UnreadableFile, MappingError, OSError):
        mapping = mapping_at(map_path)
        history = History(events, mapping, source=source)
        beside = refused_path or _beside(events)
        with refused_rows(beside) as refused, workspace_in(folder) as opened:
            counts = _import(opened, refused).run(history, read_outcomes(outcomes) if outcomes else (), end=now())
    _tell(counts, beside, json_too=as_json)


def _restore(folder: Path, export: Path, *, json_too: bool) -> None:
    """A workspace that was exported, whole."""
    with workspace_in(folder) as opened:
        answer: Restored = done(opened, Restore(folder=str(export.resolve())))
    if json_too:
        print_json({"events": answer.events, "leads": answer.leads, "versions": answer.versions})
        return
    click.echo(counted("{count} event restored", "{count} events restored", answer.events))
    click.echo(counted("{count} lead is scored again", "{count} leads are scored again", answer.leads))


def _beside(events: Path) -> Path:
    return events.resolve().with_name(f"{events.resolve().name}.refused.csv")


def _import(opened: Workspace, kept: RefusedRows) -> Import:
    """An import that says on stderr how far it is."""
    said = saved = 0

    def refused(row: RefusedRow) -> None:
        if running.counts.refused <= REFUSED_SHOWN:
            click.echo(str(row), err=True)
        kept(row)

    def told(counts: Counts) -> None:
        nonlocal said, saved
        if counts.rows - said >= SAID_EVERY:
            said = counts.rows
            line = translated("{rows} rows read, {refused} refused", rows=counts.rows, refused=counts.refused)
            click.echo(line, err=True)
        if counts.stored + counts.duplicates - saved >= SAID_EVERY:
            saved = counts.stored + counts.duplicates
            click.echo(translated("{count} events taken in", count=saved), err=True)

    at_once = SERVED if isinstance(opened, Asked) else ALONE
    running = Import(opened.submit, refused=refused, told=told, at_once=at_once, folder=opened.folder / "data")
    return running


def _tell(counts: Counts, beside: Path, *, json_too: bool) -> None:
    if json_too:
        print_json({**_json(counts), "refused_file": str(beside) if counts.refused else None})
    else:
        _say(counts)
    if counts.refused:
        told = counted(
            "{count} row was refused; it is kept with the reason in {path}",
            "{count} rows were refused; they are kept with their reasons in {path}",
            counts.refused,
            path=beside,
        )
        click.echo(told, err=True)
    if counts.unknown:
        told = counted(
            "{count} outcome is about nobody in this workspace and was left out",
            "{count} outcomes are about nobody in this workspace and were left out",
            counts.unknown,
        )
        click.echo(told, err=True)
    if counts.refused and not (counts.stored or counts.duplicates or counts.outcomes):
        fail(translated("Nothing was imported."))


def _json(counts: Counts) -> dict[str, int]:
    return {
        "rows": counts.rows,
        "stored": counts.stored,
        "duplicates": counts.duplicates,
        "refused": counts.refused,
        "outcomes": counts.outcomes,
        "unknown_outcomes": counts.unknown,
    }


def _say(counts: Counts) -> None:
    click.echo(counted("{count} event imported", "{count} events imported", counts.stored))
    if counts.duplicates:
        click.echo(counted("{count} was there already", "{count} were there already", counts.duplicates))
    if counts.outcomes:
        click.echo(counted("{count} outcome imported", "{count} outcomes imported", counts.outcomes))
