from tests.scoring.happened import agreed

from ripeline.definition.cases import cases_in
from ripeline.scoring.cases import run

TRIAL = agreed(
    "{fit: {criteria: {title: {when: {title: {exists: true}}, points: 10}}}, "
    "engagement: {criteria: {page: {on: Page Viewed, points: 8, half_life: 30 days}}}}",
    "{when: {all: [minimum_profile, {total: {at_least: 20}}]}}",
    more="minimum_profile: [company]",
)
TOLD = """
- case: {name}
  lead: {{title: CEO, email: ada@firm.example}}
  events: [{{at: 2026-03-01 09:00, name: Page Viewed}}]
  as_of: 2026-03-31 09:00
  expect: {expect}
"""


def against(expect: str) -> list[str]:
    [case] = cases_in(TOLD.format(name="one", expect=expect), definition=TRIAL)
    return run(TRIAL, case)


def test_a_case_that_holds_has_nothing_against_it() -> None:
    assert against("{fit: 10, engagement: 4, total: 14, stage: lead, qualifies: false, excluded: []}") == []
    assert against("{why_not: [company, 6 points short]}") == []


def test_everything_that_differs_is_said() -> None:
    assert against("{engagement: 8, stage: mql, qualifies: true, why_not: []}") == [
        "engagement is 4, expected 8",
        "stage is lead, expected mql",
        "qualifies is no, expected yes",
        "why_not is 6 points short, company, expected nothing",
    ]


def test_points_are_compared_as_they_are_shown() -> None:
    assert against("{total: 14.04}") == []
    assert against("{total: 14.06}") == ["total is 14, expected 14.06"]
