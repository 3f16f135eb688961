"""Mapping files: what they say, what is wrong with them, and what rows become."""

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.batch.lakes import jsonl

from ripeline.batch.filed import Filed, NoEvent, RefusedRow
from ripeline.batch.files import distinct, read
from ripeline.batch.mapped_rows import MappedRows
from ripeline.batch.mapping_text import MappingError, mapping, read_mapping
from ripeline.batch.tables import UnreadableFile
from ripeline.events.facts import statements
from ripeline.events.reason import Reason

STEPS = """
source: bank
lead: case
id: [case, seq]
occurred_at: at
events:
  - {name: activity, properties: {lifecycle: phase}}
"""
LEADS = """
lead: id
id: id
occurred_at: {always: 2026-03-01T00:00:00Z}
missing: [Select, "?"]
facts: {country: Country, employees: {column: Size, as: number}}
events:
  - {name: {always: Enquiry Received}, properties: [visits]}
  - {name: {always: Guide Requested}, when: {Guide: "Yes"}}
"""


def told(text: str, *, typed: bool = False, **cells: Any) -> list[Filed]:
    """What a row of these cells tells under a mapping."""
    rows = mapping(text).files[0].rows
    return list(MappedRows(rows, name="e.csv", typed=typed).events(cells, 7))


def problems(text: str) -> str:
    with pytest.raises(MappingError) as caught:
        mapping(text)
    return str(caught.value)


def test_a_row_becomes_an_event() -> None:
    ((lead, event),) = told(STEPS, typed=True, case="c1", seq=12, at="2026-03-01", activity="Sent", phase="done")

    assert (lead, event.source, event.name, event.properties) == ("c1", "bank", "Sent", {"lifecycle": "done"})
    assert event.message_id == "c1-0000000012"


def test_numbers_in_an_id_keep_their_order_as_text() -> None:
    ids = [
        told(STEPS, typed=True, case="c", seq=seq, at="2026-03-01", activity="x")[0].event.message_id for seq in (9, 10)
    ]

    assert ids == sorted(ids)


def test_a_row_may_tell_facts_and_several_events() -> None:
    stated, enquiry, guide = told(LEADS, id="x", Country="Select", Size="430", visits="3", Guide="Yes")

    assert dict(statements(stated.event)) == {"employees": 430}
    assert (enquiry.event.name, enquiry.event.properties) == ("Enquiry Received", {"visits": 3})
    assert guide.event.name == "Guide Requested"
    assert [each.event.message_id for each in (stated, enquiry, guide)] == ["x/0", "x/1", "x/2"]
    assert {each.event.occurred_at for each in (stated, enquiry, guide)} == {datetime(2026, 3, 1, tzinfo=UTC)}


def test_a_text_that_means_missing_may_have_blanks_around_it() -> None:
    stated, enquiry = told(LEADS, id="x", Country=" Select ", Size="?", visits="? ")

    assert (statements(stated.event), enquiry.event.properties) == ([], {})


def test_a_whole_number_is_one_id_however_the_file_holds_it() -> None:
    shared: dict[str, Any] = {"typed": True, "case": "c", "at": "2026-03-01", "activity": "x"}
    ids = {told(STEPS, **shared, seq=seq)[0].event.message_id for seq in (12, 12.0, Decimal("12.00"))}

    assert ids == {"c-0000000012"}


def test_a_condition_leaves_an_event_out() -> None:
    assert [each.event.name for each in told(LEADS, id="x", Guide="No")] == ["Identified", "Enquiry Received"]


def test_without_an_id_a_row_is_known_by_its_file_and_number() -> None:
    text = "{lead: who, occurred_at: at, events: [{name: what}]}"

    assert told(text, who="ada", at="2026-03-01", what="x")[0].event.message_id == "e.csv:0000000007"


def test_rows_of_two_files_are_no_copies_of_one_another(tmp_path: Path) -> None:
    names = ["jan.csv", "feb.csv", f"{'x' * 99}1.csv", f"{'x' * 99}2.csv"]
    for name in names:
        (tmp_path / name).write_text("who,at\nada,2026-03-01\n")
    (tmp_path / "older").mkdir()
    older = (tmp_path / "jan.csv").rename(tmp_path / "older" / "jan.csv")
    (tmp_path / "jan.csv").write_text("who,at\nada,2026-02-01\n")
    text = "{lead: who, occurred_at: at, events: [{name: {always: Seen}}]}"

    copies: list[int] = []
    found = list(distinct(read([tmp_path, older], mapping(text)), copies.append))
    assert all(isinstance(each, Filed) for each in found)
    assert (len(found), sum(copies)) == (5, 0)


def test_ids_of_several_columns_are_one_only_if_each_is() -> None:
    pairs = [("1-2", "3"), ("1", "2-3"), ("1\\", "-2"), ("1", "\\-2"), ("1\\-", "2")]
    ids = {told(STEPS, case=case, seq=seq, at="2026-03-01", activity="x")[0].event.message_id for case, seq in pairs}

    assert len(ids) == len(pairs)


@pytest.mark.parametrize(
    ("kind", "cell", "expected"),
    [
        ("text", "007", "007"),
        ("text", 7, "7"),
        ("text", Decimal("5.00"), "5.00"),
        ("text", datetime(2026, 3, 1, tzinfo=UTC), "2026-03-01T00:00:00+00:00"),
        ("number", Decimal("5.00"), 5),
        ("number", "6.0", 6),
        ("number", "-0.5", -0.5),
        ("truth", "Yes", True),
        ("truth", "0", False),
        ("list", "a, b,,c", ["a", "b", "c"]),
    ],
)
def test_a_cell_is_read_as_what_the_mapping_says(kind: str, cell: Any, expected: Any) -> None:
    read_as = f"{{p: {{column: c, as: {kind}}}}}"
    text = f"{{lead: who, occurred_at: at, events: [{{name: {{always: x}}, properties: {read_as}}}]}}"

    assert told(text, who="ada", at="2026-03-01", c=cell)[0].event.properties == {"p": expected}


@pytest.mark.parametrize(
    ("kind", "cell"),
    [("number", "many"), ("number", "nan"), ("number", "1e999"), ("number", "9" * 5_000), ("truth", "perhaps")],
)
def test_a_cell_that_is_something_else_refuses_the_row(kind: str, cell: str) -> None:
    text = f"{{lead: who, occurred_at: at, facts: {{p: {{column: c, as: {kind}}}}}}}"
    with pytest.raises(NoEvent) as caught:
        told(text, who="ada", at="2026-03-01", c=cell)

    assert caught.value.reason is Reason.WRONG_SHAPE
    assert cell in caught.value.detail


@pytest.mark.parametrize(
    ("when", "cell", "expected"),
    [
        ("at", "2026-03-01 09:00", datetime(2026, 3, 1, 9, tzinfo=UTC)),
        ("{column: at, timezone: Europe/Warsaw}", "2026-07-01 09:00", datetime(2026, 7, 1, 7, tzinfo=UTC)),
        ("{column: at, timezone: Europe/Warsaw}", "2026-07-01T09:00:00Z", datetime(2026, 7, 1, 9, tzinfo=UTC)),
        ('{column: at, format: "%d.%m.%Y %H:%M"}', "01.03.2026 09:00", datetime(2026, 3, 1, 9, tzinfo=UTC)),
        (
            '{column: at, format: "%d.%m.%Y", timezone: America/New_York}',
            "01.03.2026",
            datetime(2026, 3, 1, 5, tzinfo=UTC),
        ),
    ],
)
def test_times_are_read_as_the_mapping_says(when: str, cell: str, expected: datetime) -> None:
    text = f"{{lead: who, occurred_at: {when}, events: [{{name: {{always: x}}}}]}}"

    assert told(text, who="ada", at=cell)[0].event.occurred_at == expected


@pytest.mark.parametrize("when", ["at", '{column: at, format: "%d.%m.%Y"}', "{column: at, timezone: Europe/Warsaw}"])
@pytest.mark.parametrize("at", ["soon", datetime.max.replace(tzinfo=timezone(-timedelta(hours=1)))])
def test_a_time_nobody_can_read_refuses_the_row(when: str, at: Any) -> None:
    with pytest.raises(NoEvent) as caught:
        told(f"{{lead: who, occurred_at: {when}, events: [{{name: {{always: x}}}}]}}", who="ada", at=at)

    assert caught.value.reason is Reason.UNREADABLE_TIME


@pytest.mark.parametrize(("empty", "reason"), [("nr", Reason.NO_ID), ("what", Reason.NO_NAME), ("who", Reason.NO_ID)])
def test_an_empty_id_name_or_person_refuses_the_row(empty: str, reason: Reason) -> None:
    cells: dict[str, Any] = {"who": "ada", "nr": "1", "at": "2026-03-01", "what": "Seen", empty: ""}
    with pytest.raises(NoEvent) as caught:
        told("{lead: who, id: nr, occurred_at: at, events: [{name: what}]}", **cells)

    assert caught.value.reason is reason


def test_all_problems_come_at_once_with_their_lines() -> None:
    text = """\
lead: 'person'
ocurred_at: day
events:
  - {nam: what}
  - {name: {always: Seen}, properties: {size: {column: Size, as: numbr}}, when: {a: {equls: 1}}}
"""

    assert (
        problems(text)
        == """\
map.yaml: line 1: `occurred_at` is missing
  hint: say when: the column of the time, or `{always: …}`  [missing-key]
map.yaml: line 2, ocurred_at: unknown setting
  found: ocurred_at
  hint: did you mean `occurred_at`?  [unknown-key]"""
    )


def test_problems_within_events_are_found_too() -> None:
    text = """\
lead: person
occurred_at: {always: soon}
events:
  - {nam: what}
  - {name: {always: Seen}, properties: {size: {column: Size, as: numbr}}, when: {a: {equls: 1}}}
"""

    found = problems(text)
    assert "line 2, occurred_at.always: a time in ISO 8601 belongs here\n  found: soon" in found
    assert "line 4, events[0].nam: unknown setting\n  found: nam\n  hint: did you mean `name`?" in found
    assert "line 4, events[0]: `name` is missing" in found
    assert "line 5, events[1].properties.size.as: unknown type\n  found: numbr" in found
    assert "unknown condition\n  found: equls\n  hint: did you mean `equals`?" in found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the mapping is empty"),
        ("lead: [", "broken-yaml"),
        ("{occurred_at: a, events: [{name: b}]}", "say who"),
        ("{lead: who, occurred_at: at}", "say what"),
        ("{lead: {always: ada}, occurred_at: at, events: [{name: b}]}", "a column belongs here"),
        ("{lead: who, occurred_at: {column: at, timezone: Mars}, events: [{name: b}]}", "no time zone has this name"),
        ("{lead: who, occurred_at: {timezone: UTC}, events: [{name: b}]}", "`column` is missing"),
        ("{lead: who, occurred_at: at, facts: {a: {always: [1]}}}", "a single value belongs here"),
        ("{lead: who, lead: who, occurred_at: at, events: [{name: b}]}", "the same key twice"),
        ("[1, 2]", "keys with values belong here"),
    ],
)
def test_what_a_mapping_cannot_say_is_explained(text: str, words: str) -> None:
    assert words in problems(text)


def test_a_file_that_is_no_text_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_bytes(b"lead: \xff")

    with pytest.raises(MappingError, match="not UTF-8"):
        read_mapping(tmp_path / "map.yaml")


def test_a_column_the_file_does_not_have_is_named_before_a_row_is_read(tmp_path: Path) -> None:
    (tmp_path / "steps.csv").write_text("Case,seq,at,activity,phase\n")

    with pytest.raises(MappingError) as caught:
        list(read(tmp_path, mapping(STEPS)))
    assert (
        str(caught.value)
        == """\
map.yaml: line 3, lead: steps.csv has no such column
  found: case
  hint: did you mean `Case`?  [unknown-column]
map.yaml: line 4, id[0]: steps.csv has no such column
  found: case
  hint: did you mean `Case`?  [unknown-column]"""
    )


def test_each_file_is_read_by_the_pattern_it_fits(tmp_path: Path) -> None:
    text = """
source: shop
files:
  b*.jsonl: {lead: who, occurred_at: at, events: [{name: what}]}
  a.jsonl: {user_id: who, occurred_at: at, facts: [size]}
"""
    for name, more in (("a.jsonl", {"size": 7}), ("b1.jsonl", {"what": "Seen"}), ("c.jsonl", {})):
        jsonl(tmp_path / name, [{"who": "ada", "at": "2026-03-01", **more}])
    found = [each for each in read(tmp_path, mapping(text)) if isinstance(each, Filed)]

    assert [(each.event.source, each.event.name, each.lead) for each in found] == [
        ("shop", "Seen", "ada"),
        ("shop", "Identified", None),
    ]


def test_a_folder_without_a_file_the_mapping_knows_is_an_error(tmp_path: Path) -> None:
    jsonl(tmp_path / "c.jsonl", [{}])

    with pytest.raises(UnreadableFile, match=r"a\.jsonl"):
        list(read(tmp_path, mapping("files: {a.jsonl: {lead: who, occurred_at: at, facts: [size]}}")))


def test_a_refused_row_says_where(tmp_path: Path) -> None:
    file = jsonl(tmp_path / "steps.jsonl", [{"case": "c", "seq": 1, "at": "never", "activity": "x"}])
    (found,) = read(file, mapping(STEPS))

    assert isinstance(found, RefusedRow)
    assert str(found).startswith("steps.jsonl, line 1: `occurred_at` 'never' cannot be read")


def test_the_mappings_of_the_reference_can_be_read() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "mapping.md").read_text("utf-8")
    texts = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)

    assert len(texts) == 3
    assert all(mapping(text).files for text in texts)
