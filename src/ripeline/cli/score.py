"""`ripeline score`: one row a lead, from files of events; no workspace needed."""

import sys
from datetime import datetime
from pathlib import Path

import click

from ripeline.batch.answers import UnwritableFile, check, write, write_csv
from ripeline.batch.mapping_text import MappingError
from ripeline.batch.score import score_files
from ripeline.batch.tables import UnreadableFile
from ripeline.cli.filed import Refused, mapping_at, over_files
from ripeline.cli.printing import as_json, definition_at, print_json, said_in_words
from ripeline.translation import counted


@click.command(name="score")
@over_files
@click.option("--out", type=click.Path(path_type=Path), help="Write .csv, .jsonl (each also .gz) or .parquet.")
@as_json
def command(
    definition_path: Path, events: Path, map_path: Path | None, as_of: datetime, out: Path | None, as_json: bool
) -> None:
    """Score every lead in the files as it stood at a moment: one row each, in order of lead."""
    definition = definition_at(definition_path)
    refused = Refused()
    with said_in_words(UnreadableFile, UnwritableFile, MappingError, OSError):
        if out is not None:
            check(out)  # before minutes are spent on an answer that has no place
        mapping = mapping_at(map_path)
        table = score_files(definition, events, mapping, as_of=as_of, refused=refused, copied=refused.copied)
        if out is not None:
            write(table, out)
    refused.tell()
    if as_json:
        print_json(table.to_pylist())
    elif out is None:
        write_csv(table, sys.stdout.buffer)
    else:
        said = counted("{count} lead, written to {path}", "{count} leads, written to {path}", table.num_rows, path=out)
        click.echo(said)
