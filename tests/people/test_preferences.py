from pathlib import Path

import pytest
from django.conf import settings
from tests.cast import Browser

from ripeline.server.people import actions
from ripeline.server.people.forms import PreferencesForm
from ripeline.server.people.models import User

CHOICES = {"theme": "dark", "language": "", "single_keys": "on"}


@pytest.mark.parametrize("theme", ["system", "light", "dark"])
def test_the_colours_are_rendered_by_the_server(browser: Browser, theme: str) -> None:
    client = browser("sam")

    client.post("/settings/preferences/", {**CHOICES, "theme": theme})

    assert f'data-theme="{theme}"' in client.get("/leads/").content.decode()


def test_single_letter_keys_can_be_switched_off(browser: Browser) -> None:
    client = browser("sam")
    assert 'class="no-single-keys' not in client.get("/leads/").content.decode()

    client.post("/settings/preferences/", {"theme": "system", "language": ""})

    assert 'class="no-single-keys' in client.get("/leads/").content.decode()


def test_preferences_are_ones_own(browser: Browser) -> None:
    browser("sam").post("/settings/preferences/", CHOICES)

    assert 'data-theme="system"' in browser("mia").get("/leads/").content.decode()


def test_a_preference_saved_meanwhile_lets_nobody_back_in(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    client = browser("sam")

    def deactivated(form: PreferencesForm) -> None:
        actions.set_active(User.objects.get(email="sam@ours.example"), active=False)

    monkeypatch.setattr(PreferencesForm, "clean", deactivated)
    client.post("/settings/preferences/", CHOICES)

    sam = User.objects.get(email="sam@ours.example")
    assert (sam.theme, sam.is_active) == ("dark", False)


def test_a_language_is_offered_once_its_catalogue_is_there(browser: Browser) -> None:
    catalogues = {path.parent.parent.name for path in Path(settings.LOCALE_PATHS[0]).rglob("django.mo")}

    page = browser("sam").get("/settings/preferences/").content.decode()

    assert {code for code, _ in settings.LANGUAGES} == {"en", *catalogues}
    assert '<option value="en">' in page


@pytest.mark.parametrize("choices", [{"theme": "neon"}, {**CHOICES, "language": "tlh"}])
def test_what_is_not_offered_is_refused(browser: Browser, choices: dict[str, str]) -> None:
    answer = browser("sam").post("/settings/preferences/", choices)

    assert answer.status_code == 422
    assert "Nothing was saved." in answer.content.decode()


def test_ones_own_password_needs_the_present_one(browser: Browser) -> None:
    answer = browser("sam").post("/settings/password/", {"old_password": "no", "new_password": "a-longer-secret-7"})

    assert answer.status_code == 422
    assert "This is not your present password." in answer.content.decode()


def test_a_weak_password_is_refused_with_the_reason(browser: Browser) -> None:
    answer = browser("sam").post("/settings/password/", {"old_password": "sam", "new_password": "12345"})

    assert answer.status_code == 422
    assert "This password is too short." in answer.content.decode()


def test_a_new_password_keeps_this_browser_and_signs_out_the_others(browser: Browser) -> None:
    here, there = browser("sam"), browser("sam")

    here.post("/settings/password/", {"old_password": "sam", "new_password": "a-longer-secret-7"})

    assert here.get("/settings/preferences/").status_code == 200
    assert there.get("/settings/preferences/").status_code == 302
