"""What `ripeline check` says of the mapping of an incoming address, and what it would make of a request."""

import sys
from pathlib import Path

import click
import msgspec

from ripeline.cli.opening import now
from ripeline.cli.printing import print_json, print_problems
from ripeline.server.ingest.incoming_events import Arrival, Taken, read_incoming
from ripeline.server.ingest.mappings import NAME, Broken, mapping_at
from ripeline.translation import counted, translated

_SHOWN = ("kind", "name", "message_id", "occurred_at", "user_id", "anonymous_id", "facts", "hints", "properties")


def check(path: Path, payload: Path | None, *, as_json: bool) -> None:
    """Print the problems of a mapping, exit 1 if it has any; else the events that `payload` becomes."""
    mapping = mapping_at(path)
    if isinstance(mapping, Broken):
        print_problems(path, mapping.problems, json_too=as_json)
        sys.exit(1)
    if path.suffix != ".yaml" or NAME.fullmatch(path.stem) is None:
        click.echo(translated("{path}: no address has this name; it is made of a-z, 0-9, _ and -", path=path), err=True)
        sys.exit(1)
    if payload is None:
        if as_json:
            print_problems(path, (), json_too=True)
        else:
            click.echo(translated("{path}: no problems", path=path))
        return
    found = read_incoming(payload.read_bytes(), mapping, Arrival(path.stem, path.stem, now()))
    _print(found, as_json=as_json)
    sys.exit(1 if found.refused else 0)


def _print(found: Taken, *, as_json: bool) -> None:
    events = [{name: msgspec.to_builtins(getattr(event, name)) for name in _SHOWN} for event in found.accepted]
    refused = [{"reason": one.reason.value, "detail": one.detail} for one in found.refused]
    if as_json:
        print_json({"events": events, "refused": refused, "skipped": found.skipped})
        return
    for event in events:
        click.echo(msgspec.json.encode({name: told for name, told in event.items() if told}).decode())
    for one in refused:
        click.echo(f"{one['reason']}: {one['detail']}")
    if found.skipped:
        click.echo(counted("{count} is skipped", "{count} are skipped", found.skipped))
