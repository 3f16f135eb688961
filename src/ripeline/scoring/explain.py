"""Every point of a score: which event or fact gave it under which criterion, and what time and limits left of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from ripeline.definition.model import Definition
from ripeline.events.event import Event
from ripeline.scoring.acts import Act, Transition
from ripeline.scoring.score import Score


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One contribution, or one row of cap, floor or reset.

    `points` is what is left of `given` and is shown as it is: the points of all parts add up to the explanation's
    `shown`. `counted` is False for a match that the criterion's limit left out (its points are 0). `criterion` is
    empty for `kind` cap, floor and reset. `fact` is the folded field that was stated, `event` the event or statement.
    """

    kind: str  # event, fact, cap, floor, reset
    group: str
    criterion: str
    sentence: str
    at: datetime | None
    event: Event | None
    fact: str
    given: float
    points: float
    weight: float  # of age
    channel: str
    counted: bool
    note: str


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """A score with all its parts. `missing` says what the lead lacks to pass the MQL gate, in words."""

    score: Score
    shown: float
    parts: tuple[Part, ...]
    missing: tuple[str, ...]


def explain(
    definition: Definition,
    events: Iterable[Event],
    *,
    as_of: datetime,
    acts: Sequence[Act] = (),
    transitions: Sequence[Transition] | None = None,
    reachable: bool = False,
) -> Explanation:
    """Explain the score of one lead at `as_of`; with `transitions` as it happened, else as if."""
    raise NotImplementedError
