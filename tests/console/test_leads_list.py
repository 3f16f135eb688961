import re
from datetime import timedelta

import msgspec
import pytest
from django.db import connections
from django.test import Client
from tests.cast import Browser, event, known_as, present, publish, send

from ripeline.server.log import queries
from ripeline.server.workspace import Workspace


def names(client: Client, address: str = "/leads/") -> list[str]:
    answer = client.get(address)
    return re.findall(r'class="lead-link"[^>]*>([^<]+)<', answer.content.decode())


def words(client: Client, address: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(address).content.decode()).split())


@pytest.fixture
def three(workspace: Workspace) -> None:
    """Grace, whom nobody can reach, Alan with his e-mail, and a stranger, in this order."""
    publish(workspace)
    at = present()
    send(
        workspace,
        known_as("grace", firstName="Grace", lastName="Hopper", title="Head of Systems", company="Navy", at=at),
        event("Demo Requested", userId="alan", at=at + timedelta(seconds=1)),
        known_as("alan", email="alan@bletchley.example", at=at + timedelta(seconds=1)),
        event(anonymousId="a-1", at=at + timedelta(seconds=2)),
    )


def test_the_latest_activity_stands_first_and_visitors_are_among_them(three: None, browser: Browser) -> None:
    found = names(browser("sam"))

    assert re.fullmatch(r"Visitor \d+", found[0])
    assert found[1:] == ["alan@bletchley.example", "Grace Hopper"]


@pytest.mark.parametrize("sought", ["hopper", "GRACE", "nav"])
def test_search_looks_into_names_and_companies(three: None, browser: Browser, sought: str) -> None:
    assert names(browser("sam"), f"/leads/?q={sought}") == ["Grace Hopper"]


@pytest.mark.parametrize("sought", ["alan@bletchley.example", "alan@", "alan"])
def test_search_looks_into_emails_and_ids(three: None, browser: Browser, sought: str) -> None:
    assert names(browser("sam"), f"/leads/?q={sought}") == ["alan@bletchley.example"]


def test_visitors_can_be_left_out_or_shown_alone(three: None, browser: Browser) -> None:
    client = browser("sam")

    assert names(client, "/leads/?stage=known") == ["alan@bletchley.example"]
    assert [name.split()[0] for name in names(client, "/leads/?stage=visitor")] == ["Visitor", "Grace"]
    assert names(client, "/leads/?stage=mql") == ["alan@bletchley.example"]


def test_the_server_sorts(three: None, browser: Browser) -> None:
    client = browser("sam")

    assert names(client, "/leads/?order=score&stage=known")[0] == "alan@bletchley.example"
    assert names(client, "/leads/?order=name&q=e")[-1] == "Grace Hopper"
    assert (
        'aria-sort="descending"><a class="sort" href="?order=score"'
        in client.get("/leads/?order=score").content.decode()
    )


def test_fifty_are_a_page_and_the_total_is_told(workspace: Workspace, browser: Browser) -> None:
    send(workspace, *(known_as(f"lead-{number}", firstName=f"Lea{number}") for number in range(51)))
    client = browser("sam")

    assert len(names(client)) == 50
    assert "51 people · page 1 of 2" in words(client, "/leads/")
    assert len(names(client, "/leads/?page=2")) == 1


def test_of_a_page_that_is_not_there_the_last_is_shown(three: None, browser: Browser) -> None:
    assert len(names(browser("sam"), "/leads/?page=9")) == 3


def test_before_the_first_event_the_missing_step_is_named(browser: Browser) -> None:
    told = words(browser("sam"), "/leads/")

    assert "No leads yet" in told and "Connect a source" in told


def test_an_empty_search_offers_to_clear_the_filters(three: None, browser: Browser) -> None:
    told = words(browser("sam"), "/leads/?q=<zz>&stage=known")

    assert "Nobody matches “&lt;zz&gt;”" in told and "Clear filters" in told


@pytest.mark.parametrize(
    "query", ["page=x", "page=0", "page=²", "stage=nope", "order=size", "page=99999999999999999999"]
)
def test_a_mistyped_address_shows_the_plain_list(three: None, browser: Browser, query: str) -> None:
    assert len(names(browser("sam"), f"/leads/?{query}")) == 3


def test_a_search_of_a_thousand_words_is_a_search(three: None, browser: Browser) -> None:
    many = " ".join(f"word{number}" for number in range(1_000))

    assert browser("sam").get("/leads/", {"q": many}).status_code == 200
    assert browser("sam").get("/leads/", {"q": "a " * 1_500}).status_code == 200


def test_a_fragment_holds_the_rows_and_the_new_total_alone(three: None, browser: Browser) -> None:
    told = {"HX-Request": "true", "HX-Target": "leads"}

    answer = browser("sam").get("/leads/?q=hopper", headers=told).content.decode()

    assert answer.count("lead-link") == 1 and "<html" not in answer
    assert '<span class="count" id="lead-count" hx-swap-oob="true">1</span>' in answer


def test_going_back_shows_the_whole_page_with_one_count(three: None, browser: Browser) -> None:
    told = {"HX-Request": "true", "HX-History-Restore-Request": "true"}

    answer = browser("sam").get("/leads/?q=hopper", headers=told)

    assert answer.content.decode().count('id="lead-count"') == 1
    assert {"HX-Target", "HX-History-Restore-Request"} <= set(answer["Vary"].split(", "))


@pytest.mark.parametrize(("total", "shown"), [(64.7, "64"), (65.0, "65"), (-8.3, "−8"), (-0.2, "0")])
def test_a_score_is_not_rounded_across_the_gate(three: None, total: float, shown: str) -> None:
    from ripeline.server.leads.rows import row

    lead = msgspec.structs.replace(queries.leads().items[0], total=total)

    assert row(lead, gate=65, now=present())["score"] == shown


def test_the_list_asks_the_databases_as_often_for_many_leads(workspace: Workspace, browser: Browser) -> None:
    def asked() -> int:
        client, statements = browser("sam"), list[str]()
        client.get("/leads/")  # what is kept between requests is there
        for alias in ("default", "log"):
            connections[alias].ensure_connection()
            connections[alias].connection.set_trace_callback(statements.append)
        client.get("/leads/")
        for alias in ("default", "log"):
            connections[alias].connection.set_trace_callback(None)
        return len(statements)

    publish(workspace)
    send(workspace, known_as("lead"))
    before = asked()
    send(workspace, *(known_as(f"lead-{number}", email=f"{number}@firm.example") for number in range(49)))

    assert asked() == before <= 10
