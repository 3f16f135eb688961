from datetime import timedelta

import pytest

from ripeline.criteria.age import Age

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("age", "passed", "weight"),
    [
        (Age(), 1000 * DAY, 1.0),
        (Age("half_life", 30 * DAY), 0 * DAY, 1.0),
        (Age("half_life", 30 * DAY), 30 * DAY, 0.5),
        (Age("half_life", DAY), 36_500 * DAY, 0.0),
        (Age("window", 30 * DAY), 30 * DAY - timedelta.resolution, 1.0),
        (Age("window", 30 * DAY), 30 * DAY, 0.0),
    ],
)
def test_what_is_left_of_a_contribution(age: Age, passed: timedelta, weight: float) -> None:
    assert age.weight(passed) == weight
