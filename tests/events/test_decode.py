"""What a message of the tracking API means."""

from datetime import UTC, datetime

import pytest
from tests.events.sent import RECEIVED, accepted, message, written

from ripeline.events.decode import restored


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("page", "Page Viewed"),
        ("screen", "Screen Viewed"),
        ("identify", "Identified"),
        ("group", "Grouped"),
        ("alias", "Aliased"),
    ],
)
def test_a_call_that_names_no_event_has_the_name_of_its_kind(kind: str, name: str) -> None:
    event = accepted({"type": kind, "userId": "ada", "groupId": "firm", "previousId": "before"})

    assert (event.kind, event.name) == (kind, name)


def test_a_track_call_keeps_its_name_as_sent() -> None:
    assert accepted(message(event="demo_Requested ")).name == "demo_Requested "


def test_the_path_decides_where_the_message_names_no_type() -> None:
    assert accepted({"userId": "ada"}, kind="page").kind == "page"
    assert accepted({"userId": "ada", "type": "identify"}, kind="page").kind == "identify"


def test_a_type_may_be_written_in_capitals() -> None:
    assert accepted(message(type="Track")).kind == "track"


@pytest.mark.parametrize("nobody", [None, "", "  ", "null", "undefined", "[object Object]", "NaN"])
def test_an_empty_id_is_an_absent_id(nobody: str | None) -> None:
    event = accepted(message(userId=nobody, anonymousId="a1"))

    assert (event.user_id, event.anonymous_id) == (None, "a1")


@pytest.mark.parametrize(("told", "kept"), [(17, "17"), (17.0, "17"), (2**70, str(2**70)), ("0017", "0017")])
def test_a_number_as_id_becomes_text(told: object, kept: str) -> None:
    event = accepted(message(userId=told, messageId=told))

    assert (event.user_id, event.message_id) == (kept, kept)


def test_a_message_without_an_id_gets_one_of_its_own() -> None:
    ids = {accepted(message(messageId=told)).message_id for told in (None, "", None)}

    assert len(ids) == 3
    assert "" not in ids


def test_a_pages_name_and_category_are_properties() -> None:
    event = accepted(
        {"userId": "ada", "name": "Prices", "category": "Shop", "properties": {"name": "own"}}, kind="page"
    )

    assert event.properties == {"name": "own", "category": "Shop"}


def test_empty_lists_stand_for_empty_objects() -> None:
    event = accepted(message(properties=[], context=[], traits=[]))

    assert (event.properties, event.context, event.facts) == ({}, {}, {})


def test_the_whole_message_is_kept_as_sent() -> None:
    body = b'{ "type":"track","event":"A","userId":"ada", "integrations":{"All":true}, "odd":[1.50] }'

    assert accepted(body).body == body


def test_the_kept_message_tells_when_its_batch_was_sent() -> None:
    event = accepted(b'{"type":"track","event":"A","userId":"ada"}\n', sent_at="2026-03-01T12:00:00Z")

    assert event.body == b'{"type":"track","event":"A","userId":"ada","sentAt":"2026-03-01T12:00:00Z"}'


def test_the_senders_clock_is_corrected_by_what_it_read_when_sending() -> None:
    event = accepted(message(timestamp="2026-03-01T08:00:00Z", sentAt="2026-03-01T08:00:05Z"))

    assert event.occurred_at == datetime(2026, 3, 1, 11, 59, 55, tzinfo=UTC)


def test_the_items_own_sending_time_goes_before_the_batchs() -> None:
    event = accepted(
        message(timestamp="2026-03-01T11:00:00Z", sentAt="2026-03-01T12:00:00Z"), sent_at="2026-03-01T11:00:00Z"
    )

    assert event.occurred_at == datetime(2026, 3, 1, 11, 0, tzinfo=UTC)


def test_timestamp_goes_before_original_timestamp_and_arrival_is_the_last_resort() -> None:
    both = message(timestamp="2020-01-01T00:00:00Z", originalTimestamp="2021-01-01T00:00:00Z")

    assert accepted(both).occurred_at.year == 2020
    assert accepted({**both, "timestamp": None}).occurred_at.year == 2021
    assert accepted({**both, "timestamp": "", "originalTimestamp": None}).occurred_at == RECEIVED


def test_an_unreadable_sending_time_corrects_nothing() -> None:
    event = accepted(message(timestamp="2026-03-01T11:00:00Z", sentAt="soon"), sent_at="2026-03-01T99:00:00Z")

    assert event.occurred_at == datetime(2026, 3, 1, 11, 0, tzinfo=UTC)


def test_identify_states_its_traits_wherever_rudderstack_put_them() -> None:
    event = accepted(
        {"userId": "ada", "traits": {"plan": "pro"}, "context": {"traits": {"plan": "free", "email": "a@b.example"}}},
        kind="identify",
    )

    assert event.facts == {"plan": "pro", "email": "a@b.example"}
    assert event.hints == {}


def test_traits_beside_another_call_are_hints() -> None:
    event = accepted(message(context={"traits": {"company": {"name": "Firm"}}}))

    assert (event.facts, event.hints) == ({}, {"company.name": "Firm"})


def test_a_groups_traits_are_the_companys_and_the_contexts_the_persons() -> None:
    event = accepted(
        {"userId": "ada", "groupId": 7, "traits": {"employees": 430}, "context": {"traits": {"title": "CEO"}}},
        kind="group",
    )

    assert (event.group_id, event.facts) == ("7", {"company.id": "7", "company.employees": 430})
    assert event.hints == {"title": "CEO"}


def test_an_address_alone_tells_who_it_is() -> None:
    event = accepted({"type": "track", "event": "Email Opened", "context": {"traits": {"email": "ada@firm.example"}}})

    assert (event.user_id, event.anonymous_id) == (None, None)


def test_external_ids_carry_their_kind() -> None:
    told = [{"id": 17, "type": "crm"}, {"id": "", "type": "crm"}, "odd"]

    assert accepted(message(context={"externalIds": told})).external_ids == ("crm:17",)
    assert accepted(message(context={"externalId": told})).external_ids == ("crm:17",)


def test_a_stored_row_gives_the_same_event_again() -> None:
    told = message(messageId="m1", timestamp=1772000000, context={"page": {"path": "/"}, "traits": {"email": "a@b.c"}})
    event = accepted(written(told), sent_at="2026-03-01T11:00:00Z")

    again = restored(
        event.body,
        source=event.source,
        message_id=event.message_id,
        kind=event.kind,
        name=event.name,
        occurred_at=event.occurred_at,
        received_at=event.received_at,
    )

    assert again == event
