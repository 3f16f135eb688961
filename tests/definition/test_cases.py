"""Example leads become events; what is wrong with them is said with its line."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ripeline.definition.cases import CaseAct, cases_beside, cases_in
from ripeline.definition.load import DefinitionError, load

TRIAL = load("""\
definition: trial
timezone: Europe/Warsaw
scores: {fit: {criteria: {a: {when: {country: PL}, points: 20}}}}
stages:
  mql: {when: {total: {at_least: 20}}}
  sal: {reject_reasons: {not_now: {recycled: 90 days}}}
""")
CASE = """\
- case: a case
  lead: {first_name: Ada, company: {employees: 430}, country: NO}
  events:
    - {at: 2026-03-02 09:00, name: Page Viewed, path: /pricing, times: 2}
    - {at: 2026-07-02 09:00, name: Fair Conversation, source: fair}
    - {at: 2026-07-03, facts: {title: ~}}
  acts:
    - {at: 2026-07-04, act: reject, reason: not_now, by: jonas}
  as_of: 2026-07-05T10:00:00Z
  expect: {fit: 20, total: 20.5, stage: lead, grade: 1, why_not: [1 point short], qualifies: false}
"""


def test_events_are_in_the_definitions_time_zone_and_in_order() -> None:
    (case,) = cases_in(CASE, definition=TRIAL)

    assert [(event.name, event.occurred_at) for event in case.events] == [
        ("Identified", datetime(2026, 3, 2, 8, tzinfo=UTC)),
        ("Page Viewed", datetime(2026, 3, 2, 8, tzinfo=UTC)),
        ("Page Viewed", datetime(2026, 3, 2, 8, tzinfo=UTC)),
        ("Fair Conversation", datetime(2026, 7, 2, 7, tzinfo=UTC)),
        ("Identified", datetime(2026, 7, 2, 22, tzinfo=UTC)),
    ]
    assert [event.message_id for event in case.events] == sorted({event.message_id for event in case.events})


def test_facts_properties_and_sources_are_where_conditions_look_for_them() -> None:
    known, viewed, _, fair, unset = cases_in(CASE, definition=TRIAL)[0].events

    assert known.facts == {"first_name": "Ada", "company.employees": 430, "country": "NO"}
    assert (viewed.kind, viewed.properties) == ("page", {"path": "/pricing"})
    assert (fair.kind, fair.source) == ("track", "fair")
    assert unset.facts == {"title": None}


def test_acts_and_expectations_are_read() -> None:
    (case,) = cases_in(CASE, definition=TRIAL)

    assert case.acts == (CaseAct(at=datetime(2026, 7, 3, 22, tzinfo=UTC), act="reject", by="jonas", reason="not_now"),)
    assert case.as_of == datetime(2026, 7, 5, 10, tzinfo=UTC)
    assert case.expect == {
        "fit": 20.0,
        "total": 20.5,
        "stage": "lead",
        "grade": "1",
        "why_not": ("1 point short",),
        "qualifies": False,
    }


def test_what_is_known_of_a_lead_without_events_is_known_at_the_moment_of_the_score() -> None:
    (case,) = cases_in("[{case: one, lead: {country: PL}, as_of: 2026-03-02, expect: {total: 20}}]")

    assert [event.occurred_at for event in case.events] == [case.as_of]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("2026-07-02 09:00", "2 July", "line 5, cases.yaml[0].events[1].at: a day or a moment belongs here"),
        ("times: 2", "times: 0", "line 4, cases.yaml[0].events[0].times: a whole number from 1 to 1000 belongs here"),
        ("not_now", "later", "line 8, cases.yaml[0].acts[0].reason: no such reject reason"),
        ("fit: 20", "fitt: 20", "line 10, cases.yaml[0].expect.fitt: unknown setting"),
        ("stage: lead", "stage: sold", "line 10, cases.yaml[0].expect.stage: no such stage"),
        ("  as_of: 2026-07-05T10:00:00Z\n", "", "line 1, cases.yaml[0]: a case without `as_of`"),
        ("- case: a case", "- cse: a case", "line 1, cases.yaml[0].cse: unknown setting"),
        ("- case: a case", "case: a case", "line 1, cases.yaml: a list of cases belongs here"),
        ("lead: {", "lead: {a: [, ", "line 2, cases.yaml: "),
    ],
)
def test_what_is_wrong_with_a_case_is_said_with_its_line(old: str, new: str, problem: str) -> None:
    text = CASE.replace(old, new) if not new.startswith("case:") else "case: a case"
    with pytest.raises(DefinitionError) as refused:
        cases_in(text, definition=TRIAL)

    assert any(str(each).startswith(problem) for each in refused.value.problems)


def test_a_definition_may_have_no_cases(tmp_path: Path) -> None:
    assert cases_beside(tmp_path / "definition.yaml", definition=TRIAL) == []


def test_a_folder_is_read_by_name_and_its_problems_come_together(tmp_path: Path) -> None:
    folder = tmp_path / "cases"
    folder.mkdir()
    for name in ("b.yaml", "a.yaml"):
        (folder / name).write_text(CASE.replace("fit: 20", "fit: many"), "utf-8")
    with pytest.raises(DefinitionError) as refused:
        cases_beside(tmp_path / "definition.yaml", definition=TRIAL)

    assert [each.path for each in refused.value.problems] == ["a.yaml[0].expect.fit", "b.yaml[0].expect.fit"]
