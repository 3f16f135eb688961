"""Wilson's interval against the printed tables, a naive version and its own properties."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.stats.proportion import Z95, Difference, Proportion

counts = st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))

# R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998),
# 857-872, Table I, method 3 (score, without continuity correction).
PRINTED = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)]

# The same author, Interval estimation for the difference between independent proportions, Statistics in Medicine
# 17 (1998), 873-890, Table II, method 10.
PRINTED_DIFFERENCES = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 10, 0.6075, 1.0000),
]


def naive_bound(count: int, n: int, *, inside: float, outside: float) -> float:
    """The proportion, found by halving, from which `count` of `n` is just 1.96 standard errors away."""
    for _ in range(200):
        tried = (inside + outside) / 2
        near = abs(count / n - tried) <= Z95 * sqrt(tried * (1 - tried) / n)
        inside, outside = (tried, outside) if near else (inside, tried)
    return inside


@pytest.mark.parametrize(("count", "n", "low", "high"), PRINTED)
def test_interval_is_the_printed_one(count: int, n: int, low: float, high: float) -> None:
    share = Proportion(count, n)

    assert (round(share.low or 0, 4), round(share.high or 0, 4)) == (low, high)


@pytest.mark.parametrize(("a", "m", "b", "n", "low", "high"), PRINTED_DIFFERENCES)
def test_difference_is_the_printed_one(a: int, m: int, b: int, n: int, low: float, high: float) -> None:
    difference = Difference(Proportion(a, m), Proportion(b, n))

    assert difference.low == pytest.approx(low, abs=6e-5)
    assert difference.high == pytest.approx(high, abs=6e-5)


@given(counts)
def test_interval_is_where_the_naive_search_ends(drawn: tuple[int, int]) -> None:
    count, n = drawn
    share = Proportion(count, n)

    assert share.low == pytest.approx(naive_bound(count, n, inside=count / n, outside=0.0), abs=1e-9)
    assert share.high == pytest.approx(naive_bound(count, n, inside=count / n, outside=1.0), abs=1e-9)


@given(counts)
def test_interval_holds_the_share_and_mirrors(drawn: tuple[int, int]) -> None:
    count, n = drawn
    share, rest = Proportion(count, n), Proportion(n - count, n)

    assert share.low is not None and share.value is not None and share.high is not None
    assert 0 <= share.low <= share.value <= share.high <= 1
    assert rest.low == pytest.approx(1 - share.high)


def test_nobody_gives_no_share() -> None:
    nobody = Proportion(0, 0)

    assert (nobody.value, nobody.low, nobody.high, str(nobody)) == (None, None, None, "unknown (n = 0)")
    assert Difference(nobody, Proportion(1, 2)).value is None
    assert Difference(nobody, Proportion(1, 2)).low is None


def test_more_than_all_is_refused() -> None:
    with pytest.raises(ValueError, match="3 of 2"):
        Proportion(3, 2)
