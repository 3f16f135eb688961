import gzip
import re
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from django.conf import settings
from django.test import Client
from tests.cast import Browser, browsing, copied, event, known_as, present, publish, send

from ripeline.server.log import queries
from ripeline.server.log.commands import Accept
from ripeline.server.workspace import Workspace, opened

PAGES = [
    "/inbox/",
    "/leads/",
    "/definition/",
    "/settings/preferences/",
    "/settings/password/",
    "/settings/people/",
    "/settings/people/add/",
    "/settings/keys/",
    "/settings/keys/new/",
    "/settings/sources/",
]
POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
    "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'", "object-src 'none'",
    "manifest-src 'self'",
}  # fmt: skip


def html(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_a_page_needs_somebody_signed_in(browser: Browser, address: str) -> None:
    assert browser().get(address)["Location"].startswith("/sign-in/?next=")


@pytest.mark.parametrize("address", ["leads/{id}/", "inbox/{id}/", "inbox/{id}/reject/", "definition/{id}/"])
def test_an_id_longer_than_any_is_no_address(browser: Browser, address: str) -> None:
    assert browser("ada").get(f"/{address.format(id='9' * 25)}").status_code == 404


@pytest.mark.parametrize("address", ["/leads/", "/shell/search/"])
@pytest.mark.parametrize("typed", ["a " * 1_200, "a" * 51_000])
def test_whatever_is_typed_can_be_searched_for(browser: Browser, address: str, typed: str) -> None:
    assert browser("sam").get(address, {"q": typed}).status_code == 200


@pytest.mark.parametrize("address", PAGES)
def test_a_page_begins_with_the_skip_link_and_has_one_heading(browser: Browser, address: str) -> None:
    page = html(browser("ada"), address)

    links = re.findall(r'<a class="([^"]+)" href="([^"]+)"', page)
    assert links[0] == ("skip", "#main")
    assert len(re.findall("<h1", page)) == 1
    assert len(re.findall("<main", page)) == 1


@pytest.mark.parametrize("address", PAGES)
def test_a_page_weighs_at_most_12_kilobytes(workspace: Workspace, browser: Browser, address: str) -> None:
    publish(workspace)
    send(workspace, *(known_as(f"lead-{n}", firstName=f"Lea {n}", company=f"Firm {n}") for n in range(60)))

    page = browser("ada").get(address).content

    assert len(gzip.compress(page, 6)) <= 12_000


@pytest.mark.parametrize("address", ["/sign-in/", "/nowhere/", "/api/v1/leads"])
def test_every_answer_carries_the_whole_policy(browser: Browser, address: str) -> None:
    policy = browser().get(address)["Content-Security-Policy"]

    assert set(policy.split("; ")) == POLICY


def test_the_navigation_holds_what_exists_and_marks_where_one_is(browser: Browser) -> None:
    page = html(browser("sam"), "/settings/keys/")

    places = re.findall(r'class="nav-item" href="([^"]+)" data-key="g (.)"[^>]*?( aria-current="page")?>', page)
    assert places == [
        ("/inbox/", "i", ""),
        ("/leads/", "l", ""),
        ("/definition/", "d", ""),
        ("/refused/", "e", ""),
        ("/settings/", "s", ' aria-current="page"'),
    ]


def test_the_inbox_counts_who_waits(workspace: Workspace, browser: Browser) -> None:
    publish(workspace)
    client = browser("sam")
    assert '<span class="visually-hidden"> waiting' not in html(client, "/leads/")

    send(workspace, known_as("grace", email="grace@firm.example"), event("Demo Requested", userId="grace"))

    assert queries.waiting_count() == 1
    assert '>1<span class="visually-hidden"> waiting' in html(client, "/leads/")
    assert '>1<span class="visually-hidden"> waiting' in html(client, "/shell/counts/")


def place_of(page: str) -> int:
    """Where the log was when the page was read, as the page gives it to the stream of changes."""
    return int(re.findall(r'data-live-url="/live\?cursor=(\d+)"', page)[0])


def test_a_page_knows_its_place_in_the_log(workspace: Workspace, browser: Browser) -> None:
    before = place_of(html(browser("sam"), "/leads/"))
    send(workspace, known_as("grace", email="grace@firm.example"))

    assert (before, place_of(html(browser("sam"), "/leads/"))) == (0, 1)


def test_what_is_committed_while_a_page_is_drawn_is_told_when_it_connects(
    workspace: Workspace, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(workspace, known_as("ada", email="ada@firm.example"))
    count = queries.waiting_count

    def counting_late() -> int:
        send(workspace, known_as("grace", firstName="Grace", email="grace@firm.example"))
        return count()

    monkeypatch.setattr(queries, "waiting_count", counting_late)

    page = html(browser("sam"), "/leads/")

    told = queries.changes_since(place_of(page))
    assert "Grace" not in page
    assert told.leads == (queries.leads(search="grace").items[0].id,)


def test_the_answered_share_is_shown_once_something_was_due(migrated: Path, tmp_path: Path) -> None:
    folder, yesterday = copied(migrated, tmp_path), present() - timedelta(days=1)
    with opened(folder, now=lambda: yesterday) as workspace:
        publish(workspace)
        assert "Answered within SLA" not in html(browsing("sam"), "/leads/")
        send(workspace, known_as("grace", email="grace@firm.example", at=yesterday))
        send(workspace, event("Demo Requested", userId="grace", at=yesterday))
        accept = Accept(lead=queries.waiting(now=yesterday)[0].lead, by="sam@ours.example", at=yesterday)
        workspace.submit(accept).result(timeout=30)

        page = html(browsing("sam"), "/leads/")

    assert "1 of 1 lead was answered in time in the last 90 days." in page


def test_a_demo_says_so_on_every_page_and_how_it_is_cleared(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    client = browser("sam")
    assert "Demo company" not in html(client, "/leads/")

    general = msgspec.structs.replace(settings.CONFIGURATION.workspace, demo=True)
    monkeypatch.setattr(settings, "CONFIGURATION", msgspec.structs.replace(settings.CONFIGURATION, workspace=general))

    for address in ("/leads/", "/definition/", "/settings/people/"):
        assert "Demo company." in html(client, address)
        assert "<code>ripeline demo clear" in html(client, address)


def test_an_unknown_address_is_told_in_the_look_of_the_console(browser: Browser) -> None:
    answer = browser("sam").get("/nowhere/")

    assert answer.status_code == 404
    assert "<h1>Nothing at this address</h1>" in answer.content.decode()


def test_the_address_of_a_form_says_why_nothing_was_done(browser: Browser) -> None:
    answer = browser("sam").get("/inbox/1/accept/")

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "<h1>Nothing was done</h1>" in answer.content.decode()


def test_a_failure_of_ours_is_told_without_asking_the_database(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError

    client = browser("sam", raise_request_exception=False)
    monkeypatch.setattr(queries, "waiting_count", broken)

    answer = client.get("/leads/")

    assert answer.status_code == 500
    assert "<h1>This page failed</h1>" in answer.content.decode()


def test_an_unknown_host_name_is_told_where_to_be_named(workspace: Workspace) -> None:
    answer = Client(headers={"host": "leads.firm.example"}).get("/sign-in/")

    assert answer.status_code == 400
    assert "does not answer to <code>leads.firm.example</code>" in answer.content.decode()


def test_pages_are_kept_by_nobody_but_their_reader(browser: Browser) -> None:
    assert browser("sam").get("/leads/")["Cache-Control"] == "private, no-cache"


def test_the_mark_is_where_browsers_look_for_it(browser: Browser) -> None:
    client = browser()

    mark = client.get(client.get("/favicon.ico")["Location"])

    assert mark["Content-Type"] == "image/svg+xml"
    assert mark["Cache-Control"] == "max-age=315360000, public, immutable"


def test_the_search_dialog_finds_leads(workspace: Workspace, browser: Browser) -> None:
    send(workspace, known_as("grace", firstName="Grace", lastName="Hopper", company="Firm"), known_as("alan"))

    found = html(browser("sam"), "/shell/search/?q=hopp")

    assert "Grace Hopper" in found and found.count("data-row") == 1
    assert "No lead has “zz”" in html(browser("sam"), "/shell/search/?q=zz")
    assert html(browser("sam"), "/shell/search/?q=+").strip() == ""
