from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import ZONES

from ripeline.events.instants import instant, micros
from ripeline.scoring import reference, tables
from ripeline.scoring.calendar import utc_distance
from ripeline.scoring.kernels.points import DAY, bucket_of

BUCKETS = {"day": tables.PER_DAY, "week": tables.PER_WEEK, "month": tables.PER_MONTH}
FIRST, LAST = (micros(datetime(year, 1, 1, tzinfo=UTC)) for year in (1990, 2090))
instants = st.integers(FIRST, LAST).map(instant)


def distance(zone: str, at: datetime) -> int:
    since, distances = utc_distance(zone)
    return int(distances[since.searchsorted(micros(at), side="right") - 1])


@given(st.sampled_from((*ZONES, "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca")), instants)
def test_the_distance_from_utc_is_that_of_the_zone(zone: str, at: datetime) -> None:
    offset = at.astimezone(ZoneInfo(zone)).utcoffset()

    assert offset is not None
    assert distance(zone, at) == offset.total_seconds() * 1_000_000


@pytest.mark.parametrize("zone", ZONES)
def test_a_change_is_found_to_the_microsecond(zone: str) -> None:
    for changed_at in utc_distance(zone).since.tolist()[1:]:
        at = instant(changed_at)
        local = [each.astimezone(ZoneInfo(zone)).utcoffset() for each in (instant(changed_at - 1), at)]

        assert local[0] != local[1]


@given(st.sampled_from(ZONES), st.sampled_from(sorted(BUCKETS)), st.lists(instants, min_size=2, max_size=5))
def test_instants_share_a_bucket_where_they_share_a_local_day_week_or_month(
    zone: str, per: str, moments: list[datetime]
) -> None:
    ours = [bucket_of(BUCKETS[per], (micros(at) + distance(zone, at)) // DAY) for at in sorted(moments)]
    plain = [reference.bucket_of(at, per, ZoneInfo(zone)) for at in sorted(moments)]

    assert [left == right for left, right in pairwise(ours)] == [left == right for left, right in pairwise(plain)]


def test_a_zone_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        utc_distance("Europe/Atlantis")
