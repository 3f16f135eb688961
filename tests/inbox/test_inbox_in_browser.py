"""The inbox as sales meets it: answered by keyboard, two people at once, a lead that rings, a phone, no script."""

import re
from collections.abc import Callable
from itertools import count, product
from typing import TYPE_CHECKING

import pytest
from tests.served import Served

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

Opened = Callable[..., "Page"]
SIZES = {"desk": (1440, 900), "phone": (390, 844), "small": (320, 640)}
FIRST_NAMES = ("Grace", "Alan", "Edsger", "Barbara", "Donald", "Frances", "Tony", "Adele")
_numbers = count(1)


@pytest.fixture(scope="session")
def states(served: Served) -> dict[str, object]:
    return {who: served.signed_in(who) for who in ("ada", "sam")}


@pytest.fixture
def arrive(served: Served) -> Callable[[], str]:
    """Somebody asks for a demo; their name."""

    def arrived() -> str:
        number = next(_numbers)
        return came(served, number, f"{FIRST_NAMES[number % 8]} Nr{number}")

    return arrived


def came(served: Served, number: int, name: str, *, company: str = "Nordhavn") -> str:
    """Somebody looked at prices, said who they are, and asks for a demo."""
    facts = {"name": name, "title": "Head of Logistics", "company": company, "email": f"p{number}@firm.example"}
    served.send(
        {"type": "page", "anonymousId": f"a-{number}", "properties": {"path": "/pricing"}},
        {"type": "identify", "anonymousId": f"a-{number}", "userId": f"u-{number}", "traits": facts},
        {"event": "Demo Requested", "userId": f"u-{number}"},
    )
    return name


@pytest.fixture
def desk(served: Served, states: dict[str, object], open_page: Opened) -> Opened:
    """The inbox, opened by Sam unless told otherwise."""

    def at(path: str = "/inbox/", *, who: str = "sam", **options: object) -> "Page":
        page = open_page(storage_state=states[who], **options)
        page.goto(served.url + path)
        if options.get("java_script_enabled", True):
            page.evaluate("document.fonts.ready")
        return page

    return at


def listening(page: "Page") -> "Page":
    """The page, once it hears of changes."""
    page.wait_for_selector("body[data-stream=open]")
    return page


def row(page: "Page", name: str) -> str:
    """The address of a lead's page in the inbox."""
    return str(page.locator(".waiting-row", has_text=name).first.get_attribute("href"))


def chosen(page: "Page") -> str:
    return page.locator("#lead-name").inner_text()


def posts(page: "Page") -> list[str]:
    """The forms sent from here on."""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    return sent


def focused(page: "Page") -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_the_row_of_the_lead_on_screen_is_current(desk: Opened, arrive: Callable[[], str]) -> None:
    arrive()
    page = desk()

    assert page.locator(".waiting-row[aria-current]").locator("b").inner_text() == chosen(page)


def test_j_and_k_show_the_next_and_the_previous_lead(desk: Opened, arrive: Callable[[], str]) -> None:
    arrive(), arrive()
    page = desk()
    names = page.locator(".waiting-row b").all_inner_texts()

    page.keyboard.press("j")
    page.wait_for_function("name => document.querySelector('#lead-name').innerText === name", arg=names[1])
    assert page.locator(".waiting-row[aria-current] b").inner_text() == names[1]
    page.keyboard.press("k")

    page.wait_for_function("name => document.querySelector('#lead-name').innerText === name", arg=names[0])


def test_a_lead_is_accepted_and_taken_back_by_keyboard_alone(desk: Opened, arrive: Callable[[], str]) -> None:
    name, other = arrive(), arrive()
    page = desk()
    page.goto(page.url.rstrip("/").removesuffix("/inbox") + row(page, name))

    page.keyboard.press("a")
    page.get_by_text(f"{name} accepted.").wait_for()
    assert chosen(page) != name and focused(page).startswith("row-")
    assert page.locator(".waiting-row", has_text=name).count() == 0
    page.keyboard.press("z")
    page.get_by_text(f"Taken back: {name} waits again.").wait_for()

    assert chosen(page) == name and page.locator(".waiting-row", has_text=name).count() == 1
    assert other in page.locator("#waiting-list").inner_text()


def test_a_key_held_down_answers_one_lead(desk: Opened, arrive: Callable[[], str]) -> None:
    arrive(), arrive(), arrive()
    page = desk()
    answers = posts(page)

    page.keyboard.down("a")
    page.keyboard.down("a")
    page.get_by_text("accepted.").wait_for()
    page.keyboard.down("a")
    page.evaluate("0")

    assert len(answers) == 1


def test_no_key_acts_while_another_lead_is_on_its_way(desk: Opened, arrive: Callable[[], str]) -> None:
    arrive(), arrive()
    page = desk()
    answers = posts(page)
    page.route(re.compile(r"/inbox/\d+/"), lambda _route: None)  # the next lead takes long

    with page.expect_request(re.compile(r"/inbox/\d+/")):
        page.keyboard.press("j")
    page.keyboard.press("a")
    page.evaluate("0")

    assert answers == []


def test_a_page_whose_stream_was_refused_hears_of_changes_again(desk: Opened, arrive: Callable[[], str]) -> None:
    page = desk("/settings/preferences/")
    page.clock.install()
    refusals = iter([503, 503])  # of the stream, and of the page that asks why

    def live(route: "Route") -> None:
        status = next(refusals, None)
        route.fulfill(status=status) if status else route.continue_()

    page.route("**/live*", live)
    page.goto(page.url.replace("/settings/preferences/", "/inbox/"))
    page.wait_for_selector("body[data-stream=closed]")
    page.clock.run_for(10_000)
    listening(page)
    name = arrive()

    page.locator(".waiting-row", has_text=name).wait_for()


def test_a_page_that_was_signed_out_loads_itself_again_once(desk: Opened) -> None:
    page = desk("/settings/preferences/")
    page.clock.install()
    loads: list[str] = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    page.route("**/live*", lambda route: route.fulfill(status=401))

    page.goto(page.url)
    page.wait_for_selector("body[data-stream=closed]")
    with page.expect_navigation():
        page.clock.run_for(10_000)
    page.wait_for_selector("body[data-stream=closed]")
    with page.expect_response("**/live*"):
        page.clock.run_for(10_000)

    assert len(loads) == 2


def test_an_answer_leaves_no_error_in_the_console(desk: Opened, arrive: Callable[[], str]) -> None:
    arrive(), arrive()
    page = listening(desk())
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)

    page.keyboard.press("a")
    page.get_by_text("accepted.").wait_for()
    page.keyboard.press("z")
    page.get_by_text("waits again.").wait_for()

    # A newer refresh of the list takes the place of one on its way: htmx logs these two of it, and nothing is wrong.
    taken_over = ("htmx:afterRequest", "htmx:sendAbort")
    assert [error for error in errors if not error.startswith(taken_over)] == []


def test_a_lead_is_rejected_by_keyboard_alone(desk: Opened, arrive: Callable[[], str]) -> None:
    name = arrive()
    page = desk()
    page.goto(page.url.rstrip("/").removesuffix("/inbox") + row(page, name))

    page.keyboard.press("r")
    page.locator("#reject-dialog[open]").wait_for()
    page.keyboard.press("2")
    assert page.locator("#reject-dialog input:checked").evaluate("input => input.dataset.key") == "2"
    page.keyboard.press("Enter")
    page.get_by_text(f"{name} rejected.").wait_for()

    assert page.locator(".waiting-row", has_text=name).count() == 0


def test_escape_leaves_the_dialog_and_nothing_is_decided(desk: Opened, arrive: Callable[[], str]) -> None:
    name = arrive()
    page = desk()
    page.goto(page.url.rstrip("/").removesuffix("/inbox") + row(page, name))
    page.keyboard.press("r")
    page.locator("#reject-dialog[open]").wait_for()

    page.keyboard.press("Escape")

    assert page.locator("dialog[open]").count() == 0
    assert page.locator(".waiting-row", has_text=name).count() == 1
    assert page.evaluate("document.activeElement.dataset.key") == "r"


def test_digits_typed_into_the_note_are_text(desk: Opened, arrive: Callable[[], str]) -> None:
    arrive()
    page = desk()
    page.keyboard.press("r")

    page.locator("#reject-note").press_sequentially("3 calls")

    assert page.locator("#reject-note").input_value() == "3 calls"
    assert page.locator("#reject-dialog input:checked").count() == 0


def test_every_reason_says_what_follows(desk: Opened, arrive: Callable[[], str]) -> None:
    arrive()
    page = desk()
    page.keyboard.press("r")

    follows = page.locator(".reject-follows").all_inner_texts()

    assert "Closed" in follows and any(re.fullmatch(r"Nurture for \d+ days", text) for text in follows)


def test_who_decided_meanwhile_is_named_in_place(desk: Opened, arrive: Callable[[], str]) -> None:
    name = arrive()
    mine = desk()
    mine.route("**/live*", lambda route: route.abort())  # a tab that slept while it happened
    address = mine.url.rstrip("/").removesuffix("/inbox") + row(mine, name)
    mine.goto(address)
    theirs = desk(who="ada")
    theirs.goto(address)
    theirs.keyboard.press("a")
    theirs.get_by_text(f"{name} accepted.").wait_for()

    with mine.expect_response("**/accept/") as answered:
        mine.keyboard.press("a")

    assert answered.value.status == 409
    notice = mine.locator("[role=alert]").inner_text()
    assert re.search(r"decided on this lead first, Today \d\d:\d\d; its stage is now SAL", notice)
    assert chosen(mine) == name and mine.get_by_role("button", name="Accept").count() == 0


def test_a_tab_that_listens_hears_of_a_colleagues_decision(desk: Opened, arrive: Callable[[], str]) -> None:
    name = arrive()
    mine = desk()
    address = mine.url.rstrip("/").removesuffix("/inbox") + row(mine, name)
    mine.goto(address)
    listening(mine)
    theirs = desk(who="ada")
    theirs.goto(address)

    theirs.keyboard.press("a")

    mine.locator("#actions .decided").wait_for()
    assert re.search(r"Accepted by .+, Today", mine.locator("#actions").inner_text())
    assert mine.locator(".waiting-row", has_text=name).count() == 0


def test_a_new_mql_rings_and_the_lead_on_screen_stays(desk: Opened, arrive: Callable[[], str]) -> None:
    arrive()
    page = listening(desk())
    before, waiting = chosen(page), int(page.locator("#waiting-count").inner_text())

    name = arrive()
    page.locator(".waiting-row", has_text=name).wait_for()

    assert f"{name} is waiting for an answer" in page.locator("#rings").inner_text()
    assert int(page.locator("#waiting-count").inner_text()) == waiting + 1
    assert chosen(page) == before == page.locator(".waiting-row[aria-current] b").inner_text()


def test_what_is_being_written_survives_an_arrival(desk: Opened, arrive: Callable[[], str]) -> None:
    arrive()
    page = listening(desk())
    page.keyboard.press("r")
    page.locator("#reject-note").press_sequentially("call in spring")

    name = arrive()
    page.locator(".waiting-row", has_text=name).wait_for(state="attached")

    assert page.locator("#reject-note").input_value() == "call in spring"
    assert page.locator("#reject-dialog[open]").count() == 1


def test_the_list_keeps_the_focus_when_it_is_fetched_again(desk: Opened, arrive: Callable[[], str]) -> None:
    arrive()
    page = listening(desk())
    page.locator(".waiting-row").first.focus()
    before = focused(page)

    name = arrive()
    page.locator(".waiting-row", has_text=name).wait_for()

    assert focused(page) == before


def test_mine_shows_only_the_readers_own(desk: Opened, arrive: Callable[[], str]) -> None:
    arrive()
    page = desk(who="ada")

    page.get_by_role("switch", name="Mine").click()
    page.wait_for_url("**/inbox/?mine=1")

    assert page.get_by_text("None of them is yours").is_visible()
    page.get_by_role("link", name="Show everyone's").click()
    assert page.locator(".waiting-row").count() > 0


def test_a_phone_shows_the_list_then_the_lead(desk: Opened, arrive: Callable[[], str]) -> None:
    name = arrive()
    page = desk(width=390, height=844)
    assert not page.locator("#lead-name").is_visible()

    page.locator(".waiting-row", has_text=name).click()
    page.locator("#lead-name").wait_for()
    assert not page.locator("#waiting-list").is_visible() and focused(page) == "lead-name"
    assert page.get_by_role("button", name="Accept").bounding_box()["height"] >= 44  # type: ignore[index]  # it is on the page
    page.get_by_role("link", name="Inbox").first.click()

    page.locator(".waiting-row", has_text=name).wait_for()


def test_back_and_forth_in_the_history_shows_whole_pages(desk: Opened, arrive: Callable[[], str]) -> None:
    arrive(), arrive()
    page = desk()
    page.locator(".waiting-row").nth(1).click()
    page.wait_for_url(re.compile(r"/inbox/\d+/"))

    page.go_back()
    page.wait_for_url("**/inbox/")

    assert page.locator(".sidebar").count() == 1 and page.locator(".waiting-row").count() > 1


def test_everything_can_be_decided_without_script(desk: Opened, arrive: Callable[[], str]) -> None:
    name, other = arrive(), arrive()
    page = desk(java_script_enabled=False)

    page.locator(".waiting-row", has_text=name).click()
    page.get_by_role("button", name="Reject").click()
    page.get_by_label("Not now").check()
    page.get_by_role("button", name="Reject lead").click()
    assert page.get_by_text(f"{name} rejected.").is_visible()
    page.get_by_role("button", name="Undo").click()
    assert chosen(page) == name
    page.locator(".waiting-row", has_text=other).click()
    page.get_by_role("button", name="Accept").click()

    assert page.get_by_text(f"{other} accepted.").is_visible()
    assert page.locator(".waiting-row", has_text=other).count() == 0


@pytest.mark.parametrize(("size", "scheme", "opened"), list(product(("desk", "phone"), ("light", "dark"), (0, 1))))
def test_axe_finds_nothing_in_the_inbox(
    desk: Opened,
    arrive: Callable[[], str],
    accessibility_problems: Callable[["Page"], list[str]],
    size: str,
    scheme: str,
    opened: int,
) -> None:
    name = arrive()
    page = desk(width=SIZES[size][0], height=SIZES[size][1], color_scheme=scheme)
    if opened:
        page.locator(".waiting-row", has_text=name).click()
        page.wait_for_url(re.compile(r"/inbox/\d+/"))

    assert accessibility_problems(page) == []


def test_axe_finds_nothing_in_the_reject_dialog(
    desk: Opened, arrive: Callable[[], str], accessibility_problems: Callable[["Page"], list[str]]
) -> None:
    arrive()
    page = desk(color_scheme="dark")
    page.keyboard.press("r")
    page.locator("#reject-dialog[open]").wait_for()

    assert accessibility_problems(page) == []


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_wider_than_the_screen(desk: Opened, arrive: Callable[[], str], size: str) -> None:
    name = arrive()
    page = desk(width=SIZES[size][0], height=SIZES[size][1])
    page.locator(".waiting-row", has_text=name).click()
    page.wait_for_url(re.compile(r"/inbox/\d+/"))

    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


LONG_NAMES = {"long": "Maximiliane von Hohenstaufen-Wittelsbach", "unbroken": "Maximiliane" * 7 + "Max"}
SCROLLING_SIDEWAYS = """[...document.querySelectorAll("*")].filter(one => one.scrollWidth > one.clientWidth
    && (one === document.documentElement || /auto|scroll/.test(getComputedStyle(one).overflowX))
).map(one => `${one.tagName} ${one.className}`)"""


@pytest.mark.parametrize(("size", "name"), list(product(SIZES, LONG_NAMES)))
def test_a_long_name_makes_nothing_scroll_sideways(served: Served, desk: Opened, size: str, name: str) -> None:
    came(served, next(_numbers), LONG_NAMES[name], company=f"{LONG_NAMES[name]} GmbH")
    page = desk(width=SIZES[size][0], height=SIZES[size][1])
    wide = {"inbox": page.evaluate(SCROLLING_SIDEWAYS)}
    address = row(page, LONG_NAMES[name])

    for where in (address, address.replace("/inbox/", "/leads/"), "/leads/?q=Maximiliane"):
        page.goto(served.url + where)
        wide[where] = page.evaluate(SCROLLING_SIDEWAYS)
    page.goto(served.url + address)
    page.keyboard.press("r")
    wide["reject"] = page.evaluate(SCROLLING_SIDEWAYS)

    assert [where for where, found in wide.items() if found] == []
