"""The page of a source as people use it, and the snippet on somebody else's page."""

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from tests.cast import present
from tests.ingest.recorder import KEY, Recorder, known_keys, serving
from tests.served import Served

from ripeline.server.ingest.answers import Answer, answer
from ripeline.server.ingest.door import Door
from ripeline.server.sources.lines import lines

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opened = Callable[..., "Page"]


@pytest.fixture
def desk(served: Served, open_page: Opened) -> Opened:
    def at(path: str, **options: object) -> "Page":
        page = open_page(storage_state=served.signed_in("ada"), **options)
        page.goto(served.url + path)
        return page

    return at


def made(page: "Page", name: str) -> str:
    """A new write key; the page that shows it stays open."""
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("button", name="Make the key").click()
    return page.locator("#secret").inner_text()


def test_a_new_source_turns_green_by_itself_and_leads_to_who_came(desk: Opened, served: Served) -> None:
    page = desk("/settings/keys/new/")
    secret = made(page, "green shop")
    page.get_by_text("Waiting for the first event").wait_for()

    served._replace(write_key=secret).send({"type": "identify", "userId": "gina", "traits": {"name": "Gina Green"}})

    page.locator("#source-status .chip.good").wait_for()
    page.get_by_role("link", name="Identified of Gina Green").click()
    page.wait_for_url(re.compile(r"/leads/\d+/"))


def test_the_lines_are_copied_by_a_button_and_by_the_keyboard(desk: Opened) -> None:
    page = desk("/settings/sources/1/", permissions=["clipboard-read", "clipboard-write"])
    button = page.get_by_role("button", name="Copy curl")

    button.focus()
    page.keyboard.press("Enter")

    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#line-curl").inner_text().strip() and "YOUR_WRITE_KEY" in copied


def test_without_script_the_lines_can_be_read_and_there_is_no_dead_button(desk: Opened) -> None:
    page = desk("/settings/sources/1/", java_script_enabled=False)

    assert page.locator("#line-curl").is_visible()
    assert page.locator("[data-copies]:visible").count() == 0


def test_what_a_source_demands_is_saved_without_a_mouse(desk: Opened) -> None:
    page = desk("/settings/keys/new/")
    made(page, "strict shop")
    page.goto(page.url.replace("keys/new/", "sources/"))
    page.get_by_role("link", name="strict shop").press("Enter")

    page.get_by_label("Purpose").press_sequentially("Analytics")
    page.get_by_label("Only with consent").press("Space")
    page.get_by_role("button", name="Save").press("Enter")

    page.get_by_text("Events are kept with consent for Analytics.").wait_for()


class Shop:
    """Somebody else's page, with the snippet pasted into it."""

    def __init__(self) -> None:
        self.body = b""

    async def __call__(self, _scope: Any, _receive: Any, send: Any) -> None:
        page = b"<!doctype html><title>Shop</title>" + self.body
        await answer(send, Answer(200, page, content_type=b"text/html"), ())


@pytest.fixture
def shop(open_page: Opened) -> Iterator[tuple["Page", Recorder]]:
    recorder, there = Recorder(), Shop()
    with serving(Door(submit=recorder.submit, keys=known_keys(), now=present)) as door, serving(there) as address:
        snippet = next(line.code for line in lines(key=KEY, origin=door) if line.id == "web")
        there.body = snippet.encode()
        page = open_page()
        with page.expect_response(re.compile("/v1/page")):
            page.goto(f"{address}/pricing?utm_source=news")
        yield page, recorder


def test_the_snippet_tells_of_the_page_and_of_whatever_the_page_tells_it(shop: tuple["Page", Recorder]) -> None:
    page, recorder = shop

    page.evaluate("ripeline.track('Demo Requested', {plan: 'pro'})")
    page.evaluate("ripeline.identify('ada', {email: 'ada@firm.example'})")

    seen, asked, known = recorder.events
    assert (seen.name, seen.context["page"]["path"], seen.context["page"]["search"]) == (
        "Page Viewed", "/pricing", "?utm_source=news",
    )  # fmt: skip
    assert (asked.name, asked.properties) == ("Demo Requested", {"plan": "pro"})
    assert (known.user_id, known.facts) == ("ada", {"email": "ada@firm.example"})
    assert len({event.anonymous_id for event in recorder.events}) == 1


def test_the_snippet_knows_its_visitor_again(shop: tuple["Page", Recorder]) -> None:
    page, recorder = shop

    with page.expect_response(re.compile("/v1/page")):
        page.reload()

    assert len(recorder.events) == 2 and len({event.anonymous_id for event in recorder.events}) == 1
