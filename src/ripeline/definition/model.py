"""A definition as values: what the loader makes of the agreed text and everyone else reads.

Times within it are `timedelta`; fields, group keys and names of events are as written (match them with
`events.names.folded`).
"""

from datetime import timedelta

import msgspec

from ripeline.criteria.age import Age
from ripeline.criteria.condition import Condition
from ripeline.criteria.limit import Limit

STAGES = ("visitor", "lead", "mql", "sal", "sql", "opportunity", "customer", "lost", "recycled", "disqualified")

# Names of events that nobody does: they move no lead. A definition may name others.
NOT_ACTS = ("Email Sent", "Email Delivered", "Email Bounced")

# A lead whose crossing is older than this is offered, without a clock, instead of handed over.
HANDOVER_WITHIN = timedelta(days=7)


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the channel table: the first whose `when` holds names the channel; `weight` multiplies its points."""

    key: str
    when: Condition | None  # None: everything that is left
    weight: float = 1.0


class Criterion(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the agreement. With `on` it counts events of that name; without, it reads facts."""

    key: str
    group: str
    points: float
    on: str | None = None
    when: Condition | None = None  # of the event (`where` in the text), or of the facts
    age: Age = Age()
    limit: Limit | None = None
    line: int = 0


class Band(msgspec.Struct, frozen=True, kw_only=True):
    """A grade and the sub-score from which it is given; `at_least` None is what is left."""

    grade: str
    at_least: float | None


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """A named sub-score. Cap and floor clamp what is read; nothing is lost behind them."""

    key: str
    criteria: tuple[Criterion, ...]
    cap: float | None = None
    floor: float | None = None
    grades: tuple[Band, ...] = ()
    line: int = 0


class Exclusion(msgspec.Struct, frozen=True, kw_only=True):
    """Whom no gate lets through."""

    key: str
    when: Condition


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    """What opens a stage.

    `when` reads `total`, group keys and facts; an event named in `at_once` opens the stage by itself.
    """

    opens: str
    when: Condition | None = None
    at_once: tuple[str, ...] = ()
    answer_within: timedelta | None = None
    line: int = 0


class RejectReason(msgspec.Struct, frozen=True, kw_only=True):
    """Why sales gave a lead back, where it goes (`recycled` or `disqualified`), and how long it is left alone."""

    key: str
    stage: str
    wait: timedelta = timedelta(0)


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """The agreement between marketing and sales."""

    key: str
    title: str
    timezone: str
    groups: tuple[Group, ...]
    minimum_profile: Condition | None = None
    channels: tuple[Channel, ...] = ()
    excluded: tuple[Exclusion, ...] = ()
    mql: Gate = Gate(opens="mql")
    reject_reasons: tuple[RejectReason, ...] = ()
    resets: tuple[str, ...] = ()  # groups that start anew when a lead is recycled
    returns_by: tuple[str, ...] = ()  # events that bring a disqualified lead back
    not_acts: tuple[str, ...] = NOT_ACTS
    visitors_may_qualify: bool = False
    handover_within: timedelta = HANDOVER_WITHIN

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        return tuple(criterion for group in self.groups for criterion in group.criteria)
