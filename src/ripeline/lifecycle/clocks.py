"""How long sales has for an answer. Time runs on at nights and weekends: `answer_within` is elapsed time."""

from datetime import datetime, timedelta

import msgspec


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """An SLA on a lead. It keeps its own deadline, so that a later agreement does not move it."""

    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None = None


def started(*, at: datetime, answer_within: timedelta) -> Clock:
    """A clock that starts at `at`.

    >>> from datetime import UTC
    >>> started(at=datetime(2026, 3, 6, 16, tzinfo=UTC), answer_within=timedelta(hours=4)).due_at.isoformat()
    '2026-03-06T20:00:00+00:00'
    """
    return Clock(started_at=at, due_at=at + answer_within)


def breached_at(clock: Clock, *, now: datetime) -> datetime | None:
    """The deadline, if it passed before an answer came; an answer at the deadline is in time.

    >>> from datetime import UTC
    >>> clock = started(at=datetime(2026, 3, 6, tzinfo=UTC), answer_within=timedelta(hours=4))
    >>> breached_at(clock, now=datetime(2026, 3, 9, tzinfo=UTC)) == clock.due_at
    True
    >>> answered = msgspec.structs.replace(clock, stopped_at=clock.due_at)
    >>> breached_at(answered, now=datetime(2026, 3, 9, tzinfo=UTC)) is None
    True
    """
    answered = clock.stopped_at if clock.stopped_at is not None else now
    overdue = answered > clock.due_at if clock.stopped_at is not None else answered >= clock.due_at
    return clock.due_at if overdue else None
