"""The shell's pages as people meet them: at a desk, on a phone, by night, by keyboard, without script."""

import re
from collections.abc import Callable
from itertools import product
from typing import TYPE_CHECKING

import pytest
from tests.served import Served, email

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opened = Callable[..., "Page"]
SETTINGS = [
    "/settings/preferences/",
    "/settings/people/",
    "/settings/keys/",
    "/settings/keys/new/",
    "/settings/sources/",
    "/settings/sources/1/",
]
PAGES = ["/leads/", "/definition/", "/refused/", *SETTINGS]
DAY, NIGHT = "rgb(247, 247, 248)", "rgb(15, 15, 17)"
SIZES = {"desk": (1440, 900), "phone": (390, 844)}
LONGER = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (text.parentElement.closest('code, kbd, script')) continue;
    text.data = text.data.replace(/\\p{L}{3,}/gu, (word) => word + word.slice(-Math.ceil(word.length * 0.4)));
  }
}"""


@pytest.fixture(scope="module")
def company(served: Served) -> Served:
    """Grace waits for an answer, Alan is known, somebody looked around."""
    grace = {"firstName": "Grace", "lastName": "Hopper", "title": "Head of Systems", "company": "Navy Research"}
    served.send(
        {"type": "identify", "userId": "grace", "traits": {**grace, "email": "grace@navy.example"}},
        {"event": "Demo Requested", "userId": "grace"},
        {"type": "identify", "userId": "alan", "traits": {"name": "Alan Turing", "email": "alan@bletchley.example"}},
        {"type": "page", "anonymousId": "a-1", "properties": {"path": "/pricing"}},
    )
    return served


@pytest.fixture
def desk(company: Served, open_page: Opened) -> Opened:
    """A page of the console, opened by somebody signed in."""

    def at(path: str, *, who: str = "ada", **options: object) -> "Page":
        page = open_page(storage_state=company.signed_in(who), **options)
        page.goto(company.url + path)
        if options.get("java_script_enabled", True):
            page.evaluate("document.fonts.ready")
        return page

    return at


def overflow(page: "Page") -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def rows(page: "Page") -> list[str]:
    return page.locator(".lead-link").all_inner_texts()


def focused(page: "Page") -> str:
    return str(page.evaluate("document.activeElement.innerText || document.activeElement.name"))


@pytest.mark.parametrize(("path", "size"), list(product(PAGES, SIZES)))
def test_axe_finds_nothing_by_day_and_by_night(
    desk: Opened, accessibility_problems: Callable[["Page"], list[str]], path: str, size: str
) -> None:
    page = desk(path, width=SIZES[size][0], height=SIZES[size][1], color_scheme="light")

    by_day = accessibility_problems(page)
    page.emulate_media(color_scheme="dark")

    assert (by_day, accessibility_problems(page)) == ([], [])


@pytest.mark.parametrize("path", [*PAGES, "/settings/people/add/"])
def test_nothing_is_wider_than_a_small_phone(desk: Opened, path: str) -> None:
    page = desk(path, width=320, height=640)

    assert overflow(page) == 0


@pytest.mark.parametrize("path", PAGES)
def test_longer_words_of_other_languages_fit(desk: Opened, path: str) -> None:
    page = desk(path, width=1440)
    page.evaluate(LONGER)

    beyond = {}
    for width in (390, 900, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        beyond[width] = overflow(page)

    assert set(beyond.values()) == {0}


def test_signing_in_and_out_needs_no_mouse(company: Served, open_page: Opened) -> None:
    page = open_page()
    page.goto(f"{company.url}/leads/?q=grace")
    page.locator("input[name=email]:focus").wait_for()  # a page is loaded before its first field has the focus

    page.keyboard.type(email("sam"))
    page.keyboard.press("Tab")
    page.keyboard.type(company.passwords["sam"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/leads/?q=grace")

    assert rows(page) == ["Grace Hopper"]
    page.locator(".user").press("Enter")
    page.get_by_role("button", name="Sign out").press("Enter")
    page.wait_for_url("**/sign-in/")


def test_the_first_tab_skips_to_the_content(desk: Opened) -> None:
    page = desk("/leads/")

    page.keyboard.press("Tab")
    assert focused(page) == "Skip to content"
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


def test_j_and_k_move_and_enter_opens(desk: Opened) -> None:
    page = desk("/leads/?stage=known")
    listed = rows(page)

    page.keyboard.press("j")
    page.keyboard.press("j")
    assert focused(page) == listed[1]
    page.keyboard.press("k")
    assert focused(page) == listed[0]
    page.keyboard.press("Enter")

    page.wait_for_url(re.compile(r"/leads/\d+/"))


def test_g_and_a_letter_open_a_page(desk: Opened) -> None:
    page = desk("/leads/")

    for keys, address in (("gd", "**/definition/"), ("gs", "**/settings/preferences/"), ("gi", "**/inbox/**")):
        page.keyboard.type(keys)
        page.wait_for_url(address)


def test_keys_typed_into_a_field_are_text(desk: Opened) -> None:
    page = desk("/leads/")

    page.keyboard.press("/")
    page.keyboard.type("gd?j")

    assert page.locator("#q").input_value() == "gd?j"
    assert "/leads/" in page.url
    assert page.locator("dialog[open]").count() == 0


def test_typing_searches_without_loading_the_page_anew(desk: Opened) -> None:
    page = desk("/leads/")
    page.evaluate("window.same = true")

    page.locator("#q").press_sequentially("turing")
    page.wait_for_url("**/leads/?q=turing&stage=")

    assert rows(page) == ["Alan Turing"] and page.locator("#lead-count").inner_text() == "1"
    assert page.evaluate("window.same") is True


def test_control_k_searches_from_anywhere_and_arrows_choose(desk: Opened) -> None:
    page = desk("/definition/")

    page.keyboard.press("Control+k")
    page.keyboard.type("hopper")
    page.locator("#found .row").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.wait_for_url(re.compile(r"/leads/\d+/"))


def test_the_question_mark_lists_the_keys_and_escape_leaves(
    desk: Opened, accessibility_problems: Callable[["Page"], list[str]]
) -> None:
    page = desk("/leads/")

    page.keyboard.type("?")

    assert "Go to Definition" in page.locator("#keys").inner_text()
    assert accessibility_problems(page) == []
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0


def test_single_letter_keys_can_be_switched_off_and_control_k_stays(desk: Opened) -> None:
    page = desk("/settings/preferences/", who="sam")
    page.get_by_label("Single-letter keys").uncheck()
    page.get_by_role("button", name="Save preferences").click()
    page.get_by_text("Your preferences are saved.").wait_for()

    page.keyboard.type("gl?")
    assert "/settings/preferences/" in page.url and page.locator("dialog[open]").count() == 0
    page.keyboard.press("Control+k")
    assert page.locator("#search").is_visible()

    page.keyboard.press("Escape")
    page.get_by_label("Single-letter keys").check()
    page.get_by_role("button", name="Save preferences").click()


def test_save_appears_when_something_changed(desk: Opened) -> None:
    page = desk("/settings/preferences/")
    save = page.get_by_role("button", name="Save preferences")
    assert not save.is_visible()

    page.get_by_text("Dark", exact=True).click()

    assert save.is_visible()


@pytest.mark.parametrize(
    ("system", "chosen", "ground"), [("dark", "System", NIGHT), ("dark", "Light", DAY), ("light", "Dark", NIGHT)]
)
def test_the_colours_are_those_chosen(desk: Opened, system: str, chosen: str, ground: str) -> None:
    page = desk("/settings/preferences/", color_scheme=system)
    if page.locator("html").get_attribute("data-theme") != chosen.lower():
        page.get_by_text(chosen, exact=True).click()
        page.get_by_role("button", name="Save preferences").click()
        page.wait_for_selector(f"html[data-theme={chosen.lower()}]")

    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == ground


def test_everything_works_without_script(company: Served, open_page: Opened) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{company.url}/leads/")
    page.get_by_label("Email").fill(email("sam"))
    page.get_by_label("Password").fill(company.passwords["sam"])
    page.get_by_role("button", name="Sign in").click()

    page.locator("#q").fill("hopper")
    page.get_by_role("button", name="Search", exact=True).click()
    assert rows(page) == ["Grace Hopper"]
    page.get_by_role("link", name="Definition").click()
    assert page.get_by_text("Sales answers within 4 hours").is_visible()
    page.locator(".user").click()
    page.get_by_role("button", name="Sign out").click()

    assert "/sign-in/" in page.url


def test_a_phone_has_tabs_and_the_rest_under_more(desk: Opened) -> None:
    page = desk("/leads/", width=390, height=844)
    assert not page.locator(".sidebar").is_visible()
    assert page.locator(".tab").all_inner_texts()[1:] == ["Leads", "Search", "More"]

    page.get_by_role("button", name="More").click()
    page.get_by_role("link", name="Definition").click()

    page.wait_for_url("**/definition/")


def test_a_narrow_window_has_a_rail_whose_icons_are_named(desk: Opened) -> None:
    page = desk("/leads/", width=1024)

    assert page.locator(".sidebar").bounding_box()["width"] == 60  # type: ignore[index]  # it is on the page
    assert page.get_by_role("navigation", name="Main").get_by_role("link", name="Definition").is_visible()


def test_forced_colours_still_show_where_one_is(desk: Opened) -> None:
    page = desk("/leads/", forced_colors="active")

    assert page.locator(".nav-item[aria-current]").evaluate("item => getComputedStyle(item).outlineStyle") == "solid"


def test_what_arrives_is_announced_without_moving_the_list(company: Served, desk: Opened) -> None:
    page = desk("/leads/")
    listed = rows(page)
    page.wait_for_selector("body[data-stream=open]")

    company.send({"type": "identify", "userId": "edsger", "traits": {"email": "edsger@thuis.example"}})
    page.get_by_role("link", name="Show new activity").wait_for()

    assert rows(page) == listed
    page.get_by_role("link", name="Show new activity").click()
    page.get_by_text("edsger@thuis.example").wait_for()


def test_the_inbox_counts_a_new_mql_by_itself(company: Served, desk: Opened) -> None:
    page = desk("/definition/")
    page.wait_for_selector("body[data-stream=open]")
    before = int(page.locator(".nav-item .count").inner_text().split()[0])

    company.send(
        {"type": "identify", "userId": f"mql-{before}", "traits": {"email": f"mql-{before}@firm.example"}},
        {"event": "Demo Requested", "userId": f"mql-{before}"},
    )

    page.wait_for_function(f"() => document.querySelector('.nav-item .count').innerText.startsWith('{before + 1}')")


def test_a_failed_network_says_so_keeps_the_input_and_offers_to_retry(desk: Opened) -> None:
    page = desk("/leads/")
    page.context.set_offline(True)
    page.locator("#q").press_sequentially("turing")
    page.get_by_text("The network failed. Nothing was saved.").wait_for()

    page.context.set_offline(False)
    page.get_by_role("button", name="Retry").click()
    page.wait_for_url("**/leads/?q=turing&stage=")

    assert page.locator("#q").input_value() == "turing"
    assert rows(page) == ["Alan Turing"]


def test_a_toast_leaves_after_eight_seconds(desk: Opened) -> None:
    page = desk("/settings/preferences/")
    page.clock.install()
    page.get_by_label("Single-letter keys").click()
    page.get_by_label("Single-letter keys").click()
    page.get_by_role("button", name="Save preferences").click()
    page.get_by_text("Your preferences are saved.").wait_for()

    page.clock.fast_forward(7_000)
    assert page.locator("[data-toast]").count() == 1
    page.clock.fast_forward(2_000)

    assert page.locator("[data-toast]").count() == 0


def test_a_secret_is_copied_at_a_click(desk: Opened) -> None:
    page = desk("/settings/keys/new/", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("textbox", name="Name", exact=True).fill("a new site")
    page.get_by_role("button", name="Make the key").click()

    page.get_by_role("button", name="Copy", exact=True).click()

    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#secret").inner_text()
