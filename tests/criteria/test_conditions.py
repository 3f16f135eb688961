"""Conditions hold of values as people mean them; the cases that hurt come first."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import FACT_CONDITIONS, FACT_FIELDS

from ripeline.criteria.at_least import AtLeast
from ripeline.criteria.at_most import AtMost
from ripeline.criteria.begins_with import BeginsWith
from ripeline.criteria.combine import All, Any, Not
from ripeline.criteria.condition import Complaint, Condition, Leaf, Value
from ripeline.criteria.contains import Contains
from ripeline.criteria.equals import Equals
from ripeline.criteria.exists import Exists
from ripeline.criteria.kinds import COMBINATIONS, COMPARISONS
from ripeline.criteria.less_than import LessThan
from ripeline.criteria.more_than import MoreThan
from ripeline.criteria.one_of import OneOf

HUGE = 10**400  # no float is as large


@pytest.mark.parametrize(
    ("leaf", "value", "holds"),
    [
        (Equals("x", 7), "7", False),
        (Equals("x", "7"), 7, False),
        (Equals("x", 7), 7.0, True),
        (Equals("x", 1), True, False),
        (Equals("x", True), 1, False),
        (Equals("x", True), "true", False),
        (Equals("x", False), False, True),
        (Equals("x", 0), None, False),
        (Equals("x", ""), "", True),
        (Equals("x", "Straße"), "STRASSE", True),
        (Equals("x", "Straße", True), "straße", False),
        (Equals("x", "a"), ["b", "A"], True),
        (Equals("x", "a"), [], False),
        (Equals("x", 7), HUGE, False),
        (Equals("event", "Demo Requested"), "demo_requested", True),
        (Equals("event", "Demo Requested", True), "demo_requested", False),
        (Equals("Event", "demo-requested"), "Demo Requested", True),
        (OneOf("x", ("PL", "NO")), "no", True),
        (OneOf("x", (1, "2")), 2, False),
        (OneOf("event", ("Form Submitted",)), "formSubmitted", True),
        (BeginsWith("x", ("/pricing",)), "/Pricing/team", True),
        (BeginsWith("x", ("/pricing",), True), "/Pricing/team", False),
        (BeginsWith("x", ("7",)), 77, False),
        (BeginsWith("event", ("Demo R",)), "demo_requested", True),
        (Contains("x", ("sales",)), ["Engineer", "Head of Sales"], True),
        (Contains("x", ("sales",)), "", False),
        (MoreThan("x", 50), 50, False),
        (MoreThan("x", 50), "51", False),
        (MoreThan("x", 0), True, False),
        (MoreThan("x", 50), HUGE, True),
        (MoreThan("x", 50), float("nan"), False),
        (LessThan("x", 50), 49.9, True),
        (LessThan("x", 50), float("nan"), False),
        (AtLeast("x", 50), 50, True),
        (AtLeast("x", 50), [1, 50], True),
        (AtMost("x", 50), 50.0, True),
        (AtMost("x", 50), None, False),
        (Exists("x"), 0, True),
        (Exists("x"), False, True),
        (Exists("x"), "", False),
        (Exists("x"), " \t", False),
        (Exists("x"), [], False),
        (Exists("x"), ["", "a"], True),
        (Exists("x"), HUGE, True),
    ],
)
def test_a_comparison(leaf: Leaf, value: Value, holds: bool) -> None:
    assert leaf.matches(value) is holds
    assert leaf.holds({leaf.field: value}) is holds


@given(FACT_CONDITIONS, st.data())
def test_not_is_the_opposite_whatever_is_known(condition: Condition, data: st.DataObject) -> None:
    known = data.draw(st.fixed_dictionaries({}, optional={k: st.sampled_from(v) for k, v in FACT_FIELDS.items()}))

    assert Not(condition).holds(known) is not condition.holds(known)
    assert Not(Not(condition)).holds(known) is condition.holds(known)


@given(st.lists(FACT_CONDITIONS, min_size=1, max_size=3), st.data())
def test_all_and_any_are_two_sides_of_one_coin(parts: list[Condition], data: st.DataObject) -> None:
    known = data.draw(st.fixed_dictionaries({}, optional={k: st.sampled_from(v) for k, v in FACT_FIELDS.items()}))

    assert Not(All(tuple(parts))).holds(known) is Any(tuple(map(Not, parts))).holds(known)


def test_of_an_unknown_value_nothing_holds_and_every_not_does() -> None:
    leaves = [Equals("x", 1), OneOf("x", (1,)), Contains("x", ("a",)), AtLeast("x", 0), LessThan("x", 9), Exists("x")]

    assert not any(leaf.holds({}) for leaf in leaves)
    assert all(Not(leaf).holds({}) for leaf in leaves)


def test_known_and_different_is_exists_and_not() -> None:
    abroad = All((Exists("country"), Not(Equals("country", "PL"))))

    assert [abroad.holds(known) for known in ({"country": "SE"}, {"country": "PL"}, {})] == [True, False, False]


@given(FACT_CONDITIONS)
def test_a_condition_is_a_value_that_can_be_sent_to_another_process(condition: Condition) -> None:
    sent = pickle.loads(pickle.dumps(condition))

    assert sent == condition and hash(sent) == hash(condition)


def test_one_and_yes_make_two_conditions() -> None:
    assert Equals("x", 1) == Equals("x", 1.0) != Equals("x", True)
    assert len({OneOf("x", (1,)), OneOf("x", (1.0,)), OneOf("x", (True,)), All((Equals("x", 1),))}) == 3
    assert All((Equals("x", 1),)) != All((Equals("x", True),))


def test_fields_are_named_once_in_the_order_of_mention() -> None:
    condition = All((Equals("b", 1), Any((Exists("a"), Not(Exists("b"))))))

    assert condition.fields() == ("b", "a")


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (All((Exists("a"), Any((Exists("b"), Exists("c"))))), "a is known and (b is known or c is known)"),
        (Any((All((Exists("a"), Exists("b"))), Exists("c"))), "(a is known and b is known) or c is known"),
        (
            All((Exists("c"), Not(All((Exists("a"), Exists("b")))))),
            "c is known and (a is not known or b is not known)",
        ),
        (All((Exists("c"), Not(Any((Exists("a"), Exists("b")))))), "c is known and a is not known and b is not known"),
        (
            All((AtLeast("seats", 5), AtMost("seats", 9), Exists("c"))),
            "seats is at least 5 and at most 9 and c is known",
        ),
        (Not(Not(Exists("a"))), "a is known"),
        (Not(BeginsWith("path", ("/a", "/b c"))), "path does not begin with /a or “/b c”"),
        (Equals("consent", True), "consent is yes"),
    ],
)
def test_a_condition_in_words_cannot_be_misread(condition: Condition, words: str) -> None:
    assert condition.sentence() == words


def test_every_kind_is_in_the_closed_list_by_its_name() -> None:
    kinds = [kind for kind in (*every_kind(Condition),) if kind.__module__.startswith("ripeline.criteria")]

    assert {kind.keyword: kind for kind in kinds if kind.keyword} == {**COMPARISONS, **COMBINATIONS}


def every_kind(base: type[Condition]) -> list[type[Condition]]:
    return [kind for each in base.__subclasses__() for kind in (each, *every_kind(each))]


@pytest.mark.parametrize("keyword", COMPARISONS)
def test_every_comparison_refuses_an_empty_list(keyword: str) -> None:
    assert isinstance(COMPARISONS[keyword].read("x", ()), Complaint)


@pytest.mark.parametrize("keyword", ["more_than", "less_than", "at_least", "at_most", "exists"])
def test_only_text_can_be_exact(keyword: str) -> None:
    assert isinstance(COMPARISONS[keyword].read("x", (True if keyword == "exists" else 1,), exact=True), Complaint)


def test_text_that_looks_like_a_number_is_answered_with_the_number() -> None:
    complaint = AtLeast.read("x", ("50",))

    assert isinstance(complaint, Complaint)
    assert (complaint.found, complaint.hint) == ('"50"', "`{at_least: 50}`")
