import msgspec
import pytest

from ripeline.batch.guessing import guessed, written
from ripeline.batch.in_order import in_order
from ripeline.batch.mapping_text import mapping
from ripeline.batch.plain_rows import PlainRows
from ripeline.events.decode import restored

ROWS = [
    {"name": "Demo Requested", "properties.plan": "S", "context": '{"page": {"path": "/a"}}'},
    {"type": "identify", "email": "ada@firm.example", "company.size": "7"},
    {"type": "group", "group_id": "firm", "name": "Firm"},
    {"type": "page", "name": "Pricing", "path": "/pricing"},
    {"type": "alias", "previous_id": "old"},
    {"name": "Any", "traits": '{"email": "ada@firm.example"}'},
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.get("type", "track"))
def test_a_rows_message_tells_the_same_event_again(row: dict[str, str]) -> None:
    cells = {"id": "e1", "occurred_at": "2026-03-01", "user_id": "ada", **row}
    _, event = PlainRows(typed=False, logged=True).event(cells)

    again = restored(
        event.body, source=event.source, message_id=event.message_id, kind=event.kind, name=event.name,
        occurred_at=event.occurred_at, received_at=event.received_at,
    )  # fmt: skip

    assert again == event


def test_a_row_without_an_id_counts_under_what_it_says() -> None:
    rows = PlainRows(typed=False, logged=True)
    cells = {"name": "Any", "occurred_at": "2026-03-01", "lead": "ada"}

    ids = {rows.event({**cells, "plan": plan}).event.message_id for plan in ("S", "S", "L")}

    assert len(ids) == 2


def test_events_that_lie_on_disk_come_by_time() -> None:
    rows = PlainRows(typed=False, logged=True)
    days = [3, 1, 2]
    told = [rows.event({"name": "Any", "occurred_at": f"2026-03-0{day}", "lead": "ada"}) for day in days]

    assert [each.event.occurred_at.day for each in in_order(told)] == [1, 2, 3]


def test_a_crm_export_is_guessed_and_its_mapping_can_be_read() -> None:
    row = {"E-mail": "ada@firm.example", "Activity": "Demo", "Date": "24.12.2025 10:00", "First name": "Ada"}

    found = mapping(written(msgspec.structs.replace(guessed(list(row), [row]), source="crm")))

    rows = found.of("any.csv")
    assert rows is not None and rows.lead is not None and rows.lead.column == "E-mail"
    assert [name for name, _ in rows.facts] == ["email", "First name"]
