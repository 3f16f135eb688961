"""Values come back from typed columns as they went in, and types are never turned into one another."""

from collections.abc import Sequence

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.batch.typed import coded, columns
from ripeline.criteria.condition import Value

scalars = st.one_of(st.none(), st.text(max_size=5), st.booleans(), st.integers(-9, 9), st.floats(-1, 1))
values = st.lists(st.one_of(scalars, st.lists(scalars.filter(lambda value: value is not None), max_size=3)))


def back(told: Sequence[Value]) -> list[Value]:
    """`told` through typed columns and back."""
    found = coded("event.plan", pa.table(columns("event.plan", told))) if told else None
    if found is None:
        return [None] * len(told)
    return [None if code < 0 else found.values[code] for code in found.codes.tolist()]


@given(values)
def test_values_survive_the_columns(told: list[Value]) -> None:
    for before, after in zip(told, back(told), strict=True):
        expected = tuple(before) if isinstance(before, list) else before
        assert after == expected
        assert isinstance(after, bool) == isinstance(before, bool)


@pytest.mark.parametrize("told", [7, "7", True, 0, "", False, (1, "x"), 10**18, -(2**63), 2**53 + 1])
def test_a_type_has_a_column_of_its_own(told: Value) -> None:
    (column,) = columns("plan", [told, None])

    assert back([told, None]) == [float(told) if type(told) is int else told, None]
    assert column.startswith("plan:")


def test_what_is_absent_everywhere_has_no_column() -> None:
    assert columns("plan", [None, None]) == {}
    assert coded("plan", pa.table({"other": [1]})) is None


def test_each_distinct_value_is_there_once() -> None:
    found = coded("plan", pa.table(columns("plan", ["pro", "free", "pro", None, 7, 7])))

    assert found is not None
    assert sorted(map(str, found.values)) == ["7.0", "free", "pro"]
    assert found.codes.tolist()[3] == -1
