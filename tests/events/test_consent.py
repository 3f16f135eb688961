"""What messages say of consent, in the forms that real senders use."""

import pytest
from tests.events.sent import arrived, message, written

from ripeline.events.decode import MOST_CONSENTS
from ripeline.events.demand import Demand, is_choice, objects, own_word
from ripeline.events.event import Event
from ripeline.events.reason import Reason
from ripeline.events.refusal import Refusal

STAMP = {"consent": {"categoryPreferences": {"Analytics": True, "Advertising": False}}}
MANAGED = {
    "consentManagement": {
        "provider": "custom",
        "resolutionStrategy": "and",
        "allowedConsentIds": ["C0002"],
        "deniedConsentIds": ["C0004"],
    }
}
ANALYTICS = Demand(purposes=("analytics", "C0002"), given=True)


def event(**fields: object) -> Event:
    found = arrived(written(message(**fields)))
    assert isinstance(found, Event), found
    return found


def said(found: Event) -> dict[str, bool]:
    return {told.purpose: told.given for told in found.consents}


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        (STAMP, {"Analytics": True, "Advertising": False}),
        (MANAGED, {"C0002": True, "C0004": False}),
        ({"consentManagement": {"allowedConsentIds": {"C0002": "Performance"}}}, {"C0002": True}),
        ({"consent": {"purpose": "newsletter", "given": "yes"}}, {"newsletter": True}),
        ({"consent": {"categoryPreferences": {"Analytics": "perhaps", "": True, " ": True}}}, {}),
        ({"consent": {"categoryPreferences": []}, "consentManagement": []}, {}),
        ({"consent": True}, {}),
    ],
)
def test_what_consent_managers_put_on_every_event_is_read(context: object, expected: dict[str, bool]) -> None:
    found = event(type="page", context=context)

    assert said(found) == expected
    assert not any(told.stated for told in found.consents)


@pytest.mark.parametrize(
    ("name", "context"),
    [("Segment Consent Preference Updated", STAMP), ("Consent Management Interaction", MANAGED)],
)
def test_what_a_consent_manager_sends_when_somebody_chooses_is_a_choice(name: str, context: object) -> None:
    found = event(event=name, context=context)

    assert all(told.stated for told in found.consents)
    assert is_choice(found, ANALYTICS)


def test_a_form_tells_purpose_wording_and_time_and_states_no_fact() -> None:
    form = {"purpose": "newsletter", "given": True, "wording": "Send me news", "at": "2026-02-01T08:00:00Z"}

    found = event(type="identify", event=None, traits={"plan": "pro", "consent": form})

    [told] = found.consents
    assert (told.purpose, told.given, told.wording, told.stated) == ("newsletter", True, "Send me news", True)
    assert told.at is not None and told.at.isoformat() == "2026-02-01T08:00:00+00:00"
    assert found.facts == {"plan": "pro"}


def test_a_plain_trait_called_consent_stays_a_fact() -> None:
    found = event(type="identify", event=None, traits={"consent": True})

    assert (found.facts, found.consents) == ({"consent": True}, ())


def test_several_statements_come_in_a_list_and_a_no_beats_a_yes() -> None:
    told = [{"purpose": ["news", "calls"], "given": True}, {"purpose": "Calls", "given": False}]

    found = event(event="Form Submitted", properties={"consent": told})

    assert said(found) == {"news": True, "Calls": False}


def test_a_no_without_a_purpose_is_a_no_to_everything_and_a_yes_without_one_is_none() -> None:
    withdrawn = event(event="Consent Changed", properties={"consent": {"given": False}})
    everything = event(event="Consent Changed", properties={"consent": {"given": True}})
    starred = event(type="page", context={"consent": {"categoryPreferences": {"*": True}}})

    assert (said(withdrawn), said(everything), said(starred)) == ({"*": False}, {}, {})


def test_consent_for_too_many_purposes_is_too_large() -> None:
    preferences = {f"purpose {number}": True for number in range(MOST_CONSENTS + 1)}

    refusal = arrived(written(message(context={"consent": {"categoryPreferences": preferences}})))

    assert isinstance(refusal, Refusal) and refusal.reason is Reason.TOO_LARGE


@pytest.mark.parametrize(
    ("context", "word"),
    [
        (STAMP, True),
        (MANAGED, True),
        ({}, None),
        ({"consent": {"categoryPreferences": {"Advertising": True}}}, None),
        ({"consent": {"categoryPreferences": {"ANALYTICS": False, "C0002": True}}}, False),
    ],
)
def test_an_event_speaks_for_itself_where_it_names_the_purpose(context: object, word: bool | None) -> None:
    assert own_word(event(type="page", context=context), ANALYTICS) is word


def test_a_page_that_says_no_is_no_choice_and_a_form_about_something_else_neither() -> None:
    page = event(type="page", properties={"consent": {"purpose": "analytics", "given": False}})
    form = event(event="Form Submitted", properties={"consent": {"purpose": "newsletter", "given": True}})

    assert not is_choice(page, ANALYTICS) and own_word(page, ANALYTICS) is False
    assert not is_choice(form, ANALYTICS) and own_word(form, ANALYTICS) is None


@pytest.mark.parametrize(
    ("headers", "objecting"),
    [
        ({b"dnt": b"1"}, True),
        ({b"sec-gpc": b"1"}, True),
        ({b"dnt": b"0"}, False),
        ({b"dnt": b"null"}, False),
        ({}, False),
    ],
)
def test_a_browser_objects_by_either_header(headers: dict[bytes, bytes], objecting: bool) -> None:
    assert objects(headers) is objecting


@pytest.mark.parametrize("context", [{"doNotTrack": "1"}, {"doNotTrack": True}, {"globalPrivacyControl": True}])
def test_a_program_passes_on_that_a_browser_objects_and_only_a_source_that_heeds_it_hears_it(context: object) -> None:
    found = event(type="page", context={**STAMP, **context})  # type: ignore[dict-item]  # a mapping of the cases above

    assert own_word(found, Demand(purposes=("analytics",), signals=True)) is False
    assert own_word(found, Demand(purposes=("analytics",))) is True
