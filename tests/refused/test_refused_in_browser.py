"""The page of refused events as people meet it: by keyboard, on a phone, by night, without script."""

import re
from collections.abc import Callable
from itertools import product
from typing import TYPE_CHECKING

import httpx
import pytest
from tests.served import Served

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opened = Callable[..., "Page"]
SIZES = {"desk": (1440, 900), "phone": (390, 844), "small phone": (320, 640)}


@pytest.fixture
def desk(served: Served, open_page: Opened) -> Opened:
    """A page of the console with three events refused, opened by somebody signed in."""
    bodies: list[object] = [{"event": "Demo Requested"}, {"event": "Order", "userId": []}, {"userId": "ada"}]
    for body in bodies:
        httpx.post(f"{served.url}/v1/track", json=body, auth=(served.write_key, ""), timeout=30)

    def at(path: str, *, who: str = "ada", **options: object) -> "Page":
        page = open_page(storage_state=served.signed_in(who), **options)
        page.goto(served.url + path)
        return page

    return at


def test_j_and_enter_open_one_that_is_mended_and_leads_to_its_lead(desk: Opened) -> None:
    page = desk("/refused/?reason=no-id")

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/refused/\d+/\?reason=no-id"))
    page.get_by_label("Message").fill('{"event": "Demo Requested",\n "userId" "grace"}')
    page.get_by_role("button", name="Replay").click()
    page.get_by_text("Line 2, column 11").wait_for()
    page.get_by_label("Message").fill('{"event": "Demo Requested", "userId": "grace"}')
    page.get_by_role("button", name="Replay").click()

    page.get_by_role("link", name="Look at the lead").click()
    page.wait_for_url(re.compile(r"/leads/\d+/"))


def test_a_filter_narrows_without_loading_the_page_anew(desk: Opened) -> None:
    page = desk("/refused/")
    page.evaluate("window.same = true")

    page.get_by_label("Reason").select_option("wrong-shape")
    page.wait_for_url("**/refused/?reason=wrong-shape**")

    assert "array" in page.locator(".lead-who .second").first.inner_text()
    assert page.evaluate("window.same") is True


def test_all_are_replayed_while_one_watches(desk: Opened) -> None:
    page = desk("/refused/?reason=wrong-shape")

    page.get_by_role("button", name=re.compile("Replay all")).click()

    page.get_by_text(re.compile(r"Done: 0 replayed, \d+ refused again\.")).wait_for()


def test_without_script_it_is_all_there(desk: Opened) -> None:
    page = desk("/refused/", java_script_enabled=False)

    page.get_by_label("Reason").select_option("no-name")
    page.get_by_role("button", name="Show").click()
    page.locator(".lead-link").first.click()
    page.get_by_role("button", name="Discard").click()

    page.get_by_text("The event is discarded.").first.wait_for()


@pytest.mark.parametrize(("size", "who"), list(product(SIZES, ("ada", "sam"))))
def test_list_and_event_fit_and_axe_finds_nothing_by_day_and_by_night(
    desk: Opened, accessibility_problems: Callable[["Page"], list[str]], size: str, who: str
) -> None:
    page = desk("/refused/", who=who, width=SIZES[size][0], height=SIZES[size][1])
    found: list[object] = []

    for step in ("list", "event"):
        if step == "event":
            page.locator(".lead-link").first.click()
            page.wait_for_url(re.compile(r"/refused/\d+/"))
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found += accessibility_problems(page)
        found.append(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    assert found == [0, 0]
