"""`ripeline sources`: what came under each write key, and what was refused of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ripeline.cli.opening import now, workspace_in
from ripeline.cli.printing import as_json, print_json, workspace
from ripeline.translation import translated

if TYPE_CHECKING:
    from ripeline.server.log.queries import SourceRecord


@click.command(name="sources")
@workspace
@as_json
def command(folder: Path, as_json: bool) -> None:
    """Say of each source when its latest event came, how many come, how late, and how many are refused and why."""
    at = now()
    with workspace_in(folder):
        from ripeline.server.log.queries import sources

        found = sources(now=at)
    if as_json:
        print_json({"sources": [_told(record) for record in found]})
    elif not found:
        click.echo(translated("No sources yet: `ripeline key {folder} new --kind write` makes a key.", folder=folder))
    for record in () if as_json else found:
        click.echo("\n".join(_lines(record)))


def _told(record: "SourceRecord") -> dict[str, Any]:
    return {
        "name": record.key.name,
        "key": record.key.hint,
        "demand": record.key.demand,
        "events": record.events,
        "first_at": record.first_at,
        "last_at": record.last_at,
        "last_event": record.last_event,
        "last_lead": record.last_lead,
        "lag_seconds": None if record.lag is None else record.lag.total_seconds(),
        "events_per_minute": round(record.last_minute, 3),
        "last_hour": record.last_hour,
        "last_day": record.last_day,
        "refused_since": record.refused_since,
        "stored": record.stored,
        "refused": record.refused,
    }


def _lines(record: "SourceRecord") -> list[str]:
    lines = [record.key.name]
    if record.last_at is None or record.lag is None:
        lines.append(translated("  no event yet"))
    else:
        told = {
            "event": record.last_event,
            "lead": record.last_lead or "-",
            "at": f"{record.last_at:%Y-%m-%d %H:%M:%S}",
        }
        lines.append(translated("  latest: {event} of lead {lead}, {at} UTC", **told))
        seconds = f"{record.lag.total_seconds():.1f}"
        lines.append(translated("  {seconds} s from what happened to its arrival", seconds=seconds))
        counts = {"minute": f"{record.last_minute:.1f}", "hour": record.last_hour, "day": record.last_day}
        lines.append(translated("  {minute} a minute now, {hour} in the last hour, {day} in 24 hours", **counts))
    since = f"{record.refused_since:%Y-%m-%d}"
    for reason, count in record.refused.items():
        lines.append(translated("  refused since {since}: {count} {reason}", since=since, count=count, reason=reason))
    return lines
