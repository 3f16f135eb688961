"""The ids that rows of files name, joined into persons whatever the order of the rows."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from tests.batch.lakes import MARCH

from ripeline.batch.filed import Filed, Told, filed
from ripeline.batch.identities import Identities
from ripeline.events.instants import micros


def row(id: str, day: float = 0, **told: Any) -> Filed:
    """A row of a file, as an event."""
    return filed(Told(**{"id": id, "name": "Seen", "occurred_at": MARCH + timedelta(days=day), **told}))


def persons(*rows: Filed) -> dict[str, str]:
    """Whose each event is, by the label of its person."""
    identities = Identities()
    at = [micros(each.event.occurred_at) for each in rows]
    under = [identities.under(each.lead, each.event, at[seq], seq) for seq, each in enumerate(rows)]
    told = [(each.event.source, each.event.message_id) for each in rows]
    named = identities.named(lambda places: [told[place] for place in places.tolist()])
    leads = named.owners.leads(np.array(under, np.int64), np.array(at, np.int64)).tolist()
    return {each.event.message_id: named.labels[lead] for each, lead in zip(rows, leads, strict=True)}


def in_any_order(*rows: Filed) -> dict[str, str]:
    """As `persons`, once it is sure that the order of the rows does not matter."""
    found = [persons(*order) for order in permutations(rows)]
    assert all(each == found[0] for each in found)
    return found[0]


def test_a_row_belongs_to_the_lead_it_names() -> None:
    found = in_any_order(row("a", lead="ada"), row("b", lead="ada"), row("c", lead="ben"))

    assert found == {"a": "ada", "b": "ada", "c": "ben"}


def test_what_somebody_did_before_and_after_saying_who_they_are_is_theirs() -> None:
    found = in_any_order(
        row("before", 0, anonymous_id="cookie"),
        row("says", 1, anonymous_id="cookie", user_id="ada"),
        row("after", 2, anonymous_id="cookie"),
    )

    assert set(found.values()) == {"ada"}


def test_a_shared_computer_stays_apart() -> None:
    found = in_any_order(
        row("first", 0, anonymous_id="desk"),
        row("ada", 1, anonymous_id="desk", user_id="ada"),
        row("between", 2, anonymous_id="desk"),
        row("ben", 3, anonymous_id="desk", user_id="ben"),
        row("last", 4, anonymous_id="desk"),
    )

    assert found == {"first": "ada", "ada": "ada", "between": "ada", "ben": "ben", "last": "ben"}


def test_a_stranger_is_a_visitor_of_their_own() -> None:
    assert in_any_order(row("a", anonymous_id="x"), row("b", anonymous_id="y")) == {"a": "x", "b": "y"}


def test_an_address_joins_an_unidentified_person_to_who_has_it() -> None:
    address = {"type": "identify", "traits": {"email": "Ada@firm.example"}}
    found = in_any_order(
        row("known", 0, user_id="ada", **address),
        row("visit", 1, anonymous_id="phone"),
        row("form", 2, anonymous_id="phone", type="identify", traits={"email": "ada@firm.example"}),
    )

    assert set(found.values()) == {"ada"}


def test_an_address_that_two_persons_state_is_the_first_ones() -> None:
    stated = {"type": "identify", "traits": {"email": "office@firm.example"}}
    found = in_any_order(
        row("ada", 1, user_id="ada", **stated),
        row("ben", 2, user_id="ben", **stated),
        row("form", 3, anonymous_id="kiosk", **stated),
    )

    assert found == {"ada": "ada", "ben": "ben", "form": "ada"}


def test_persons_of_an_address_alone_are_one() -> None:
    stated = {"type": "identify", "traits": {"email": "ada@firm.example"}}
    found = in_any_order(row("a", 0, anonymous_id="x", **stated), row("b", 1, anonymous_id="y", **stated))

    assert set(found.values()) == {"ada@firm.example"}


def test_an_alias_joins_the_old_id_to_the_new() -> None:
    found = in_any_order(
        row("old", 0, user_id="trial-17"),
        row("alias", 1, type="alias", user_id="ada", previous_id="trial-17"),
        row("new", 2, user_id="ada"),
    )

    assert len(set(found.values())) == 1


def test_leads_that_a_file_keeps_apart_stay_apart() -> None:
    found = persons(row("a", lead="ada", user_id="shared"), row("b", lead="ben", user_id="shared"))

    assert found == {"a": "ada", "b": "ben"}


def test_identifications_of_one_instant_follow_source_and_id() -> None:
    found = in_any_order(
        row("2", 1, anonymous_id="desk", user_id="ben"),
        row("1", 1, anonymous_id="desk", user_id="ada"),
        row("later", 2, anonymous_id="desk"),
    )

    assert found["later"] == "ben"


@pytest.mark.parametrize("traits", [{"email": "not an address"}, {"email": 7}, {"email": "@firm.example"}])
def test_what_is_no_address_joins_nobody(traits: dict[str, Any]) -> None:
    found = persons(
        row("a", 0, anonymous_id="x", type="identify", traits=traits),
        row("b", 1, anonymous_id="y", type="identify", traits=traits),
    )

    assert found == {"a": "x", "b": "y"}
