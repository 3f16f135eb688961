"""What a scorer answers about one lead at one instant."""

from datetime import datetime

import msgspec


class Cycle(msgspec.Struct, frozen=True):
    """One way through the funnel: it starts with the first event, on entering `recycled`, or on coming back from
    `disqualified`. `crossed_at` is the first happening in it after which the gate held; None: not yet.
    """

    number: int
    started_at: datetime
    crossed_at: datetime | None = None


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """A lead's score at `as_of`.

    `total` and `sub_scores` (by group key, clamped) are unrounded points. `grade` joins the groups' bands (`A1`).
    `excluded` are the keys of the exclusions that hold. `qualifies`: not excluded, and the MQL gate or a bypass of it
    holds at `as_of`. `qualified_at` is the first crossing ever. `skipped` counts acts that were not legal *as if*.
    """

    as_of: datetime
    total: float
    sub_scores: dict[str, float]
    grade: str = ""
    stage: str = "visitor"
    excluded: tuple[str, ...] = ()
    qualifies: bool = False
    qualified_at: datetime | None = None
    cycles: tuple[Cycle, ...] = ()
    skipped: int = 0
