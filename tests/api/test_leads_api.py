from datetime import timedelta
from typing import Any

import pytest
from tests.api.conftest import Api
from tests.cast import event, known_as, present, publish, send

from ripeline.server.log import queries
from ripeline.server.workspace import Workspace


@pytest.fixture
def grace(workspace: Workspace) -> int:
    """The id of an MQL: who she is, one pricing page, one demo asked for."""
    publish(workspace)
    at = present() - timedelta(minutes=3)
    stated = {"firstName": "Grace", "lastName": "Hopper", "title": "Head of Systems", "company": "Navy"}
    send(
        workspace,
        event(anonymousId="a-1", properties={"path": "/pricing"}, at=at, message_id="m-1"),
        known_as("grace", **stated, email="grace@navy.example", at=at + timedelta(minutes=1), anonymous_id="a-1"),
        event("Demo Requested", userId="grace", at=at + timedelta(minutes=2), message_id="m-3"),
    )
    return queries.leads(email="grace@navy.example").items[0].id


def only(answer: tuple[int, Any]) -> Any:
    status, told = answer
    assert status == 200 and len(told["items"]) == 1
    return told["items"][0]


@pytest.mark.parametrize(
    "query", ["email=grace@navy.example", "user_id=grace", "anonymous_id=a-1", "stage=mql", "search=hopper"]
)
def test_a_lead_is_found_by_what_is_known(grace: int, workspace: Workspace, api: Api, query: str) -> None:
    send(workspace, known_as("alan", email="alan@other.example"))

    assert only(api(f"leads?{query}"))["id"] == grace


def test_a_lead_is_told_whole(grace: int, api: Api) -> None:
    status, lead = api(f"leads/{grace}")

    assert status == 200
    assert (lead["email"], lead["stage"], lead["version"]) == ("grace@navy.example", "mql", 1)
    assert lead["account"] == {"name": "Navy", "domain": "navy.example"}
    assert [move["to_stage"] for move in lead["transitions"]] == ["lead", "mql"]
    assert {(one["kind"], one["value"]) for one in lead["identities"]} >= {("user", "grace"), ("anonymous", "a-1")}
    assert lead["owner"] == "sam@ours.example" and lead["clock"]["stopped_at"] is None


def test_the_contributions_add_up_to_the_score(grace: int, api: Api) -> None:
    _, lead = api(f"leads/{grace}")

    given = {part["criterion"]: part["points"] for part in lead["contributions"] if part["criterion"]}
    assert given.keys() >= {"decides", "work_mailbox", "pricing_page", "demo"}
    assert sum(part["points"] for part in lead["contributions"]) == pytest.approx(lead["score"], abs=1)
    assert lead["score"] == pytest.approx(sum(lead["sub_scores"].values()), abs=1e-6)


def test_an_event_carries_the_clients_own_id(grace: int, api: Api) -> None:
    _, told = api(f"leads/{grace}/events")

    assert [one["name"] for one in told["items"]] == ["Page Viewed", "Identified", "Demo Requested"]
    assert told["items"][0]["message_id"] == "m-1"
    assert told["items"][0]["properties"] == {"path": "/pricing"}


def test_lists_are_followed_by_their_next_address(grace: int, api: Api) -> None:
    _, first = api(f"leads/{grace}/events?limit=2")
    _, second = api(first["next"])

    assert len(first["items"]) == 2
    assert [one["message_id"] for one in second["items"]] == ["m-3"] and second["next"] is None


def test_leads_are_followed_page_by_page(workspace: Workspace, api: Api) -> None:
    send(workspace, *(known_as(f"lead-{number}") for number in range(5)))

    found, address = [], "leads?limit=2"
    while address:
        _, told = api(address)
        found += [lead["id"] for lead in told["items"]]
        address = told["next"]

    assert len(found) == len(set(found)) == 5


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("stage=hot", "`stage` is one of visitor, lead, mql,"),
        ("limit=0", "`limit` is a whole number from 1 to 200; found '0'."),
        ("limit=many", "`limit` is a whole number from 1 to 200; found 'many'."),
        ("page=-1", "`page` is a whole number from 1 to"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_named(api: Api, query: str, message: str) -> None:
    status, told = api(f"leads?{query}")

    assert (status, told["code"]) == (422, "wrong-parameter")
    assert told["message"].startswith(message)


@pytest.mark.parametrize("path", ["leads/4711", "leads/4711/events", "leads/4711/transitions"])
def test_a_lead_that_never_was_is_not_found(api: Api, path: str) -> None:
    assert api(path) == (404, {"code": "unknown-lead", "message": "There is no lead 4711."})


def test_without_a_definition_nobody_is_scored(workspace: Workspace, api: Api) -> None:
    send(workspace, known_as("grace", email="grace@navy.example"))

    _, lead = api(f"leads/{only(api('leads'))['id']}")

    assert (lead["version"], lead["score"], lead["contributions"]) == (0, 0.0, [])
