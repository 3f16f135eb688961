from datetime import UTC, datetime, timedelta

import pytest

from ripeline.server.times import ago, countdown, days_ago, full, heading, length, local_day, moment

NOW = datetime(2026, 11, 22, 10, 14, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=20), "under 1 min"),
        (18 * MINUTE, "18 min"),
        (2 * HOUR + 10 * MINUTE, "2 h 10"),
        (3 * HOUR + 5 * MINUTE, "3 h 05"),
        (3 * DAY + 5 * HOUR, "3 d"),
    ],
)
def test_a_length_is_said_in_one_or_two_units(span: timedelta, words: str) -> None:
    assert length(span) == words


def test_a_clock_just_started_shows_all_of_its_time() -> None:
    left = countdown(NOW + 2 * HOUR, started_at=NOW, now=NOW + timedelta(seconds=1))

    assert (left.words, left.tone) == ("2 h 00", "calm")


def test_the_last_quarter_of_a_clock_warns() -> None:
    due_at = NOW + 18 * MINUTE

    assert countdown(due_at, started_at=due_at - 2 * HOUR, now=NOW).tone == "warn"
    assert countdown(due_at, started_at=due_at - HOUR, now=NOW).tone == "calm"


def test_a_passed_deadline_says_how_late_it_is() -> None:
    late = countdown(NOW - 42 * MINUTE, started_at=NOW - 3 * HOUR, now=NOW)

    assert (late.words, late.tone) == ("42 min late", "late")


def test_times_are_relative_within_a_day_and_dates_after_it() -> None:
    assert ago(NOW - 2 * HOUR, now=NOW) == "2 hours ago"
    assert ago(NOW - 34 * DAY, now=NOW) == "19 Oct"
    assert ago(NOW - 400 * DAY, now=NOW) == "18 Oct 2025"


def test_evidence_counts_days() -> None:
    assert days_ago(NOW - 18 * DAY, now=NOW) == "18 days ago"
    assert days_ago(NOW - DAY, now=NOW) == "yesterday"


def test_a_narrow_column_names_today_and_yesterday() -> None:
    assert moment(NOW - HOUR, now=NOW) == "Today 09:14"
    assert moment(NOW - DAY, now=NOW) == "Yesterday 10:14"
    assert moment(NOW - 3 * DAY, now=NOW) == "19 Nov"


def test_a_tooltip_says_everything() -> None:
    assert full(NOW) == "22 November 2026, 10:14 UTC"


def test_a_days_heading_has_its_weekday() -> None:
    assert heading(local_day(NOW - 34 * DAY), today=local_day(NOW)) == "Monday 19 October"
