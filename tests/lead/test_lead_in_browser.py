"""The page of a lead as people use it: any past day, a rule and its events, a line read out, an answer by keyboard."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count, product
from typing import TYPE_CHECKING, Any

import pytest
from tests.served import Served

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opened = Callable[..., "Page"]
SIZES = {"desk": (1440, 900), "phone": (390, 844), "small": (320, 640)}
_numbers = count(1)


@pytest.fixture(scope="session")
def cookies(served: Served) -> object:
    return served.signed_in("sam")


@pytest.fixture
def lead(served: Served) -> str:
    """Somebody who came twenty days ago, looked at prices and jobs, and asks for a demo now; their name."""
    number = next(_numbers)
    name, ids = f"Ingrid Nr{number}", {"anonymousId": f"l-{number}", "userId": f"lead-{number}"}
    facts = {"name": name, "title": "Head of Logistics", "company": "Nordhavn", "email": f"ingrid{number}@firm.example"}

    def seen(days_ago: float, path: str) -> dict[str, Any]:
        at = (datetime.now(UTC) - timedelta(days=days_ago)).isoformat()
        return {"type": "page", "timestamp": at, "properties": {"path": path}, **ids}

    served.send(*(seen(20 - 0.2 * visit, "/pricing/plans") for visit in range(50)))
    served.send(seen(4, "/careers"), {"type": "identify", "traits": facts, **ids}, {"event": "Demo Requested", **ids})
    return name


@pytest.fixture
def desk(served: Served, cookies: object, open_page: Opened, lead: str) -> Opened:
    """The lead's page, opened from the list of leads."""

    def at(**options: object) -> "Page":
        page = open_page(storage_state=cookies, **options)
        page.goto(f"{served.url}/leads/?q={lead.replace(' ', '+')}")
        page.get_by_role("link", name=lead).first.click()
        page.wait_for_url(re.compile(r"/leads/\d+/"))
        if options.get("java_script_enabled", True):
            page.evaluate("document.fonts.ready")
        return page

    return at


def shown(page: "Page") -> float:
    """The big number."""
    return float(re.sub(r"MQL.*", "", page.locator(".big").inner_text()).replace("−", "-"))


def test_the_slider_shows_the_score_of_a_past_day(desk: Opened) -> None:
    page = desk()
    now = shown(page)

    page.locator("#day-range").focus()
    page.keyboard.press("Home")
    page.get_by_text("As it stood at the end of").wait_for()

    assert shown(page) < now and "as_of=" in page.url
    assert page.evaluate("document.activeElement.id") == "day-range"
    page.get_by_role("link", name="Back to now").click()
    page.wait_for_url(re.compile(r"/leads/\d+/$"))
    assert shown(page) == now


def test_a_rule_shows_its_events_and_only_them(desk: Opened) -> None:
    page = desk()

    page.locator(".falls-row a", has_text="/careers").click()
    page.locator(".timeline-rule").wait_for()

    assert page.locator(".entry-title").all_inner_texts() == ["Viewed /careers"]
    page.get_by_role("link", name="Show all events").click()
    page.wait_for_function("() => document.querySelectorAll('.entry').length > 5")


def test_stages_and_scored_narrow_the_timeline(desk: Opened) -> None:
    page = desk()

    page.get_by_role("navigation", name="Filter the timeline").get_by_role("link", name="Stages").click()
    page.wait_for_selector(".segmented a[aria-current]:has-text('Stages')")

    assert page.locator(".entry-title").all_inner_texts()[0] == "Became an MQL"


def test_earlier_adds_to_what_is_read(desk: Opened) -> None:
    page = desk()
    before = page.locator(".entry").count()

    page.get_by_role("link", name="Earlier").click()
    page.wait_for_function("count => document.querySelectorAll('.entry').length > count", arg=before)

    assert page.locator("#timeline-days .entry").count() == page.locator(".entry").count()


def test_the_line_is_read_out_by_arrow_keys(desk: Opened) -> None:
    page = desk()
    output = page.locator(".line output")
    resting = output.inner_text()

    page.locator(".line-box").focus()
    page.keyboard.press("ArrowLeft")
    assert re.fullmatch(r"\w+ \w+: [\d.−]+", output.inner_text())
    page.keyboard.press("End")
    assert output.inner_text().endswith("without new activity")
    page.keyboard.press("Tab")

    assert output.inner_text() == resting


def test_new_activity_appears_by_itself(desk: Opened, served: Served, lead: str) -> None:
    page = desk()
    page.wait_for_selector("body[data-stream=open]")

    served.send({"event": "Fair Conversation", "userId": f"lead-{lead.split('Nr')[1]}", "properties": {"fair": "Expo"}})

    page.locator(".entry-title", has_text="Fair conversation").wait_for()


def test_the_lead_is_accepted_and_taken_back_on_its_own_page(desk: Opened) -> None:
    page = desk()

    page.keyboard.press("a")
    page.locator(".chip.acc", has_text="SAL").wait_for()
    assert page.get_by_role("button", name="Accept").count() == 0
    page.keyboard.press("z")

    page.locator(".chip.acc", has_text="MQL").wait_for()
    assert page.get_by_role("button", name="Accept").count() == 1


def test_the_lead_is_rejected_on_its_own_page(desk: Opened, lead: str) -> None:
    page = desk()

    page.keyboard.press("r")
    page.locator("#reject-dialog[open]").wait_for()
    page.keyboard.press("1")
    page.keyboard.press("Enter")

    page.get_by_text(f"{lead} rejected.").wait_for()
    assert re.search(r"/leads/\d+/$", page.url)


def test_a_past_day_is_chosen_without_script(desk: Opened) -> None:
    page = desk(java_script_enabled=False)
    assert not page.locator("#day-range").is_visible()

    page.get_by_label("As of").fill((datetime.now(UTC) - timedelta(days=15)).date().isoformat())
    page.get_by_role("button", name="Show that day").click()

    assert page.get_by_text("As it stood at the end of").is_visible()


@pytest.mark.parametrize(("size", "scheme"), list(product(("desk", "phone"), ("light", "dark"))))
def test_axe_finds_nothing_on_a_leads_page(
    desk: Opened, accessibility_problems: Callable[["Page"], list[str]], size: str, scheme: str
) -> None:
    page = desk(width=SIZES[size][0], height=SIZES[size][1], color_scheme=scheme)

    assert accessibility_problems(page) == []


@pytest.mark.parametrize("size", SIZES)
def test_a_leads_page_is_never_wider_than_the_screen(desk: Opened, size: str) -> None:
    page = desk(width=SIZES[size][0], height=SIZES[size][1])

    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
