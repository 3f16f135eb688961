"""What an event states about a lead."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.events.sent import accepted, message

from ripeline.events.event import Event
from ripeline.events.facts import email, flattened, hints, statements
from ripeline.events.names import folded
from ripeline.events.reading import named


def identified(**traits: Any) -> Event:
    return accepted({"userId": "ada", "traits": traits}, kind="identify")


def grouped(**traits: Any) -> Event:
    return accepted({"userId": "ada", "groupId": "g1", "traits": traits}, kind="group")


def test_two_spellings_are_one_field() -> None:
    assert dict(statements(identified(firstName="Ada"))) == dict(statements(identified(first_name="Ada")))


def test_null_unsets_a_field() -> None:
    assert dict(statements(identified(title=None, company=None))) == {"title": None, "company": None}


def test_null_is_no_member_of_a_list() -> None:
    told = statements(identified(tags=["a", None], none=[None], jobs=[{"title": None}, {"title": "cook"}]))

    assert dict(told) == {"tags": ["a"], "none": [], "jobs.title": ["cook"]}
    assert named({"tags": [None, "a"], "none": [None]}, "tags") == ["a"]
    assert named({"none": [None]}, "none") is None


def test_an_address_states_its_domain_and_only_suggests_the_companys() -> None:
    event = identified(email=" Ada@Firm.Example ")

    assert dict(statements(event))["emaildomain"] == "firm.example"
    assert hints(event) == [("companydomain", "firm.example")]


@pytest.mark.parametrize("field", ["domain", "website"])
@pytest.mark.parametrize("site", ["firm.example", "https://www.FIRM.example/about", "www.firm.example/"])
def test_a_companys_site_states_its_domain(field: str, site: str) -> None:
    for event in (identified(email="a@mail.example", company={field: site}), grouped(**{field: site})):
        assert dict(statements(event))["companydomain"] == "firm.example"
        assert "companydomain" not in dict(hints(event))


def test_a_company_is_known_by_its_name() -> None:
    assert dict(statements(identified(company={"name": "Firm"})))["company"] == "Firm"
    assert dict(statements(grouped(name="Firm")))["company"] == "Firm"
    assert dict(statements(identified(company="Firm")))["company"] == "Firm"


def test_what_is_not_stated_at_identify_is_a_hint() -> None:
    event = accepted(message(context={"traits": {"email": "ada@firm.example", "title": None}}))

    assert statements(event) == []
    assert dict(hints(event)) == {
        "email": "ada@firm.example",
        "emaildomain": "firm.example",
        "freemail": False,
        "disposablemail": False,
        "companydomain": "firm.example",
    }


def test_a_stated_field_is_not_hinted_at() -> None:
    told = {"userId": "ada", "groupId": "g1", "traits": {"name": "Firm"}, "context": {"traits": {"company": "Old"}}}
    event = accepted(told, kind="group")

    assert dict(statements(event))["company"] == "Firm"
    assert "company" not in dict(hints(event))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "ada@",
        "@firm.example",
        "write to ada@firm.example",
        "a" * 255 + "@b.example",
        17,
        None,
        ["a@b.example"],
    ],
)
def test_what_is_no_address_has_no_domain(address: object) -> None:
    event = identified(email=address)

    assert dict(statements(event))["emaildomain"] is None
    assert email(event) is None


def test_a_long_name_before_thousands_of_others_states_nothing_and_costs_nothing() -> None:
    inner = {f"field {number}": number for number in range(10_000)}
    told = {"plan": "pro", "x" * 256: 1, "y" * 250: inner, "z": [{"w" * 250: inner}]}

    assert flattened(told) == {"plan": "pro"}


def test_a_companys_address_is_not_the_persons() -> None:
    assert email(grouped(email="office@firm.example")) is None


names = st.text("ab_ C", min_size=1, max_size=3).filter(folded)
scalars = st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3)
nested = st.recursive(
    scalars | st.lists(scalars, max_size=2), lambda inner: st.dictionaries(names, inner, max_size=3), max_leaves=6
)


@given(st.dictionaries(names, nested, max_size=4, min_size=1))
def test_flat_and_nested_are_read_alike(told: dict[str, Any]) -> None:
    flat = flattened(told)
    spelled = [folded(field) for field in flat]

    for field, value in flat.items():
        if spelled.count(folded(field)) == 1 and value != []:
            assert named(told, folded(field)) == value
