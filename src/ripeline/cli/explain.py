"""`ripeline explain`: every point of one lead, from files of events; no workspace needed."""

from datetime import datetime
from pathlib import Path

import click

from ripeline.batch.mapping_text import MappingError
from ripeline.batch.score import history_of
from ripeline.batch.tables import UnreadableFile
from ripeline.cli.filed import mapping_at, over_files
from ripeline.cli.printing import as_json, definition_at, fail, print_json, said_in_words
from ripeline.scoring.explain import explain, sentences
from ripeline.translation import translated


@click.command(name="explain")
@over_files
@click.option("--lead", required=True, help="The lead, as `ripeline score` calls it.")
@as_json
def command(
    definition_path: Path, events: Path, map_path: Path | None, as_of: datetime, lead: str, as_json: bool
) -> None:
    """Say which events and facts gave a lead its points at a moment, and what it lacks to qualify."""
    definition = definition_at(definition_path)
    with said_in_words(UnreadableFile, MappingError, OSError):
        history = history_of(events, mapping_at(map_path), lead)
    if history is None:
        fail(translated("{events} has no lead {lead!r}", events=events, lead=lead))
    explanation = explain(definition, history.events, as_of=as_of, reachable=history.reachable)
    if as_json:
        print_json(explanation)
        return
    for sentence in sentences(explanation):
        click.echo(sentence)
