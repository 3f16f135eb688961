"""Reference, live fold and batch agree on whatever happens, in whichever order it is told, however often."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from tests.scoring.arrivals import LiveLead, arrive_late, as_it_happened
from tests.scoring.conformance_cases import Case, History
from tests.scoring.histories import Lived, lives
from tests.scoring.scorers import adds_up, agrees, as_answer, explained, of_history, of_lake, of_reference
from tests.strategies import definitions

from ripeline.definition.model import Definition
from ripeline.events.event import Event
from ripeline.scoring import starting

ADA = "ada"
some = settings(suppress_health_check=[HealthCheck.too_slow])
many = settings(max_examples=600, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module", autouse=True)
def short_checkpoints() -> Iterator[None]:
    """So that short histories have checkpoints between them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(starting, "SHORT", 3)
        patch.setattr(starting, "LONG", 7)
        yield


def lived(definition: Definition, life: Lived, events: tuple[Event, ...] | None = None) -> Case:
    told = History(life.events if events is None else events, life.acts, life.reachable)
    return Case("drawn", definition, {ADA: told}, life.as_of, None, {})


def by_then(life: Lived) -> list[Event]:
    return [event for event in life.events if event.occurred_at <= life.as_of]


def check_history(definition: Definition, life: Lived) -> None:
    case = lived(definition, life)

    agrees(of_history(case, ADA), of_reference(case, ADA))


def check_order_and_copies(definition: Definition, life: Lived) -> None:
    chance = life.chance()
    told = [*life.events, *chance.choices(life.events, k=3)]
    chance.shuffle(told)
    shuffled = lived(definition, life, tuple(told))
    expected = of_reference(lived(definition, life), ADA)

    agrees(of_reference(shuffled, ADA), expected)
    agrees(of_history(shuffled, ADA), expected)


def check_live(definition: Definition, life: Lived) -> None:
    lead = LiveLead(definition, reachable=life.reachable)
    as_it_happened(lead, by_then(life), [act for act in life.acts if act.at <= life.as_of])
    case = lived(definition, life)

    agrees(lead.read(at=life.as_of), of_reference(case, ADA))
    agrees(lead.read(at=life.as_of), of_reference(case, ADA, transitions=lead.transitions))
    agrees(of_history(case, ADA, transitions=lead.transitions), of_reference(case, ADA, transitions=lead.transitions))


def check_late(definition: Definition, life: Lived) -> None:
    """Live equals batch in the reading as it happened; who nobody acted on scores the same in both readings."""
    chance, lead = life.chance(), LiveLead(definition, reachable=life.reachable)
    events = by_then(life)
    chance.shuffle(events)
    arrivals = [
        (event.occurred_at + chance.choice((0, 0, 0.1, 1)) * (life.as_of - event.occurred_at), event)
        for event in events
    ]
    acts = [act for act in life.acts if act.at <= life.as_of]
    arrive_late(lead, arrivals, acts, most_at_once=chance.choice((1, 3, 50)))
    case = lived(definition, life)

    agrees(lead.read(at=life.as_of), of_reference(case, ADA, transitions=lead.transitions))
    if not acts:
        agrees(lead.read(at=life.as_of), of_reference(case, ADA), without=["stage"])


def check_explanation(definition: Definition, life: Lived) -> None:
    case = lived(definition, life)
    found = explained(case, ADA)

    agrees(as_answer(found.score) if found.score.cycles else None, of_reference(case, ADA))
    adds_up(found)


@some
@given(definition=definitions(), life=lives())
def test_a_score_is_the_sum_of_its_explanation(definition: Definition, life: Lived) -> None:
    check_explanation(definition, life)


@some
@given(definition=definitions(), life=lives())
def test_a_history_scores_as_the_reference_does(definition: Definition, life: Lived) -> None:
    check_history(definition, life)


@some
@given(definition=definitions(), life=lives())
def test_neither_order_nor_copies_change_anything(definition: Definition, life: Lived) -> None:
    check_order_and_copies(definition, life)


@some
@given(definition=definitions(), life=lives())
def test_live_is_what_the_definition_says_where_nothing_comes_late(definition: Definition, life: Lived) -> None:
    check_live(definition, life)


@some
@given(definition=definitions(), life=lives())
def test_live_agrees_with_the_recorded_stages_whatever_comes_late(definition: Definition, life: Lived) -> None:
    check_late(definition, life)


@settings(parent=some, max_examples=15)
@given(definition=definitions(), life=lives())
def test_a_lake_scores_as_the_reference_does(definition: Definition, life: Lived) -> None:
    case = lived(definition, life)

    agrees(of_lake(case, ADA), of_reference(case, ADA))


@pytest.mark.slow
@many
@given(definition=definitions(), life=lives())
def test_all_of_it_at_length(definition: Definition, life: Lived) -> None:
    check_history(definition, life)
    check_order_and_copies(definition, life)
    check_live(definition, life)
    check_late(definition, life)
    check_explanation(definition, life)
