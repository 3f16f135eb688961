"""Instants as whole microseconds since 1970 (UTC), the form in which log, lake and fold keep time."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def micros(instant: datetime) -> int:
    """Whole microseconds from 1970 to an aware `instant`.

    >>> micros(datetime(2026, 3, 1, tzinfo=UTC))
    1772323200000000
    """
    return (instant - EPOCH) // MICROSECOND


def instant(micros: int) -> datetime:
    """The aware UTC instant `micros` microseconds after 1970.

    >>> instant(1772323200000000)
    datetime.datetime(2026, 3, 1, 0, 0, tzinfo=datetime.timezone.utc)
    """
    return EPOCH + timedelta(microseconds=micros)
