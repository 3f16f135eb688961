"""What is known of a lead after some events: the latest statement of each fact, since when, and who said it."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from ripeline.criteria.condition import Value
from ripeline.events.event import Event
from ripeline.events.facts import hints, statements
from ripeline.scoring.value_codes import value_code


class Known(NamedTuple):
    """The value of a fact, and the event that first gave it."""

    value: Value
    since: datetime
    event: Event


def known(events: Iterable[Event]) -> dict[str, Known]:
    """What `events`, in order, tell of a lead, by folded field; hints only fill what is unknown."""
    facts: dict[str, Known] = {}
    for event in events:
        if not event.facts and not event.hints:
            continue  # nearly all
        for field, value in statements(event):
            before = facts.get(field)
            if value is None:
                facts.pop(field, None)
            elif before is None or value_code(before.value) != value_code(value):
                facts[field] = Known(value, event.occurred_at, event)
        for field, value in hints(event):
            if field not in facts:
                facts[field] = Known(value, event.occurred_at, event)
    return facts
