"""Whose rows are whose: intervals, leads within a range, merged ids."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.batch.owners import ALWAYS, Merged, Owned, Owners

intervals = st.lists(st.builds(Owned, st.integers(0, 5), st.integers(0, 20), st.integers(100, 104)), min_size=1).map(
    lambda drawn: list({(each.identity, each.from_at): each for each in drawn}.values())
)


def naive_lead(table: list[Owned], identity: int, at: int) -> int:
    """Whoever had the id most recently before, else first after."""
    theirs = sorted(each for each in table if each.identity == identity)
    before = [each for each in theirs if each.from_at <= at]
    return (before[-1] if before else theirs[0]).lead


@given(intervals, st.lists(st.integers(-5, 25)))
def test_an_event_belongs_to_who_was_there_before_else_first_after(table: list[Owned], instants: list[int]) -> None:
    owners = Owners(table)
    asked = [(each.identity, at) for each in table for at in instants]
    found = owners.leads(np.array([row[0] for row in asked], np.int64), np.array([row[1] for row in asked], np.int64))

    assert found.tolist() == [naive_lead(table, *row) for row in asked]


@given(intervals, st.integers(0, 6), st.integers(0, 6))
def test_a_lead_is_within_a_range_if_all_its_ids_are(table: list[Owned], low: int, high: int) -> None:
    leads = sorted({each.lead for each in table})
    found = Owners(table).within(np.array(leads), low, high)

    expected = [all(low <= each.identity < high for each in table if each.lead == lead) for lead in leads]
    assert found.tolist() == expected


def test_an_unknown_identity_is_an_error_and_no_stranger() -> None:
    with pytest.raises(LookupError, match="does not know"):
        Owners([Owned(1, ALWAYS, 10)]).leads(np.array([2]), np.array([0]))


def test_no_rows_need_no_owners() -> None:
    none = np.empty(0, np.int64)

    assert Owners([]).leads(none, none).tolist() == []
    assert Owners([]).can_be_reached(none).tolist() == []


def test_acts_on_a_merged_lead_belong_to_the_one_that_survived() -> None:
    owners = Owners([Owned(1, ALWAYS, 10)], merges=[Merged(12, 11, 11, 0), Merged(11, 10, 10, 0)])

    assert owners.present(np.array([10, 11, 12, 13])).tolist() == [10, 10, 10, 13]


def test_after_a_merge_the_winners_moves_stand_and_the_survivors_since() -> None:
    owners = Owners([], merges=[Merged(12, 11, kept=12, through=5), Merged(11, 10, kept=11, through=8)])
    standing = {lead: [number for number in range(1, 12) if owners.stands(lead, number)] for lead in (10, 11, 12, 13)}

    assert standing == {10: [9, 10, 11], 11: [6, 7, 8], 12: [1, 2, 3, 4, 5], 13: [*range(1, 12)]}


def test_after_a_merge_that_the_survivor_won_the_others_moves_are_history() -> None:
    owners = Owners([], merges=[Merged(12, 10, kept=12, through=5), Merged(11, 10, kept=10, through=8)])

    assert [owners.stands(lead, 5) for lead in (10, 11, 12)] == [False, False, True]
    assert [owners.stands(lead, 9) for lead in (10, 11, 12)] == [True, False, False]


def test_a_lead_who_has_no_id_any_more_is_within_no_range() -> None:
    owners = Owners([Owned(1, ALWAYS, 10)])

    assert owners.within(np.array([9, 10, 11]), 0, 9).tolist() == [False, True, False]


def test_only_the_reachable_can_be_reached() -> None:
    owners = Owners([Owned(1, ALWAYS, 10), Owned(2, ALWAYS, 11)], reachable=[11])

    assert owners.can_be_reached(np.array([10, 11])).tolist() == [0, 1]
