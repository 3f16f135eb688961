"""Small lakes and files of events for tests."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from ripeline.batch.lake import Lake, LoggedEvent
from ripeline.batch.layers import Layers
from ripeline.definition.load import load
from ripeline.definition.model import Definition
from ripeline.events.assembly import NAMES
from ripeline.events.event import Event
from ripeline.events.instants import instant, micros

MARCH = datetime(2026, 3, 1, tzinfo=UTC)

PRICING = """
definition: pricing
title: Who looks at prices
timezone: UTC
scores:
  fit: {criteria: {decides: {when: {title: {contains: head}}, points: 20}}}
  engagement:
    half_life: 30 days
    criteria:
      pricing_page: {on: Page Viewed, where: {path: /pricing}, points: 8, limit: 3 per day}
      demo:         {on: Demo Requested, points: 30}
stages:
  mql: {when: {total: {at_least: 40}}, answer_within: 4 hours}
  sal: {reject_reasons: {not_a_fit: disqualified, not_now: {recycled: 90 days}}}
visitors_may_qualify: true
"""


def pricing() -> Definition:
    return load(PRICING)


def days(number: float) -> datetime:
    """So many days after the first of March."""
    return MARCH + timedelta(days=number)


def logged(
    seq: int, identity: int, day: float, *, kind: str = "track", source: str = "site", **message: Any
) -> LoggedEvent:
    """A committed event; `message` is what its sender wrote."""
    at = micros(days(day))
    name = NAMES.get(kind) or message.setdefault("event", "Demo Requested")
    message_id = message.pop("message_id", f"m{seq:06}")
    body = msgspec.json.encode({"type": kind, "userId": f"u{identity}", **message})
    return LoggedEvent(identity, at, source, message_id, seq, at, kind, name, body)


def seen_pricing(seq: int, identity: int, day: float, **more: Any) -> LoggedEvent:
    return logged(seq, identity, day, kind="page", properties={"path": "/pricing"}, **more)


def numbers_in(lake: Lake) -> list[int]:
    """The sequence numbers that a lake holds, each as often as it is there."""
    tables = None
    while tables is None:
        with suppress(FileNotFoundError):  # a compaction has just ended
            tables = [Layers(path).table(["seq"]) for path in lake.contents().files]
    return sorted(number for table in tables for number in table["seq"].to_pylist())


def as_event(row: LoggedEvent) -> Event:
    """What `row` tells."""
    from ripeline.events.decode import restored

    return restored(
        row.body,
        source=row.source,
        message_id=row.message_id,
        kind=row.kind,
        name=row.name,
        occurred_at=instant(row.occurred_at),
        received_at=instant(row.received_at),
    )


def jsonl(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    path.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
    return path


def by_lead(table: pa.Table) -> dict[Any, dict[str, Any]]:
    """The rows of a table of scores by lead."""
    return {row["lead"]: row for row in table.to_pylist()}


def shuffled_groups(rows: list[LoggedEvent], size: int) -> Iterator[list[LoggedEvent]]:
    """`rows` in groups of consecutive numbers, as a mirror is given them."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
