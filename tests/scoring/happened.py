"""Events of tests: what happened and when, everything else as it usually is."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from ripeline.definition.load import load
from ripeline.definition.model import Definition
from ripeline.events.event import Event

DAY = timedelta(days=1)
_numbers = count()


def day(number: float) -> datetime:
    """That many days after the beginning of 2026, in UTC."""
    return datetime(2026, 1, 1, tzinfo=UTC) + number * DAY


def did(name: str, at: datetime, **properties: Any) -> Event:
    return _event("track", name, at, properties=properties)


def said(at: datetime, **facts: Any) -> Event:
    return _event("identify", "Identified", at, facts=facts)


def _event(kind: str, name: str, at: datetime, **rest: Any) -> Event:
    return Event(
        source="site", message_id=f"m{next(_numbers)}", kind=kind, name=name, occurred_at=at, received_at=at, **rest
    )


def agreed(scores: str, mql: str = "{when: {total: {at_least: 20}}}", *, more: str = "") -> Definition:
    return load(f"definition: trial\nscores: {scores}\nstages: {{mql: {mql}}}\n{more}")
