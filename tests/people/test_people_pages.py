import sqlite3
from contextlib import suppress

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from tests.cast import Browser, shown_once, words

from ripeline.server.log import queries
from ripeline.server.people import actions
from ripeline.server.people.forms import PersonForm
from ripeline.server.people.models import User
from ripeline.server.workspace import Workspace

LI = {"name": "Li Lind", "email": "Li@Ours.example", "team": "sales", "territory": "Baltics"}


def person(who: str) -> User:
    return User.objects.get(email=f"{who}@ours.example")


def test_an_administrator_adds_a_person_and_is_shown_the_password_once(browser: Browser) -> None:
    client = browser("ada")

    added = client.post("/settings/people/add/", LI)

    password = shown_once(added.content)
    assert added["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert password not in client.get("/settings/people/").content.decode()
    assert browser().post("/sign-in/", {"email": "li@ours.example", "password": password})["Location"] == "/"


def test_the_log_hands_leads_to_active_people_of_sales(browser: Browser) -> None:
    client = browser("ada")
    client.post("/settings/people/add/", LI)
    client.post(f"/settings/people/{person('sam').pk}/deactivate/")

    taking = {rep.key for rep in queries.reps() if rep.takes_leads}

    assert taking == {"li@ours.example"}


def test_an_email_is_given_once_however_it_is_written(browser: Browser) -> None:
    answer = browser("ada").post("/settings/people/add/", {**LI, "email": "SAM@ours.example"})

    assert answer.status_code == 422
    assert "Email : Somebody with this email is here already." in words(answer.content)


def test_who_is_no_administrator_sees_the_people_and_why_nothing_can_be_changed(browser: Browser) -> None:
    page = browser("sam").get("/settings/people/")

    assert "Only an administrator can change this: ask Ada Ahlberg." in words(page.content)
    assert "/settings/people/add/" not in page.content.decode()


@pytest.mark.parametrize("path", ["add/", "{sam}/", "{sam}/password/", "{sam}/deactivate/", "{sam}/activate/"])
def test_who_is_no_administrator_can_change_nobody(browser: Browser, path: str) -> None:
    client = browser("mia")

    answer = client.post(f"/settings/people/{path.format(sam=person('sam').pk)}", LI)

    assert answer.status_code == 403
    assert "Only an administrator can change this: ask Ada Ahlberg." in words(answer.content)


def test_the_last_administrator_stays_one(browser: Browser) -> None:
    ada, client = person("ada").pk, browser("ada")

    client.post(f"/settings/people/{ada}/deactivate/")
    changed = client.post(f"/settings/people/{ada}/", {"name": "Ada", "team": "sales"})

    assert "Somebody must be administrator" in words(changed.content)
    assert person("ada").is_active and person("ada").is_administrator and person("ada").name == "Ada Ahlberg"


def test_two_administrators_cannot_shut_each_other_out_at_once(
    workspace: Workspace, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.add(email="li@ours.example", name="Li Lind", administrator=True, at=person("ada").added_at)
    li = sqlite3.connect(workspace.folder / "data/console.db", timeout=0)

    def and_meanwhile(*who: User, **change: bool) -> str:
        with suppress(sqlite3.OperationalError), li:  # where the database is taken, Li has to wait
            li.execute("UPDATE people_user SET is_active = 0 WHERE email = 'ada@ours.example'")
        return ""

    client, address = browser("ada"), f"/settings/people/{person('li').pk}/deactivate/"
    monkeypatch.setattr(actions, "reason_to_stay", and_meanwhile)
    client.post(address)
    li.close()

    assert person("ada").is_active and not person("li").is_active


def test_a_change_described_meanwhile_lets_nobody_back_in(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    client, sam = browser("ada"), person("sam")

    def deactivated(form: PersonForm) -> str:
        actions.set_active(person("sam"), active=False)
        return "sam@ours.example"

    monkeypatch.setattr(PersonForm, "clean_email", deactivated)
    client.post(f"/settings/people/{sam.pk}/", {**LI, "name": "Samuel"})

    assert (person("sam").name, person("sam").is_active) == ("Samuel", False)
    assert not any(rep.takes_leads for rep in queries.reps())


def test_a_change_is_saved_and_the_email_stays(browser: Browser) -> None:
    client = browser("ada")
    sam = person("sam").pk

    saved = client.post(f"/settings/people/{sam}/", {**LI, "email": "other@ours.example"}, follow=True)

    assert "Saved Li Lind." in words(saved.content)
    assert (person("sam").name, person("sam").territory) == ("Li Lind", "Baltics")


def test_a_new_password_signs_the_person_out_everywhere(browser: Browser) -> None:
    sam = browser("sam")

    reset = browser("ada").post(f"/settings/people/{person('sam').pk}/password/")

    told = {"email": "sam@ours.example", "password": shown_once(reset.content)}
    assert sam.get("/settings/people/").status_code == 302
    assert sam.post("/sign-in/", told).status_code == 302


def test_a_deactivated_person_can_be_let_in_again(browser: Browser) -> None:
    client, sam = browser("ada"), person("sam").pk
    client.post(f"/settings/people/{sam}/deactivate/")

    client.post(f"/settings/people/{sam}/activate/")

    assert browser().post("/sign-in/", {"email": "sam@ours.example", "password": "sam"}).status_code == 302


def test_somebody_who_is_not_here_is_not_found(browser: Browser) -> None:
    assert browser("ada").get("/settings/people/4711/").status_code == 404


def test_the_list_asks_the_database_as_often_for_many_people(workspace: Workspace, browser: Browser) -> None:
    def asked() -> int:
        client = browser("ada")
        with CaptureQueriesContext(connections["default"]) as seen:
            client.get("/settings/people/")
        return len(seen)

    before = asked()
    for number in range(10):
        actions.add(email=f"{number}@ours.example", name=f"Person {number}", password="x", at=person("ada").added_at)

    assert asked() == before <= 4
