"""What the commands over files of events share: their options, and how unreadable rows and files are told."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ripeline.batch.filed import RefusedRow
from ripeline.batch.mapping import Mapping
from ripeline.batch.mapping_text import read_mapping
from ripeline.cli.printing import Instant, existing
from ripeline.translation import counted

REFUSED_SHOWN = 10


def over_files(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say which events are read, under which definition, as of when."""
    options = (
        click.option(
            "--definition", "definition_path", type=existing, required=True, help="The definition's YAML file."
        ),
        click.option(
            "--events",
            type=click.Path(exists=True, path_type=Path),
            required=True,
            help="A file of events (.csv, .jsonl, each also .gz, or .parquet), or a folder of them.",
        ),
        click.option("--map", "map_path", type=existing, help="How the files' columns become events."),
        click.option(
            "--as-of", type=Instant(), required=True, help="The moment to look from; later events do not exist."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def mapping_at(path: Path | None) -> Mapping | None:
    return None if path is None else read_mapping(path)


class Refused:
    """Hears of the rows that are no events: shows the first few, counts the others, and counts copies."""

    def __init__(self) -> None:
        self.count = 0
        self.copies = 0

    def __call__(self, row: RefusedRow) -> None:
        self.count += 1
        if self.count <= REFUSED_SHOWN:
            click.echo(str(row), err=True)

    def copied(self, count: int) -> None:
        self.copies += count

    def tell(self) -> None:
        if self.count:
            click.echo(
                counted(
                    "{count} row is no event; the others count",
                    "{count} rows are no events; the others count",
                    self.count,
                ),
                err=True,
            )
        if self.copies:
            click.echo(
                counted(
                    "{count} event has the source and id of an earlier one and was left out as its copy",
                    "{count} events have the source and id of an earlier one and were left out as its copies",
                    self.copies,
                ),
                err=True,
            )
