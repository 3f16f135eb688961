"""A stream of changes opens for whoever is signed in to the console."""

import pytest
from django.test import Client
from tests.cast import Browser

from ripeline.server.signed_in import is_signed_in


def session(client: Client) -> str:
    return str(client.session.session_key)


def test_a_persons_session_stands_until_they_sign_out(browser: Browser) -> None:
    sam = browser("sam")
    key = session(sam)
    assert is_signed_in(key)

    sam.logout()

    assert not is_signed_in(key)


def test_a_person_who_may_not_sign_in_any_more_is_not_signed_in(browser: Browser) -> None:
    from ripeline.server.people.models import User

    key = session(browser("sam"))
    User.objects.filter(email="sam@ours.example").update(is_active=False)

    assert not is_signed_in(key)


@pytest.mark.usefixtures("workspace")
def test_a_made_up_session_is_nobodys() -> None:
    assert not is_signed_in("made-up")
