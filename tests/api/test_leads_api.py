from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.api.conftest import Api
from tests.cast import event, known_as, present, publish, send

from ripeline.scoring.shown import shown_total
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
    said = {"name": "Navy", "domain": "navy.example"}
    assert lead["account"] == {**said, "id": None, "group_id": None, "since": None}
    assert [move["to_stage"] for move in lead["transitions"]] == ["lead", "mql"]
    assert {(one["kind"], one["value"]) for one in lead["identities"]} >= {("user", "grace"), ("anonymous", "a-1")}
    assert lead["owner"] == "sam@ours.example" and lead["clock"]["stopped_at"] is None


def test_a_lead_tells_what_it_agreed_to(grace: int, workspace: Workspace, api: Api) -> None:
    at = present() - timedelta(seconds=1)
    form = {"purpose": "newsletter", "given": True, "wording": "Send me news"}
    send(workspace, event("Newsletter Subscribed", userId="grace", properties={"consent": form}, at=at))

    _, lead = api(f"leads/{grace}")

    [told] = lead["consents"]
    assert (told["purpose"], told["given"], told["wording"]) == ("newsletter", True, "Send me news")
    assert (told["source"], told["stated"]) == ("website", True)


def test_the_contributions_add_up_to_the_score(grace: int, api: Api) -> None:
    _, lead = api(f"leads/{grace}")
    definition = queries.definition(lead["version"])

    given = {part["criterion"]: part["points"] for part in lead["contributions"] if part["criterion"]}
    assert given.keys() >= {"decides", "work_mailbox", "pricing_page", "demo"}
    assert definition is not None
    shown = shown_total(definition, lead["score"])
    assert round(sum(part["points"] for part in lead["contributions"]), 6) == shown
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


def walked(api: Api, address: str, *, meanwhile: Callable[[], None]) -> list[Any]:
    """All items of a list by its `next`; after the first page something happens."""
    _, told = api(address)
    items = told["items"]
    meanwhile()
    while told["next"]:
        _, told = api(told["next"])
        items += told["items"]
    return list(items)


@pytest.fixture
def five(workspace: Workspace) -> list[int]:
    """The ids of u0 … u4, who came in this order."""
    at = present() - timedelta(hours=1)
    send(workspace, *(known_as(f"u{minute}", at=at + timedelta(minutes=minute)) for minute in range(5)))
    return sorted(row.id for row in queries.leads().items)


@pytest.mark.parametrize(("order", "expected"), [("recent", [4, 3, 2, 1]), ("id", [0, 1, 2, 3, 4])])
def test_who_acts_while_pages_are_read_makes_nobody_come_twice(
    workspace: Workspace, five: list[int], api: Api, order: str, expected: list[int]
) -> None:
    def acts() -> None:
        send(workspace, event("Price Asked", userId="u0"))

    found = walked(api, f"leads?limit=2&order={order}", meanwhile=acts)

    assert [lead["id"] for lead in found] == [five[place] for place in expected]


@pytest.mark.parametrize("order", ["recent", "score", "name", "id"])
def test_every_order_gives_each_lead_once(workspace: Workspace, api: Api, order: str) -> None:
    named = ["ann", "", "Ben", "", "bea", "ANN"]
    send(workspace, *(known_as(f"u{place}", firstName=name) for place, name in enumerate(named)))

    whole = api(f"leads?order={order}")[1]["items"]

    assert walked(api, f"leads?limit=1&order={order}", meanwhile=lambda: None) == whole and len(whole) == 6


def test_an_event_that_comes_late_between_pages_repeats_none(grace: int, workspace: Workspace, api: Api) -> None:
    late = event("Price Asked", userId="grace", at=present() - timedelta(days=1), message_id="late")

    found = walked(api, f"leads/{grace}/events?limit=1", meanwhile=lambda: send(workspace, late))

    ids = [one["message_id"] for one in found]
    assert len(ids) == len(set(ids)) == 3 and ids[0] == "m-1" and ids[-1] == "m-3"


OTHER = "eyJvcmRlciI6InNjb3JlIiwicmFuayI6MS4wLCJsZWFkIjoxfQ=="  # a place in the order of scores

VAST = "eyJvcmRlciI6InJlY2VudCIsInJhbmsiOjFlNDAsImxlYWQiOjEwMDAwMDAwMDAwMDAwMDAwMDAwMH0="  # a lead of 22 digits


@pytest.mark.parametrize("cursor", ["3", "%C3%A9", "bm9uZQ==", "eyJsZWFkIjogMTB9", OTHER, VAST])
@pytest.mark.parametrize("list_", ["leads", "leads/{id}/events"])
def test_a_cursor_that_is_none_of_the_list_is_named(grace: int, api: Api, list_: str, cursor: str) -> None:
    status, told = api(f"{list_.format(id=grace)}?cursor={cursor}")

    assert (status, told["code"]) == (400, "wrong-cursor")
    assert told["message"].startswith("`cursor` is taken from `next` as it stands")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("stage=hot", "`stage` is one of visitor, lead, mql,"),
        ("limit=0", "`limit` is a whole number from 1 to 200; found '0'."),
        (f"search={'a' * 51_000}", "`search` has at most 200 letters and 20 words."),
        (f"search={'a+' * 21}", "`search` has at most 200 letters and 20 words."),
        ("limit=many", "`limit` is a whole number from 1 to 200; found 'many'."),
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


def test_a_lead_names_its_account_and_an_account_lists_its_members(grace: int, workspace: Workspace, api: Api) -> None:
    call: dict[str, Any] = {"type": "group", "groupId": "navy", "userId": "grace", "traits": {"name": "US Navy"}}
    at = present()
    send(workspace, event("Grouped", at=at, **call), known_as("alan", email="alan@other.example"))

    _, lead = api(f"leads/{grace}")
    account = lead["account"]

    assert (account["group_id"], account["name"]) == ("navy", "US Navy")
    assert only(api(f"leads?account={account['id']}"))["id"] == grace
    assert api("leads?account=none")[0] == 422
