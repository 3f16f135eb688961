"""When an event happened, corrected for the clock of its sender."""

from datetime import UTC, datetime, timedelta

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD_AT_MOST = timedelta(hours=24)

# Numbers are seconds up to the first of these (the year 5138), then milliseconds, then microseconds.
_MILLISECONDS_FROM = 1e11
_MICROSECONDS_FROM = 1e14


def told_instant(told: str | int | float | None) -> datetime | None:
    """The UTC instant a sender wrote: ISO 8601 (UTC where it names no zone) or a Unix time; None where it is absent.

    Raises ValueError (and OverflowError) where it cannot be read.

    >>> told_instant("2026-03-01T10:30:00+01:00")
    datetime.datetime(2026, 3, 1, 9, 30, tzinfo=datetime.timezone.utc)
    """
    if told is None or told == "":
        return None
    if type(told) is not str:
        return _unix_instant(float(told))
    at = datetime.fromisoformat(told.strip())
    if at.tzinfo is UTC:
        return at
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _unix_instant(number: float) -> datetime:
    size = abs(number)
    seconds = number if size < _MILLISECONDS_FROM else number / (1e3 if size < _MICROSECONDS_FROM else 1e6)
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


def occurred(*, told: datetime | None, sent: datetime | None, received: datetime) -> datetime | None:
    """When an event happened by our clock, or None where that is before 1990 or more than 24 hours ahead.

    What the sender's clock read between event and sending is what passed: `received - (sent - told)`. Nothing
    happens after it was received; up to 24 hours ahead is taken as now.
    """
    if told is None:
        return received
    try:
        at = told if sent is None else told + (received - sent)
    except OverflowError:
        return None
    if at > received:
        return received if at - received <= AHEAD_AT_MOST else None
    return at if at >= EARLIEST else None
