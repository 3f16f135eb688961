"""The demo company's history shows what its generator promises."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

import pytest

from ripeline.definition.load import read
from ripeline.demo.company import targets
from ripeline.demo.company.decisions import Crossed, Decision, lift, winners
from ripeline.demo.company.history import DEFINITION, History, history, marks
from ripeline.events.event import Event

END = datetime(2026, 10, 30, 15, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def kestrel() -> History:
    return history(end=END)


def first_acts(kestrel: History, act: str) -> dict[str, Decision]:
    return {decision.lead: decision for decision in kestrel.decisions if decision.act == act}


@pytest.mark.slow
def test_the_history_has_the_size_it_names(kestrel: History) -> None:
    known = {event.user_id for event in kestrel.events if event.user_id}

    assert len(known) == pytest.approx(targets.LEADS, rel=0.1)
    assert len(kestrel.events) == pytest.approx(targets.EVENTS, rel=0.1)


@pytest.mark.slow
def test_funnel_shares_are_as_listed(kestrel: History) -> None:
    known = {event.user_id for event in kestrel.events if event.user_id}
    accepted, rejected, won, lost = (first_acts(kestrel, act) for act in ("accept", "reject", "won", "lost"))
    browsers = {event.anonymous_id for event in kestrel.events}
    strangers = browsers - {event.anonymous_id for event in kestrel.events if event.user_id}

    assert len(known) / len(known | strangers) == pytest.approx(targets.FUNNEL["lead"], rel=0.1)
    assert len(accepted.keys() | rejected.keys()) / len(known) == pytest.approx(targets.FUNNEL["mql"], rel=0.1)
    answers = len(accepted) + sum(decision.act == "reject" for decision in kestrel.decisions)
    assert len(accepted) / answers == pytest.approx(targets.FUNNEL["accepted"], rel=0.1)
    assert len(won) / len(accepted) == pytest.approx(targets.FUNNEL["won"], rel=0.1)
    assert len(lost) / len(accepted) == pytest.approx(targets.FUNNEL["lost"], rel=0.1)


@pytest.mark.slow
def test_reject_reasons_come_in_the_listed_mix(kestrel: History) -> None:
    reasons = Counter(decision.reason for decision in kestrel.decisions if decision.act == "reject")

    for reason, share in targets.REJECT_MIX.items():
        assert reasons[reason] / reasons.total() == pytest.approx(share, rel=0.1), reason


@pytest.mark.slow
@pytest.mark.parametrize("criterion", targets.WIN_LIFT)
def test_a_criterion_lifts_winning_as_listed(kestrel: History, criterion: str) -> None:
    crossed, won = list(accepted_leads(kestrel)), first_acts(kestrel, "won")
    chances = [float(lead.lead in won) for lead in crossed]

    found = lift(criterion, [lead.marks for lead in crossed], chances)

    assert found == pytest.approx(targets.WIN_LIFT[criterion], rel=0.1)


def accepted_leads(kestrel: History) -> Iterator[Crossed]:
    """Each accepted lead with the marks it had when it was accepted."""
    definition, lives = read(DEFINITION), lives_by_lead(kestrel.events)
    for lead, decision in first_acts(kestrel, "accept").items():
        yield Crossed(lead, decision.at, marks(definition, lives[lead], decision.at))


def lives_by_lead(events: list[Event]) -> dict[str, list[Event]]:
    """Each lead's events, those of the browsers they were known on among them."""
    browsers = {event.anonymous_id: event.user_id for event in events if event.user_id and event.anonymous_id}
    lives: dict[str, list[Event]] = {}
    for event in events:
        lead = event.user_id or browsers.get(event.anonymous_id or "")
        lives.setdefault(lead or "", []).append(event)
    return lives


def test_the_same_seed_and_end_give_the_same_history() -> None:
    one, other = (history(end=END, scale=0.02) for _ in range(2))

    assert one == other


def test_nothing_happens_after_the_end() -> None:
    small = history(end=END, scale=0.02)

    assert max(event.occurred_at for event in small.events) <= END
    assert max(decision.at for decision in small.decisions) <= END


def test_winners_follow_the_listed_lifts_whoever_comes() -> None:
    everybody = [
        Crossed(f"{n:04}", END, frozenset(mark for i, mark in enumerate(targets.WIN_LIFT) if n >> i & 1))
        for n in range(1024)
    ]

    won = winners(everybody, 250, Random(3))

    for mark, target in targets.WIN_LIFT.items():
        found = lift(mark, [lead.marks for lead in everybody], [float(lead.lead in won) for lead in everybody])
        assert found == pytest.approx(target, rel=0.1), mark
