from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client
from tests.cast import Browser

from ripeline.server.people import actions, attempts
from ripeline.server.people.models import User
from ripeline.server.workspace import Workspace

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HERE, THERE = "192.0.2.1", "192.0.2.2"


def sign_in(client: Client, email: str = "sam@ours.example", password: str = "sam", **more: str) -> Any:
    return client.post("/sign-in/", {"email": email, "password": password, **more})


def is_signed_in(client: Client) -> bool:
    return client.get("/settings/preferences/").status_code == 200


def test_a_page_asks_who_it_is_and_then_shows_itself(browser: Browser) -> None:
    client = browser()

    asked = client.get("/leads/?q=ada")

    assert asked["Location"] == "/sign-in/?next=/leads/%3Fq%3Dada"
    assert sign_in(client, next="/leads/?q=ada")["Location"] == "/leads/?q=ada"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_host(browser: Browser, target: str) -> None:
    assert sign_in(browser(), next=target)["Location"] == "/"


def test_the_letters_of_an_email_may_be_written_in_any_case(browser: Browser) -> None:
    client = browser()

    sign_in(client, email=" Sam@OURS.example ")

    assert is_signed_in(client)


@pytest.mark.parametrize(("email", "password"), [("sam@ours.example", "wrong"), ("nobody@ours.example", "sam")])
def test_a_wrong_password_and_an_unknown_person_read_alike(browser: Browser, email: str, password: str) -> None:
    answer = sign_in(browser(), email=email, password=password)

    assert answer.status_code == 422
    assert "This email and password do not belong together." in answer.content.decode()


def test_a_deactivated_person_is_out_at_once(browser: Browser) -> None:
    client = browser("sam")
    actions.set_active(User.objects.get(email="sam@ours.example"), active=False)

    assert not is_signed_in(client)
    assert sign_in(browser()).status_code == 422


def test_five_failures_bar_the_address_from_that_person_only(browser: Browser) -> None:
    client = browser()
    for _ in range(5):
        sign_in(client, password="wrong")

    barred = sign_in(client)

    assert "Too many attempts. Try again in 15 minutes." in barred.content.decode()
    assert sign_in(client, email="mia@ours.example", password="mia").status_code == 302


def test_tries_made_at_once_are_bound_by_the_same_limit(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def hashing(request: HttpRequest, **told: str) -> None:
        tried.append(told)
        if len(tried) < 14:
            sign_in(browser(), password="wrong")  # comes in before this one has its answer

    monkeypatch.setattr("ripeline.server.people.sign_in.authenticate", hashing)
    sign_in(browser(), password="wrong")

    assert len(tried) == attempts.PER_PERSON


def test_the_right_person_elsewhere_is_not_barred(workspace: Workspace) -> None:
    for _ in range(5):
        attempts.record_failure("sam@ours.example", HERE, now=NOON)

    assert attempts.barred_until("sam@ours.example", HERE, now=NOON) == NOON + timedelta(minutes=15)
    assert attempts.barred_until("sam@ours.example", THERE, now=NOON) is None


def test_failures_are_forgotten_after_a_quarter_of_an_hour(workspace: Workspace) -> None:
    for minute in range(5):
        attempts.record_failure("sam@ours.example", HERE, now=NOON + timedelta(minutes=minute))

    later = NOON + timedelta(minutes=15)
    assert attempts.barred_until("sam@ours.example", HERE, now=later - timedelta(seconds=1)) == later
    assert attempts.barred_until("sam@ours.example", HERE, now=later) is None


def test_an_address_that_tries_many_people_is_barred_from_all(workspace: Workspace) -> None:
    for number in range(attempts.PER_ADDRESS):
        attempts.record_failure(f"{number}@ours.example", HERE, now=NOON)

    assert attempts.barred_until("new@ours.example", HERE, now=NOON) is not None


def test_a_success_forgets_the_failures_before_it(browser: Browser) -> None:
    client = browser()
    for _ in range(4):
        sign_in(client, password="wrong")
    sign_in(client)
    client.post("/sign-out/")

    assert sign_in(client, password="wrong").status_code == 422
    assert sign_in(client).status_code == 302


def test_signing_out_needs_a_click_and_ends_the_session(browser: Browser) -> None:
    client = browser("sam")

    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")

    assert not is_signed_in(client)


def test_a_form_without_its_token_is_refused_in_words(browser: Browser) -> None:
    client = browser("sam", enforce_csrf_checks=True)

    answer = client.post("/sign-out/")

    assert answer.status_code == 403
    assert "This form is out of date" in answer.content.decode()


@pytest.mark.parametrize(
    "form", ["/inbox/1/accept/", "/inbox/1/undo/1/", "/sign-out/", "/settings/people/1/deactivate/"]
)
def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(browser: Browser, form: str) -> None:
    client = browser()

    asked = client.post(form, headers={"referer": "http://localhost/leads/?q=ada"})

    assert asked["Location"] == "/sign-in/?next=%2Fleads%2F%3Fq%3Dada&unsaved=1"
    assert "what you sent was not carried out" in client.get(asked["Location"]).content.decode()


@pytest.mark.parametrize("page", ["https://evil.example/leads/", "http://localhost/nowhere/", "http://[", ""])
def test_a_form_of_no_page_of_ours_leads_home(browser: Browser, page: str) -> None:
    asked = browser().post("/sign-out/", headers={"referer": page})

    assert asked["Location"] == "/sign-in/?next=%2F&unsaved=1"


def test_a_fragment_of_a_page_without_an_address_leads_home(browser: Browser) -> None:
    answer = browser().get("/shell/counts/", headers={"HX-Request": "true", "HX-Current-URL": "http://["})

    assert answer["HX-Redirect"] == "/sign-in/?next=%2F"


def test_a_fragment_asked_for_after_signing_out_sends_the_page_to_the_sign_in(browser: Browser) -> None:
    told = {"HX-Request": "true", "HX-Current-URL": "http://localhost/leads/?q=ada"}

    answer = browser().get("/shell/counts/", headers=told)

    assert answer["HX-Redirect"] == "/sign-in/?next=%2Fleads%2F%3Fq%3Dada"
