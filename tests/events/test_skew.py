"""When an event happened, whatever the sender's clock says."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.events.skew import AHEAD_AT_MOST, occurred, told_instant

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("told", "at"),
    [
        ("2026-03-01T12:00:00.000Z", NOW),
        ("2026-03-01T12:00:00.000000+00:00", NOW),
        ("2026-03-01T13:00:00+01:00", NOW),
        ("2026-03-01 12:00:00", NOW),
        (" 2026-03-01T12:00:00.000000000Z ", NOW),
        ("2026-03-01", NOW - 12 * HOUR),
        (NOW.timestamp(), NOW),
        (NOW.timestamp() * 1e3, NOW),
        (int(NOW.timestamp() * 1e6), NOW),
        (None, None),
        ("", None),
    ],
)
def test_the_ways_in_which_time_is_written(told: str | float | None, at: datetime | None) -> None:
    assert told_instant(told) == at


@pytest.mark.parametrize("told", ["now", "2026-13-01", "1772366400000", "0000-00-00", "2026-03-01T12:00:00 CET"])
def test_what_is_no_time_is_an_error(told: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        told_instant(told)


def test_without_a_told_time_it_happened_when_it_was_received() -> None:
    assert occurred(told=None, sent=NOW - HOUR, received=NOW) == NOW


def test_without_a_sending_time_the_told_one_is_believed() -> None:
    assert occurred(told=NOW - HOUR, sent=None, received=NOW) == NOW - HOUR


@given(st.timedeltas(-timedelta(days=9000), timedelta(days=9000)), st.timedeltas(timedelta(0), timedelta(days=30)))
def test_a_wrong_clock_changes_nothing(wrong_by: timedelta, before: timedelta) -> None:
    assert occurred(told=NOW + wrong_by - before, sent=NOW + wrong_by, received=NOW) == NOW - before


@pytest.mark.parametrize(("ahead", "at"), [(HOUR, NOW), (AHEAD_AT_MOST, NOW), (AHEAD_AT_MOST + HOUR, None)])
def test_the_future_is_now_for_a_day_and_then_refused(ahead: timedelta, at: datetime | None) -> None:
    assert occurred(told=NOW + ahead, sent=None, received=NOW) == at


def test_what_lies_years_back_is_legitimate_until_1990() -> None:
    first = datetime(1990, 1, 1, tzinfo=UTC)

    assert occurred(told=first, sent=None, received=NOW) == first
    assert occurred(told=first - timedelta(microseconds=1), sent=None, received=NOW) is None
