import pytest
from tests.cast import Browser, shown_once, words

from ripeline.server.log.queries import keys as known_keys
from ripeline.server.workspace import Workspace


def make(browser: Browser, kind: str = "write", name: str = "website") -> str:
    """The secret of a new key, as the page shows it."""
    answer = browser("ada").post("/settings/keys/new/", {"kind": kind, "name": name})
    return shown_once(answer.content)


@pytest.mark.parametrize("kind", ["write", "api"])
def test_a_new_key_opens_its_kind_and_is_shown_once(workspace: Workspace, browser: Browser, kind: str) -> None:
    secret = make(browser, kind)

    opening = workspace.keys.find(secret, "write" if kind == "write" else "api")

    assert opening is not None and opening.name == "website"
    page = browser("ada").get("/settings/keys/").content.decode()
    assert secret not in page and secret[:8] in page


def test_a_name_is_given_once(browser: Browser) -> None:
    make(browser)

    again = browser("ada").post("/settings/keys/new/", {"kind": "write", "name": "website"})

    assert again.status_code == 422
    assert "A key of this name is in use." in words(again.content)


def test_revoking_says_what_it_does_and_then_does_it(workspace: Workspace, browser: Browser) -> None:
    secret, client = make(browser), browser("ada")
    address = f"/settings/keys/{known_keys()[0].id}/revoke/"

    asked = client.get(address)
    assert "Whatever still sends events with it is refused from now on" in words(asked.content)
    assert workspace.keys.find(secret, "write") is not None
    done = client.post(address, follow=True)

    assert "1 revoked key" in words(done.content)
    assert workspace.keys.find(secret, "write") is None
    assert client.get(address).status_code == 404


def test_before_the_first_key_the_page_says_what_one_is_for(browser: Browser) -> None:
    page = words(browser("ada").get("/settings/keys/").content)

    assert "No keys yet" in page and "Make a write key" in page


def test_who_is_no_administrator_sees_the_keys_and_why_nothing_can_be_changed(browser: Browser) -> None:
    make(browser)
    client = browser("sam")

    page = words(client.get("/settings/keys/").content)

    assert "website" in page and "Only an administrator can change this: ask Ada Ahlberg." in page
    assert client.get("/settings/keys/new/").status_code == 403
    assert client.post(f"/settings/keys/{known_keys()[0].id}/revoke/").status_code == 403
    assert len([key for key in known_keys() if key.revoked_at is None]) == 1


def test_the_list_says_when_a_token_was_last_used(browser: Browser) -> None:
    secret = make(browser, "api", "warehouse")
    assert "Never used" in words(browser("ada").get("/settings/keys/").content)

    browser().get("/api/v1/leads", headers={"Authorization": f"Bearer {secret}"})

    assert "Last used Today" in words(browser("ada").get("/settings/keys/").content)
