import sqlite3

import pytest
from tests.cast import STARTER, Browser, event, publish, send, words

from ripeline.server.workspace import Workspace


def test_before_the_first_version_the_page_says_how_one_is_published(browser: Browser) -> None:
    told = words(browser("sam").get("/definition/").content)

    assert "No definition is in force yet" in told
    assert "ripeline publish workspace workspace/definition.yaml" in told


def test_the_agreement_is_read_as_sentences_with_their_points(workspace: Workspace, browser: Browser) -> None:
    publish(workspace)

    told = words(browser("sam").get("/definition/").content)

    assert "+8 for each view of a page whose path begins with /pricing, at most 3 a day, halved every 30 days" in told
    assert "−20 for each view of a page whose path begins with /careers or /jobs" in told
    assert "Sales answers within 4 hours" in told


def test_the_page_names_who_signed(workspace: Workspace, browser: Browser) -> None:
    publish(workspace)

    told = words(browser("sam").get("/definition/").content)

    assert "In force" in told
    assert "MM Mia Mazur for Marketing" in told and "SS Sam Sundin for Sales" in told


def test_an_earlier_version_can_be_read_and_says_that_it_is_past(workspace: Workspace, browser: Browser) -> None:
    publish(workspace)
    publish(workspace, STARTER.replace("points: 8,", "points: 9,"))
    client = browser("sam")

    earlier = words(client.get("/definition/1/").content)

    assert "This version is no longer in force." in earlier and "+8 for each view" in earlier
    assert "+9 for each view" in words(client.get("/definition/").content)


def test_the_file_can_be_read_as_it_was_published(workspace: Workspace, browser: Browser) -> None:
    publish(workspace)

    text = browser("sam").get("/definition/1/text/")

    assert text.content.decode() == STARTER
    assert text["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("number", ["7", "99999999999999999999"])
def test_a_version_that_never_was_is_not_found(workspace: Workspace, browser: Browser, number: str) -> None:
    publish(workspace)

    assert browser("sam").get(f"/definition/{number}/").status_code == 404


def test_a_version_of_another_release_says_that_it_cannot_be_read_and_every_page_is_drawn(
    workspace: Workspace, browser: Browser
) -> None:
    publish(workspace)
    send(workspace, event(userId="ann"))
    with sqlite3.connect(workspace.folder / "data/ripeline.db") as db:
        db.execute("UPDATE version SET text = text || 'a_later_setting: 1\n'")
    db.close()
    client = browser("sam")

    pages = [client.get(page) for page in ("/definition/", "/inbox/", "/leads/", "/leads/1/", "/definition/1/text/")]

    assert [page.status_code for page in pages] == [200] * 5
    assert "This release cannot read this version. Events are kept" in words(pages[0].content)
