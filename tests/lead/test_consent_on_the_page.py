"""What a lead agreed to stands on its page, today's and any past day's."""

from typing import Any

import pytest
from tests.cast import Browser, publish, words
from tests.lead.test_lead_page import tell

from ripeline.server.log import queries
from ripeline.server.workspace import Workspace


def said(given: bool, *, days_ago: float) -> dict[str, Any]:
    form = {"purpose": "newsletter", "given": given, "wording": "Send me <b>news</b>"}
    return {"type": "identify", "userId": "ada", "traits": {"email": "ada@firm.example", "consent": form}} | {
        "days_ago": days_ago
    }


@pytest.fixture
def ada(workspace: Workspace) -> int:
    publish(workspace)
    tell(workspace, said(True, days_ago=10), said(False, days_ago=2))
    return queries.leads(user_id="ada").items[0].id


def test_the_page_says_what_holds_and_what_was_shown(ada: int, browser: Browser) -> None:
    page = browser("sam").get(f"/leads/{ada}/").content

    assert "Identity and consent" in words(page) and "newsletter: no consent" in words(page)
    assert "told by site" in words(page) and b"Send me &lt;b&gt;news&lt;/b&gt;" in page


def test_a_past_day_shows_what_held_then(ada: int, browser: Browser) -> None:
    day = queries.history(ada)[0].occurred_at.date()

    page = words(browser("sam").get(f"/leads/{ada}/?as_of={day}").content)

    assert "newsletter: consent given" in page and "newsletter: no consent" not in page


def test_of_who_said_nothing_the_page_says_that(workspace: Workspace, browser: Browser) -> None:
    publish(workspace)
    tell(workspace, {"type": "page", "anonymousId": "a-1"})
    lead = queries.leads(anonymous_id="a-1").items[0].id

    assert "Nothing was said of consent." in words(browser("sam").get(f"/leads/{lead}/").content)


def test_the_inbox_says_it_beside_the_contact(ada: int, workspace: Workspace, browser: Browser) -> None:
    tell(workspace, {"userId": "ada", "event": "Demo Requested"})

    page = words(browser("sam").get(f"/inbox/{ada}/").content)

    assert "Contact and consent" in page and "newsletter: no consent" in page
