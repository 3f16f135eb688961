"""Histories of one lead, drawn from the words that `tests.strategies` makes definitions of."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

import msgspec
from hypothesis import strategies as st
from tests.strategies import EVENT_FIELDS, EVENT_NAMES, FACT_FIELDS, sendable

from ripeline.events.decode import decode
from ripeline.events.event import Event
from ripeline.scoring.acts import Act

START = datetime(2026, 3, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Lived(NamedTuple):
    """What a lead did and what was done about it by `as_of`; `seed` makes orders of arrival."""

    events: tuple[Event, ...]
    acts: tuple[Act, ...]
    as_of: datetime
    reachable: bool
    seed: int

    def chance(self) -> Random:
        return Random(self.seed)


# Some minutes come again and again, so that things happen at one instant, and exactly one age apart.
MINUTES = st.one_of(
    st.integers(0, 60 * 24 * 100), st.sampled_from([0, 60, 1440, 1440 * 7, 1440 * 30, 1440 * 90]), st.integers(0, 20)
)
PROPERTIES = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(sendable(told)) for name, told in EVENT_FIELDS.items()}
)
TRAITS = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.sampled_from(sendable(told)) for name, told in FACT_FIELDS.items()},
        "shoe size": st.sampled_from(sendable((43, "43"))),  # a fact that nothing reads
        "email": st.sampled_from(("ada@firm.example", "", None)),
    },
)
CALLS = st.one_of(
    st.builds(lambda name, told: {"type": "track", "event": name, "properties": told},
              st.sampled_from((*EVENT_NAMES, "demo_requested", "Banner Seen")), PROPERTIES),
    st.builds(lambda told: {"type": "page", "properties": told}, PROPERTIES),
    st.builds(lambda told: {"type": "identify", "traits": told}, TRAITS),
    st.builds(lambda told: {"type": "track", "event": "Demo Requested", "context": {"traits": told}}, TRAITS),
)  # fmt: skip
EVENTS = st.lists(st.tuples(MINUTES, CALLS, st.sampled_from("ab")), min_size=1, max_size=24)
ACTS = st.lists(
    st.tuples(
        MINUTES,
        st.sampled_from(("accept", "reject", "reject", "won", "lost", "take")),
        st.sampled_from(("not_a_fit", "not_now")),
    ),
    max_size=4,
)


@st.composite
def lives(draw: st.DrawFn) -> Lived:
    told = draw(EVENTS)
    events = [_event(place, *each) for place, each in enumerate(told)]
    first = min(event.occurred_at for event in events)  # nobody acts on a lead who has done nothing yet
    acts = [
        Act(at=max(first, START + minute * MINUTE), act=act, reason=reason if act == "reject" else "", by="eve")
        for minute, act, reason in draw(ACTS)
    ]
    as_of = START + draw(MINUTES) * MINUTE
    return Lived(tuple(events), tuple(acts), as_of, draw(st.booleans()), draw(st.integers(0, 1_000_000)))


def _event(place: int, minute: int, call: dict[str, Any], source: str) -> Event:
    at = START + minute * MINUTE
    message = {"messageId": f"{place * 7 % 24}-{place}", "userId": "ada", "timestamp": at.isoformat(), **call}
    event = decode(msgspec.json.encode(message), source=source, received_at=at)
    assert isinstance(event, Event)
    return event
