"""The page of an account, and what pages of leads say of theirs."""

from datetime import timedelta
from typing import Any

import pytest
from tests.cast import Browser, event, known_as, present, publish, send, statements, words
from tests.lead.test_lead_page import tell

from ripeline.server.log import queries
from ripeline.server.workspace import Workspace


def grouped(user: str, group: str = "acme", **traits: Any) -> dict[str, Any]:
    return {"type": "group", "userId": user, "groupId": group, "traits": traits}


def lead(user: str) -> int:
    return queries.leads(user_id=user).items[0].id


@pytest.fixture
def acme(workspace: Workspace) -> int:
    """The account of Acme: Ann told its name, Bob only its id."""
    publish(workspace)
    send(workspace, known_as("ann", name="Ann Ames"), known_as("bob", name="Bob Bell"))
    tell(workspace, {**grouped("ann", name="Acme & Sons", domain="acme.example", employees=70), "days_ago": 2})
    tell(workspace, grouped("bob"), {"event": "Demo Requested", "userId": "bob"})
    member = queries.membership(lead("ann"), as_of=present())
    assert member is not None
    return member.account.id


def test_an_account_shows_its_facts_its_members_and_what_they_did(acme: int, browser: Browser) -> None:
    page = browser("sam").get(f"/accounts/{acme}/")

    told = words(page.content)
    assert all(part in told for part in ("Acme &amp; Sons", "acme.example", "Employees 70", "Ann Ames", "Bob Bell"))
    assert "Demo requested Bob Bell" in told
    assert f'href="/leads/{lead("bob")}/"'.encode() in page.content


def test_a_lead_shows_their_company_and_who_else_belongs_to_it(acme: int, browser: Browser) -> None:
    page = browser("sam").get(f"/leads/{lead('bob')}/")

    told = words(page.content)
    assert "Company Acme &amp; Sons acme.example Belongs to it since" in told and "Ann Ames" in told
    assert f'href="/accounts/{acme}/"'.encode() in page.content


def test_on_a_past_day_a_lead_belongs_to_the_company_of_that_day(
    acme: int, workspace: Workspace, browser: Browser
) -> None:
    send(workspace, event(userId="ann", at=present() - timedelta(days=9)))
    tell(workspace, grouped("ann", "bolt", name="Bolt"))

    on = f"{present() - timedelta(days=1):%Y-%m-%d}"
    pages = [words(browser("sam").get(f"/leads/{lead('ann')}/{query}").content) for query in ("", f"?as_of={on}")]

    assert ["Company Bolt" in page for page in pages] == [True, False]
    assert ["Company Acme" in page for page in pages] == [False, True]


def test_an_address_of_the_same_domain_only_hints_at_a_company(
    acme: int, workspace: Workspace, browser: Browser
) -> None:
    send(workspace, known_as("cyd", email="cyd@mail.acme.example"))

    assert "Its domain is theirs too: Acme" in words(browser("sam").get(f"/leads/{lead('cyd')}/").content)
    assert {one.name for one in queries.leads(account=acme).items} == {"Ann Ames", "Bob Bell"}


@pytest.mark.parametrize("sought", ["acme", "sons", "acme.example"])
def test_a_search_for_the_company_finds_all_its_members(acme: int, browser: Browser, sought: str) -> None:
    assert {one.name for one in queries.leads(search=sought).items} == {"Ann Ames", "Bob Bell"}


def test_who_never_told_its_name_is_listed_under_the_name_others_told(acme: int) -> None:
    assert {one.company for one in queries.leads(account=acme).items} == {"Acme & Sons"}


def test_an_account_that_all_have_left_says_so(acme: int, workspace: Workspace, browser: Browser) -> None:
    tell(workspace, grouped("ann", "bolt"), grouped("bob", "bolt"))

    assert "Nobody belongs to it any more" in words(browser("sam").get(f"/accounts/{acme}/").content)


def test_an_account_of_many_comes_in_pages_by_a_few_questions(
    acme: int, workspace: Workspace, browser: Browser
) -> None:
    tell(workspace, *(grouped(f"u{number}") for number in range(60)))
    client = browser("sam")
    client.get(f"/accounts/{acme}/")

    with statements() as asked:
        page = client.get(f"/accounts/{acme}/?page=2")

    assert "page 2 of 2" in words(page.content)
    assert len(asked) < 130


@pytest.mark.parametrize("address", ["/accounts/99/", "/accounts/999999999999999999/"])
def test_there_is_no_page_of_an_account_that_never_was(workspace: Workspace, browser: Browser, address: str) -> None:
    assert browser("sam").get(address).status_code == 404


def test_only_who_has_signed_in_sees_an_account(acme: int, browser: Browser) -> None:
    assert browser().get(f"/accounts/{acme}/").status_code == 302
