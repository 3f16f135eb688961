"""A meaning is settled by a case: what `conformance/` expects is what every scorer says, however the rows come."""

from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import NamedTuple

import pytest
from tests.scoring.arrivals import LiveLead, arrive_late, as_it_happened
from tests.scoring.conformance_cases import Case, CaseError, all_cases, cases_in
from tests.scoring.scorers import (
    Answer,
    adds_up,
    agrees,
    as_answer,
    explained,
    known,
    of_history,
    of_lake,
    of_reference,
)

from ripeline.definition.load import DefinitionError
from ripeline.events.event import Event
from ripeline.scoring import jit, starting
from ripeline.scoring.acts import Act


class Example(NamedTuple):
    """One lead of a case."""

    case: Case
    lead: str

    @property
    def expected(self) -> Answer:
        return self.case.expect[self.lead]


EXAMPLES = [Example(case, lead) for case in all_cases() for lead in case.expect]
of_each_lead = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.case.name}: {example.lead}")


def asked(scorer: Callable[[Case, str], Answer], example: Example) -> Answer:
    return scorer(example.case, example.lead) if example.lead in example.case.leads else None


@of_each_lead
def test_the_reference_says_it(example: Example) -> None:
    agrees(asked(of_reference, example), example.expected)


@of_each_lead
def test_the_fold_over_a_history_says_it(example: Example) -> None:
    agrees(asked(of_history, example), example.expected)


@of_each_lead
def test_the_fold_without_machine_code_says_it(example: Example, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jit, "compiled", jit.plain)
    agrees(asked(of_history, example), example.expected)


@of_each_lead
def test_the_explanation_says_it_and_adds_up(example: Example) -> None:
    if example.lead in example.case.leads:
        found = explained(example.case, example.lead)

        agrees(as_answer(found.score) if found.score.cycles else None, example.expected)
        adds_up(found)


@of_each_lead
def test_a_lake_says_it(example: Example) -> None:
    agrees(asked(of_lake, example), example.expected)


@of_each_lead
def test_the_live_fold_says_it_as_it_happens(example: Example) -> None:
    lead, events = live_lead(example)
    as_it_happened(lead, events, acts_of(example))

    agrees(lead.read(at=example.case.as_of), example.expected)


@of_each_lead
@pytest.mark.parametrize("seed", range(2))
def test_the_live_fold_says_it_whatever_comes_late(example: Example, seed: int, short_checkpoints: None) -> None:
    chance, as_of = Random(seed), example.case.as_of
    lead, events = live_lead(example)
    chance.shuffle(events)
    delays = [chance.choice((0, 0.3, 1)) for _ in events]
    arrivals = [
        (event.occurred_at + delay * (as_of - event.occurred_at), event)
        for event, delay in zip(events, delays, strict=True)
    ]
    arrive_late(lead, arrivals, acts_of(example), most_at_once=1 + 2 * (seed % 2))
    told = lead.read(at=as_of)

    if example.lead in example.case.leads:
        agrees(told, of_reference(example.case, example.lead, transitions=lead.transitions))
    if not acts_of(example):
        agrees(told, example.expected, without=["stage"])  # who moves late is moved late


@pytest.fixture
def short_checkpoints(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that even a few rows have checkpoints between them."""
    monkeypatch.setattr(starting, "SHORT", 2)
    monkeypatch.setattr(starting, "LONG", 4)


def live_lead(example: Example) -> tuple[LiveLead, list[Event]]:
    """The lead before its first event, and its events by then, as stored."""
    case = example.case
    if example.lead not in case.leads:
        return LiveLead(case.definition, reachable=False), []
    told = known(case, example.lead)
    return (
        LiveLead(case.definition, reachable=told.reachable),
        [event for event in told.events if event.occurred_at <= case.as_of],
    )


def acts_of(example: Example) -> list[Act]:
    if example.lead not in example.case.leads:
        return []
    return [act for act in known(example.case, example.lead).acts if act.at <= example.case.as_of]


def test_every_lead_of_a_case_is_expected_to_be_something() -> None:
    forgotten = [(case.name, lead) for case in all_cases() for lead in case.leads if lead not in case.expect]

    assert forgotten == []


def test_every_case_has_a_name_of_its_own() -> None:
    names = [case.name for case in all_cases()]

    assert sorted(names) == sorted(set(names))


CASE = """
- case: one
  definition:
    definition: trial
    scores: {engagement: {criteria: {demo: {on: Demo Requested, points: 20}}}}
    stages: {mql: {when: {total: {at_least: 20}}}}
  events:
    - {id: e1, lead: ada, name: Demo Requested, occurred_at: 2026-03-01T00:00:00Z}
  as_of: 2026-03-02T00:00:00Z
  expect: {ada: {score: 20}}
"""


def test_a_case_is_read() -> None:
    (case,) = cases_in(CASE)

    assert (case.name, case.expect, case.as_of) == ("one", {"ada": {"score": 20}}, datetime(2026, 3, 2, tzinfo=UTC))
    assert [event.name for event in case.leads["ada"].events] == ["Demo Requested"]


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("score: 20", "scores: 20"),
        ("lead: ada", "leed: ada"),
        ("id: e1, ", ""),
        ("as_of", "asof"),
        ("on: Demo Requested", "onn: Demo Requested"),
        ("name: Demo Requested, ", ""),
        ("2026-03-01", "1926-03-01"),
        ("2026-03-02T00:00:00Z", "2026-03-02T00:00:00"),
    ],
)
def test_a_slip_in_a_case_is_a_problem(written: str, instead: str) -> None:
    with pytest.raises((CaseError, DefinitionError)):
        cases_in(CASE.replace(written, instead))
