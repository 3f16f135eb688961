"""The pages of sources over a real workspace."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from tests.cast import Browser, event, known_as, present, send, shown_once, statements, words

from ripeline.events.demand import Demand
from ripeline.events.reason import Reason
from ripeline.events.refusal import Refusal
from ripeline.server.log import queries
from ripeline.server.log.commands import Ingest, NewKey
from ripeline.server.workspace import Workspace


@pytest.fixture
def website(workspace: Workspace) -> int:
    """The id of the key of the source that `send` sends from."""
    return int(workspace.submit(NewKey(kind="write", name="website", at=present())).result(timeout=30).id)


def refuse(workspace: Workspace, *, kept: int = 0, unkept: int = 0) -> None:
    refusal = Refusal(source="website", reason=Reason.NOT_JSON, detail="", received_at=present(), body=b"{")
    order = Ingest(source="website", refused=[refusal] * kept, unkept={"website": {"no-consent": unkept}})
    workspace.submit(order).result(timeout=30)


def test_before_the_first_key_the_page_says_what_to_do(browser: Browser) -> None:
    page = words(browser("ada").get("/settings/sources/").content)

    assert "No sources yet" in page and "Make a write key" in page


def test_a_source_waits_for_its_first_event_and_is_green_after_it(
    workspace: Workspace, website: int, browser: Browser
) -> None:
    client = browser("ada")
    before = words(client.get(f"/settings/sources/{website}/status/").content)

    send(workspace, known_as("grace", name="Grace Hopper", at=present() - timedelta(seconds=2)))

    page = client.get(f"/settings/sources/{website}/status/").content
    lead = queries.leads(user_id="grace").items[0].id
    assert "Waiting for the first event" in before
    assert "Receiving events" in words(page) and "Identified of Grace Hopper" in words(page)
    assert f'href="/leads/{lead}/"' in page.decode()


def test_a_source_that_fell_silent_is_told(workspace: Workspace, website: int) -> None:
    from ripeline.server.sources.queries import source

    send(workspace, event(anonymousId="a-1"))

    found = source(website, now=present() + timedelta(days=2))

    assert found is not None and (found.tone, found.state) == ("warn", "No event for a day")


def test_a_new_key_of_an_old_name_waits_for_its_own_first_event(workspace: Workspace, browser: Browser) -> None:
    send(workspace, event(anonymousId="a-1"))
    made = workspace.submit(NewKey(kind="write", name="website", at=present())).result(timeout=30)

    assert "Waiting for the first event" in words(browser("ada").get(f"/settings/sources/{made.id}/").content)


def test_how_many_come_and_how_late_is_counted_across_commits(workspace: Workspace, website: int) -> None:
    for _ in range(3):
        send(workspace, event(anonymousId="a-1"), event(anonymousId="a-2"))

    found = queries.source(website, now=present())

    assert found is not None and (found.events, found.last_hour, found.last_day) == (6, 6, 6)
    assert found.last_minute > 2
    later = queries.source(website, now=present() + timedelta(hours=3))
    assert later is not None and (later.last_minute, later.last_hour, later.last_day) == (0, 0, 6)


def test_an_event_that_came_before_counts_once(workspace: Workspace, website: int) -> None:
    again = event(anonymousId="a-1")
    send(workspace, again)
    send(workspace, again)

    found = queries.source(website, now=present())

    assert found is not None and found.events == 1


def test_what_was_refused_is_told_by_reason_and_as_a_share_once_there_is_enough(
    workspace: Workspace, website: int, browser: Browser
) -> None:
    client, address = browser("ada"), f"/settings/sources/{website}/"
    send(workspace, *(event(anonymousId="a-1") for _ in range(4)))
    refuse(workspace, kept=1, unkept=2)
    few = words(client.get(address).content)

    send(workspace, *(event(anonymousId="a-1") for _ in range(23)))

    many = words(client.get(address).content)
    assert "3 of 7 messages" in few and "%" not in few
    assert "10% (3 of 30 messages)" in many
    assert "no-consent 2" in many and "not-json 1" in many and "Only the count is kept" in many


def test_right_after_its_making_the_lines_carry_the_key_and_later_a_placeholder(browser: Browser) -> None:
    client = browser("ada")
    made = client.post("/settings/keys/new/", {"kind": "write", "name": "shop"})
    secret, [key] = shown_once(made.content), queries.keys(kind="write")

    later = client.get(f"/settings/sources/{key.id}/").content.decode()

    assert f"curl http://localhost/v1/track -u {secret}:" in made.content.decode()
    assert "Waiting for the first event" in words(made.content)
    assert "curl http://localhost/v1/track -u YOUR_WRITE_KEY:" in later and secret not in later


def test_what_a_source_demands_is_set_here(website: int, browser: Browser) -> None:
    told = {"purposes": "Analytics, C0002, analytics", "given": "on", "signals": "on"}

    page = browser("ada").post(f"/settings/sources/{website}/demand/", told, follow=True)

    [key] = queries.keys(kind="write")
    assert key.demand == Demand(purposes=("analytics", "C0002"), given=True, signals=True)
    assert "Events are kept with consent for analytics, C0002." in words(page.content)


def test_a_demand_without_a_purpose_is_told_beside_the_field(website: int, browser: Browser) -> None:
    answer = browser("ada").post(f"/settings/sources/{website}/demand/", {"given": "on"})

    assert answer.status_code == 422
    assert "Name the purpose for which consent is demanded." in words(answer.content)
    assert not queries.keys(kind="write")[0].demand


def test_who_is_no_administrator_sees_all_and_changes_nothing(website: int, browser: Browser) -> None:
    client = browser("sam")

    page = words(client.get(f"/settings/sources/{website}/").content)

    assert "Only an administrator can change this: ask Ada Ahlberg." in page
    assert client.post(f"/settings/sources/{website}/demand/", {"signals": "on"}).status_code == 403
    assert client.get("/settings/sources/999/").status_code == 404


def test_a_hundred_sources_cost_as_many_questions_as_one(workspace: Workspace, website: int, browser: Browser) -> None:
    client = browser("ada")

    def questions() -> int:
        client.get("/settings/sources/")
        with statements() as asked:
            client.get("/settings/sources/")
        return len(asked)

    one = questions()
    for number in range(100):
        workspace.submit(NewKey(kind="write", name=f"shop {number}", at=present())).result(timeout=30)
        one_more = replace(event(anonymousId=f"a-{number}"), source=f"shop {number}")
        workspace.submit(Ingest(source=one_more.source, accepted=[one_more])).result(timeout=30)

    assert questions() == one <= 20


def test_the_list_of_keys_says_when_a_source_last_sent(workspace: Workspace, website: int, browser: Browser) -> None:
    send(workspace, event(anonymousId="a-1"))

    assert "Last used Today" in words(browser("ada").get("/settings/keys/").content)
