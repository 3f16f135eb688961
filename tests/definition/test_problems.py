"""Whatever is wrong with a definition is said at once, with line, place, what was found and a hint."""

import re
from pathlib import Path

import pytest

import ripeline.criteria
import ripeline.definition
from ripeline.definition.cases import cases_in
from ripeline.definition.check import problems
from ripeline.definition.codes import CODES
from ripeline.definition.load import DefinitionError, load

WHOLE = """\
definition: trial
minimum_profile: [first_name, company]
channels:
  paid: {when: {utm_medium: cpc}, weight: 0.8}
  other: {}
scores:
  fit: {cap: 40, criteria: {polish: {when: {country: PL}, points: 20}}}
  engagement:
    cap: 60
    criteria:
      demo: {on: Demo Requested, points: 30}
      guide: {on: Content Downloaded, where: {topic: price}, points: 10, limit: 2 per week, half_life: 30 days}
excluded: {student: {role: student}}
stages:
  mql:
    when: {all: [minimum_profile, {total: {at_least: 65}}, {engagement: {more_than: 0}}]}
    at_once: Demo Requested
    answer_within: 4 hours
  sal: {reject_reasons: {not_a_fit: disqualified, not_now: {recycled: 90 days}}}
  recycled: {reset: engagement}
  disqualified: {returns_by: [Demo Requested]}
"""


def with_change(old: str, new: str) -> str:
    assert old in WHOLE
    return WHOLE.replace(old, new)


# For each code, a change to the definition above that causes it; cases have their own list below.
CAUSES = {
    "absurd-number": ("points: 30", "points: 1.0e+308"),
    "bad-name": ("polish:", "is polish:"),
    "broken-yaml": ("fit: {cap", "fit: [cap"),
    "cap-below-floor": ("cap: 60", "cap: 60\n    floor: 61"),
    "channel-never-reached": ("  paid:", "  all: {}\n  paid:"),
    "channel-reads-itself": ("{utm_medium: cpc}", "{channel: other}"),
    "duplicate-key": ("cap: 40", "cap: 40, cap: 50"),
    "empty-condition": ("{country: PL}", "{}"),
    "empty-list": ("{country: PL}", "{country: []}"),
    "event-and-facts": ("where: {topic", "when: {topic"),
    "gate-unfed": ("  engagement:\n", "  engagement: {}\n  doing:\n"),
    "gate-unreachable": ("at_least: 65", "at_least: 101"),
    "grade-never-given": ("cap: 40", "cap: 40, grades: {A: 10, B: 20}"),
    "hidden-fact": ("{role: student}", "{fit: student}"),
    "leads-nowhere": ("not_a_fit: disqualified", "not_a_fit: thrown_away"),
    "limit-on-facts": ("points: 20", "points: 20, limit: once"),
    "matches-everything": ("{country: PL}", '{country: {begins_with: ""}}'),
    "missing": ("definition: trial\n", ""),
    "neither-event-nor-facts": ("when: {country: PL}, ", ""),
    "never-matches": ("{country: PL}", "{email_domain: free_mail}"),
    "no-event": ("on: Content Downloaded, ", ""),
    "no-gate": ("  mql:", "  mqls:"),
    "no-minimum-profile": ("minimum_profile: [first_name, company]\n", ""),
    "not-a-number": ("cap: 60", "cap: many"),
    "not-a-time": ("30 days", "30"),
    "not-a-truth": ("definition: trial", "definition: trial\nvisitors_may_qualify: yes"),
    "not-an-act": ("definition: trial", "definition: trial\nnot_acts: [demo_requested]"),
    "not-finite": ("points: 30", "points: .inf"),
    "not-positive": ("half_life: 30 days", "half_life: 0 days"),
    "not-text": ("on: Demo Requested", "on: 404"),
    "reserved-name": ("  fit:", "  grade:"),
    "score-outside-gate": ("{role: student}", "{total: {less_than: 0}}"),
    "text-for-number": ("{at_least: 65}", "many"),
    "too-deep": ("{country: PL}", "[" * 100 + "]" * 100),
    "too-large": ("{country: PL}", "{country: [" + "PL, " * 10_001 + "]}"),
    "two-ages": ("half_life: 30 days", "half_life: 30 days, window: 30 days"),
    "unknown-channel": ("{topic: price}", "{channel: payed}"),
    "unknown-condition": ("{country: PL}", "{country: {begin_with: P}}"),
    "unknown-group": ("reset: engagement", "reset: engagment"),
    "unknown-key": ("limit: 2", "limits: 2"),
    "unknown-limit": ("2 per week", "2 per fortnight"),
    "unknown-stage": ("  sal:", "  sold:"),
    "unknown-timezone": ("definition: trial", "definition: trial\ntimezone: Europe/Warsow"),
    "working-hours": ("4 hours", "4 working hours"),
    "wrong-shape": ("scores:\n", "title: [a]\nexcluded: none\nscores:\n"),
}
IN_CASES = {
    "not-an-instant": "[{case: one, as_of: tomorrow, expect: {total: 1}}]",
    "unknown-name": "[{case: one, as_of: 2026-03-02, expect: {stage: sold}}]",
}


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_has_a_cause(code: str) -> None:
    if code in IN_CASES:
        with pytest.raises(DefinitionError) as refused:
            cases_in(IN_CASES[code])
        found = refused.value.problems
    else:
        found = problems(with_change(*CAUSES[code]))

    assert code in [problem.code for problem in found]


def test_every_code_in_the_source_is_listed() -> None:
    rooms = [Path(room.__path__[0]) for room in (ripeline.criteria, ripeline.definition)]
    text = "".join(path.read_text("utf-8") for room in rooms for path in room.glob("*.py") if path.name != "codes.py")
    quoted = set(re.findall(r'"([a-z]+(?:-[a-z]+)+|missing)"', text)) - {"e-mail", "utf-8", "utf-8-sig"}

    assert quoted == set(CODES)


def test_the_definition_of_these_tests_has_no_problem() -> None:
    assert problems(WHOLE) == []


def said(text: str) -> list[str]:
    return [str(problem) for problem in problems(text)]


def test_a_misspelt_condition_is_answered_with_the_right_one() -> None:
    assert said(with_change("{country: PL}", "{country: {begin_with: P}}")) == [
        (
            "line 7, scores.fit.criteria.polish.when.country.begin_with: unknown condition\n"
            "  found: begin_with\n"
            "  hint: did you mean `begins_with`?  [unknown-condition]"
        )
    ]


def test_a_gate_above_the_caps_names_the_highest_score_there_is() -> None:
    assert said(with_change("at_least: 65", "at_least: 101")) == [
        (
            "line 16, stages.mql.when.all[1].total.at_least: no lead can ever pass this gate: total is never above 80\n"
            "  found: 101\n"
            "  hint: lower the gate, or raise cap or points  [gate-unreachable]"
        )
    ]


def test_a_gate_fed_by_no_criterion_is_a_problem() -> None:
    text = "definition: trial\nscores: {fit: {cap: 9}}\nstages: {mql: {when: {total: {at_least: 5}}}}"

    assert said(text) == [
        (
            "line 3, stages.mql.when.total.at_least: a gate fed by no criterion\n"
            "  found: 5\n"
            "  hint: write criteria that give points to total  [gate-unfed]"
        )
    ]


def test_all_problems_come_at_once_in_the_order_of_the_text() -> None:
    text = WHOLE
    for old, new in (("cap: 40", "cap: many"), ("30 days", "30"), ("reset: eng", "reset: ang"), ("cpc}", "~}")):
        text = text.replace(old, new)
    found = problems(text)

    assert [(problem.line, problem.code) for problem in found] == [
        (4, "wrong-shape"),
        (7, "not-a-number"),
        (12, "not-a-time"),
        (20, "unknown-group"),
    ]


def test_a_broken_group_raises_no_second_alarm_about_its_gate() -> None:
    found = problems(with_change("points: 30", "points: plenty"))

    assert [problem.code for problem in found] == ["not-a-number"]


def test_a_misspelt_setting_raises_no_second_alarm_about_what_it_leaves_out() -> None:
    assert said(with_change("when: {country: PL}, points: 20", "whne: {country: PL}, points: 20")) == [
        (
            "line 7, scores.fit.criteria.polish.whne: unknown setting\n"
            "  found: whne\n"
            "  hint: did you mean `when`?  [unknown-key]"
        )
    ]


def test_loading_refuses_with_every_problem_and_the_file() -> None:
    with pytest.raises(DefinitionError, match=r"(?s)^here\.yaml:\nline 1, scores: .*\nline 1, stages: ") as refused:
        load("definition: trial", path="here.yaml")

    assert len(refused.value.problems) == 2


def test_what_later_versions_offer_is_refused_by_name(shared: Path) -> None:
    found = problems((shared / "definition-example.yaml").read_text("utf-8"))
    unknown = {problem.found for problem in found if problem.message.startswith("unknown")}

    later = {"lists", "mentions", "table", "rows", "once per content", "content", "at_least", "idle", "in", "ends_with"}
    assert unknown == later | {"sql", "on_return"}
    assert {problem.code for problem in found if problem.found not in unknown} == {"never-matches", "working-hours"}


@pytest.mark.parametrize(
    ("condition", "hint"),
    [
        ("{country_code: Sverige}", "`SE`"),
        ("{country_code: [se, Atlantis]}", "`SE`"),
        ("{company_domain: www.firm.example}", "`firm.example`"),
        ("{phone_number: 0046 8 123 456 78}", "`+46812345678`"),
        ("{free_mail: yes}", "`true`"),
        ("{email_domain: free_mail}", "`[gmail.com, outlook.com]`"),
    ],
)
def test_a_fact_of_one_form_is_compared_with_what_is_written_in_it(condition: str, hint: str) -> None:
    [problem] = problems(with_change("{country: PL}", condition))

    assert (problem.code, problem.hint) == ("never-matches", f"write it like this: {hint}")


def test_a_fact_of_one_form_that_is_written_in_it_is_no_problem() -> None:
    told = "{country_code: [se, DE], free_mail: false, company_domain: Firm.example, phone_number: '+46812345678'}"

    assert problems(with_change("{country: PL}", told)) == []
