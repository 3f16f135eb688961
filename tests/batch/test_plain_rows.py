"""Rows in our own words: what becomes of each column, and why a row is refused."""

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from tests.batch.lakes import jsonl

from ripeline.batch.filed import Filed, NoEvent, RefusedRow
from ripeline.batch.files import distinct, read
from ripeline.batch.plain_rows import PlainRows
from ripeline.events.event import Event
from ripeline.events.facts import statements
from ripeline.events.reading import value
from ripeline.events.reason import Reason

GOOD = {"id": "e1", "name": "Demo Requested", "occurred_at": "2026-03-01T09:00:00Z", "lead": "ada"}


def told(*, typed: bool = True, **cells: Any) -> Filed:
    return PlainRows(typed=typed).event({**GOOD, **cells})


def test_the_named_columns_are_the_event() -> None:
    lead, event = told(user_id="u1", anonymous_id="a1", received_at="2026-03-01T10:00:00Z", source="shop")

    assert lead == "ada"
    assert (event.source, event.message_id, event.kind, event.name) == ("shop", "e1", "track", "Demo Requested")
    assert event.occurred_at == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert event.received_at == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert (event.user_id, event.anonymous_id) == ("u1", "a1")


def test_without_received_at_it_was_received_when_it_occurred() -> None:
    assert told().event.received_at == told().event.occurred_at


def test_any_other_column_is_a_property() -> None:
    cells: dict[str, Any] = {"path": "/pricing", "properties": {"plan": "pro"}, "properties.seats": 5}
    event = told(**cells).event

    assert event.properties == {"plan": "pro", "seats": 5, "path": "/pricing"}


def test_columns_of_csv_say_numbers_as_json_does() -> None:
    event = told(
        typed=False, seats="5", zip="00950", trial="true", note="", properties='{"plan": {"name": "pro"}}'
    ).event

    assert event.properties == {"seats": 5, "zip": "00950", "trial": True, "plan": {"name": "pro"}}
    assert value(event, "plan.name") == "pro"


@pytest.mark.parametrize(
    "cells",
    [
        {"traits": {"title": "Head of Sales", "company": {"employees": 430}}},
        {"traits.title": "Head of Sales", "traits.company.employees": 430},
        {"title": "Head of Sales", "traits": {"company.employees": 430}},
    ],
)
def test_an_identify_row_states_facts(cells: dict[str, Any]) -> None:
    event = told(type="identify", **cells).event

    assert dict(statements(event)) == {"title": "Head of Sales", "company.employees": 430}


def test_traits_of_a_group_row_are_the_companys() -> None:
    event = told(type="group", group_id="g1", traits={"name": "Firm", "employees": 430}).event

    assert dict(statements(event))["company.employees"] == 430
    assert dict(statements(event))["company"] == "Firm"


def test_other_columns_of_a_group_row_are_the_companys_too() -> None:
    event = told(type="group", group_id="g1", employees=430).event

    assert dict(statements(event))["company.employees"] == 430


def test_traits_of_a_row_go_before_those_of_its_context() -> None:
    event = told(traits={"title": "Head"}, context={"traits": {"title": "Clerk", "city": "Oslo"}}).event

    assert event.hints == {"title": "Head", "city": "Oslo"}


def test_traits_beside_another_event_only_suggest() -> None:
    event = told(traits={"title": "Head of Sales"}).event

    assert statements(event) == []
    assert event.hints == {"title": "Head of Sales"}


def test_a_page_row_is_called_page_viewed_and_keeps_its_name() -> None:
    event = told(type="page", name="Prices", path="/pricing").event

    assert event.name == "Page Viewed"
    assert event.properties == {"name": "Prices", "path": "/pricing"}


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("2026-03-01T09:00:00+00:00", 9),
        ("2026-03-01 10:00:00+01:00", 9),
        ("2026-03-01", 0),
        ("1772355600", 9),
        (1_772_355_600_000, 9),
        (date(2026, 3, 1), 0),
        (datetime(2026, 3, 1, 9, tzinfo=UTC), 9),
        (datetime(2026, 3, 1, 9), 9),  # noqa: DTZ001 - what a Parquet file without zones gives
    ],
)
def test_times_are_iso_or_unix_and_utc_where_they_say_nothing(written: Any, hour: int) -> None:
    assert told(occurred_at=written).event.occurred_at == datetime(2026, 3, 1, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"id": ""}, Reason.NO_ID),
        ({"id": ["x"]}, Reason.WRONG_SHAPE),
        ({"id": "x" * 101}, Reason.ID_TOO_LONG),
        ({"lead": None}, Reason.NO_ID),
        ({"lead": True}, Reason.WRONG_SHAPE),
        ({"lead": "x" * 256}, Reason.ID_TOO_LONG),
        ({"lead": "a\0b"}, Reason.NOT_TEXT),
        ({"name": None}, Reason.NO_NAME),
        ({"name": "  "}, Reason.NO_NAME),
        ({"name": "a\0b"}, Reason.NOT_TEXT),
        ({"name": "x" * 256}, Reason.NAME_TOO_LONG),
        ({"name": 7}, Reason.WRONG_SHAPE),
        ({"type": "purchase"}, Reason.UNKNOWN_TYPE),
        ({"occurred_at": None}, Reason.UNREADABLE_TIME),
        ({"occurred_at": "yesterday"}, Reason.UNREADABLE_TIME),
        ({"occurred_at": "10000-01-01"}, Reason.UNREADABLE_TIME),
        ({"occurred_at": ["2026"]}, Reason.UNREADABLE_TIME),
        ({"occurred_at": "²" * 10}, Reason.UNREADABLE_TIME),
        ({"occurred_at": datetime.max.replace(tzinfo=timezone(-timedelta(hours=1)))}, Reason.UNREADABLE_TIME),
        ({"Lead": "ben"}, Reason.WRONG_SHAPE),
        ({"occurred_at": "1989-12-31"}, Reason.TIME_OUT_OF_RANGE),
        ({"received_at": "2026-02-27"}, Reason.TIME_OUT_OF_RANGE),
        ({"properties": "{"}, Reason.NOT_JSON),
        ({"properties": "[1]"}, Reason.WRONG_SHAPE),
        ({"plan": "pro", "plan.seats": 5, "properties.plan": 1, "properties.plan.x": 2}, Reason.WRONG_SHAPE),
    ],
)
def test_what_is_no_event_is_refused_with_a_reason(cells: dict[str, Any], reason: Reason) -> None:
    with pytest.raises(NoEvent) as caught:
        told(**cells)

    assert caught.value.reason is reason


def test_up_to_a_day_ahead_of_its_receipt_an_event_happened_then() -> None:
    event = told(occurred_at="2026-03-01T20:00:00Z", received_at="2026-03-01T09:00:00Z").event

    assert event.occurred_at == event.received_at == datetime(2026, 3, 1, 9, tzinfo=UTC)


def test_a_refused_row_says_where_and_costs_its_neighbours_nothing(tmp_path: Path) -> None:
    file = jsonl(tmp_path / "events.jsonl", [GOOD, {**GOOD, "id": "e2", "name": ""}, {**GOOD, "id": "e3"}])
    first, second, third = read(file)

    assert isinstance(first, Filed) and isinstance(third, Filed)
    assert str(second) == "events.jsonl, line 2: `name` is missing or empty  [no-name]"


def test_of_two_copies_the_first_counts(tmp_path: Path) -> None:
    copies = [GOOD, {**GOOD, "name": "Another"}, {**GOOD, "source": "shop"}, {"id": "no event"}]
    left_out: list[int] = []
    found = list(distinct(read(jsonl(tmp_path / "events.jsonl", copies)), left_out.append))

    assert [each.event.name for each in found if isinstance(each, Filed)] == ["Demo Requested", "Demo Requested"]
    assert sum(isinstance(each, RefusedRow) for each in found) == sum(left_out) == 1


def test_copies_are_found_however_far_apart() -> None:
    one = told()
    many = [Filed("ada", _numbered(one.event, number % 30_000)) for number in range(70_000)]

    assert sum(1 for _ in distinct(iter(many))) == 30_000


def _numbered(event: Event, number: int) -> Event:
    return Event(
        source=event.source,
        message_id=f"e{number}",
        kind=event.kind,
        name=event.name,
        occurred_at=event.occurred_at,
        received_at=event.received_at,
    )
