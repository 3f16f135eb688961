from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.log.desk import AGREEMENT, MORNING, Desk
from tests.log.test_lifecycle import ANN, qualify
from tests.log.test_publishing import settle

from ripeline.events.event import Event
from ripeline.server.log import queries
from ripeline.server.log.commands import Imported, ImportHistory, RecordedAct, Reject, Take

END = MORNING + timedelta(days=60)


@pytest.fixture
def trial(desk: Desk) -> Desk:
    desk.publish()
    desk.hire("bob", "cyd")
    desk.clock.now = END
    return desk


def days(count: float) -> datetime:
    return MORNING + timedelta(days=count)


def happened(desk: Desk, at: datetime, **message: Any) -> Event:
    """An event of history: received when it occurred."""
    now, desk.clock.now = desk.clock.now, at
    event = desk.decoded({"userId": "ann", **message}).accepted[0]
    desk.clock.now = now
    return event


def life(desk: Desk) -> list[Event]:
    """Ann becomes an MQL on the second day."""
    return [
        happened(desk, days(0), type="identify", traits={"email": "ann@firm.example"}),
        happened(desk, days(1), event="Demo Requested"),
        happened(desk, days(2), event="Demo Requested"),
    ]


def ann() -> queries.LeadRecord:
    record = queries.lead(queries.leads(user_id="ann").items[0].id)
    assert record is not None
    return record


def test_lived_history_becomes_stages_clocks_and_acts_at_their_own_moments(trial: Desk) -> None:
    acts = [
        RecordedAct(user_id="ann", act="accept", at=days(2.1), by="cyd"),
        RecordedAct(user_id="ann", act="won", at=days(20), by="cyd", amount=9_000, currency="EUR"),
    ]

    answer = trial.do(ImportHistory(events=life(trial), acts=acts, end=END, as_lived=True))

    moves = [(move.to_stage, move.moved_at) for move in queries.transitions(ann().id)]
    assert answer == Imported(stored=3, duplicates=0, leads=1, transitions=4, acts=2, skipped=0)
    assert moves == [("lead", days(0)), ("mql", days(2)), ("sal", days(2.1)), ("customer", days(20))]
    [clock] = queries.clocks(ann().id)
    assert (clock.started_at, clock.stopped_at, clock.breached_at) == (days(2), days(2.1), None)
    assert queries.mails(ann().id) == []


def test_an_answer_that_came_too_late_is_a_breach_of_its_time(trial: Desk) -> None:
    act = RecordedAct(user_id="ann", act="reject", at=days(3), by="bob", reason="not_a_fit")

    trial.do(ImportHistory(events=life(trial), acts=[act], end=END, as_lived=True))

    [clock] = queries.clocks(ann().id)
    assert clock.breached_at == days(2) + timedelta(hours=4)
    assert (ann().stage, queries.transitions(ann().id)[-1].reason) == ("disqualified", "not_a_fit")


def test_who_was_not_answered_by_the_end_waits_with_an_owner_and_a_clock(trial: Desk) -> None:
    trial.do(ImportHistory(events=life(trial), end=END, as_lived=True))

    [waiting] = queries.waiting(now=END)

    assert (waiting.owner, waiting.due_at, waiting.offered) == ("bob", days(2) + timedelta(hours=4), False)


def test_events_between_two_acts_are_folded_between_them(trial: Desk) -> None:
    events = [*life(trial), happened(trial, days(40), event="Demo Requested")]
    events.append(happened(trial, days(40.1), event="Demo Requested"))
    acts = [
        RecordedAct(user_id="ann", act="reject", at=days(3), by="bob", reason="not_now"),
        RecordedAct(user_id="ann", act="accept", at=days(41), by="cyd"),
    ]

    trial.do(ImportHistory(events=events, acts=acts, end=END, as_lived=True))

    stages = [move.to_stage for move in queries.transitions(ann().id)]
    assert stages == ["lead", "mql", "recycled", "mql", "sal"]
    assert (ann().cycle, ann().owner) == (2, "cyd")


def test_a_history_may_come_in_parts(trial: Desk) -> None:
    first, second, third = life(trial)
    act = RecordedAct(user_id="ann", act="accept", at=days(2.1), by="cyd")
    trial.do(ImportHistory(events=[first, second], as_lived=True))

    answer = trial.do(ImportHistory(events=[second, third], acts=[act], end=END, as_lived=True))

    assert (answer.stored, answer.duplicates, answer.acts) == (1, 1, 1)
    assert ann().stage == "sal"


def test_acts_that_were_not_legal_are_skipped_and_counted(trial: Desk) -> None:
    acts = [
        RecordedAct(user_id="ann", act="accept", at=days(1.5), by="cyd"),  # no MQL yet
        RecordedAct(user_id="nobody", act="accept", at=days(3), by="cyd"),
    ]

    answer = trial.do(ImportHistory(events=life(trial), acts=acts, end=END, as_lived=True))

    assert (answer.acts, answer.skipped) == (0, 2)


def test_an_old_act_leaves_what_came_after_it_alone(trial: Desk) -> None:
    lead = qualify(trial)
    before = queries.lead(lead)

    answer = trial.do(ImportHistory(events=(), acts=[RecordedAct(user_id="ann", act="lost", at=days(1))], end=END))

    after = queries.lead(lead)
    assert before is not None and after is not None and answer.acts == 1
    assert (after.stage, after.owner, after.clock) == ("mql", before.owner, before.clock)
    assert [waiting.lead for waiting in queries.waiting(now=END)] == [lead]
    assert [move.to_stage for move in queries.transitions(lead)] == ["lost", "lead", "mql"]


def test_an_old_act_must_have_been_legal_at_its_time(trial: Desk) -> None:
    lead = qualify(trial)
    acts = [RecordedAct(user_id="ann", act="accept", at=days(1), by="cyd")]  # a visitor then, an MQL today

    answer = trial.do(ImportHistory(events=(), acts=acts, end=END))

    assert (answer.acts, answer.skipped) == (0, 1)
    assert queries.acts(lead) == [] and ann().stage == "mql"


def test_an_act_of_history_that_came_after_the_clock_stops_it(trial: Desk) -> None:
    lead = qualify(trial)
    trial.clock.advance(hours=2)
    acts = [RecordedAct(user_id="ann", act="accept", at=END + timedelta(hours=1), by="cyd")]

    trial.do(ImportHistory(events=(), acts=acts, end=trial.clock.now))

    [clock] = queries.clocks(lead)
    assert (ann().stage, ann().owner) == ("sal", "cyd")
    assert (clock.stopped_at, clock.stopped_as) == (END + timedelta(hours=1), "accepted")


def test_the_same_history_imported_twice_counts_its_acts_once(trial: Desk) -> None:
    acts = [
        RecordedAct(user_id="ann", act="accept", at=days(2.1), by="cyd"),
        RecordedAct(user_id="ann", act="won", at=days(20), by="cyd", amount=9_000),
        RecordedAct(user_id="ann", act="won", at=days(20), by="cyd", amount=500),  # another deal of that day
    ]
    history = ImportHistory(events=life(trial), acts=acts, end=END, as_lived=True)
    trial.do(history)

    again = trial.do(history)

    assert (again.stored, again.acts, again.skipped, again.duplicates) == (0, 0, 0, 6)
    assert [act.amount for act in queries.acts(ann().id)] == [None, 9_000, 500]


def test_plain_history_moves_nobody_and_offers_who_qualifies_and_acted_lately(trial: Desk) -> None:
    trial.clock.now = days(5)
    trial.do(ImportHistory(events=life(trial), end=days(5)))

    [offered] = queries.waiting(now=days(5))

    assert (ann().stage, ann().offered) == ("lead", True)
    assert (offered.lead, offered.offered, offered.due_at, offered.owner) == (ann().id, True, None, "")
    assert queries.clocks(ann().id) == [] and queries.mails(ann().id) == []


@pytest.mark.parametrize("order", [(0, 5, 40), (40, 0, 5), (5, 40, 0)])
def test_an_imported_visitor_is_a_lead_since_their_address_was_first_known(trial: Desk, order: tuple[int, ...]) -> None:
    told = [happened(trial, days(at), type="identify", traits={"email": "ann@firm.example"}) for at in order]

    trial.do(ImportHistory(events=told, end=END))

    assert [(move.to_stage, move.moved_at) for move in queries.transitions(ann().id)] == [("lead", days(0))]


def test_a_blank_address_makes_nobody_a_lead_imported_or_live(trial: Desk) -> None:
    blank = {"type": "identify", "traits": {"email": "   "}}
    trial.do(ImportHistory(events=[happened(trial, days(0), **blank)], end=END))
    trial.send({**blank, "userId": "ben"})

    assert [lead.stage for lead in queries.leads().items] == ["visitor", "visitor"]


def test_an_import_offers_nobody_who_is_to_be_left_alone(trial: Desk) -> None:
    lead = qualify(trial)
    trial.do(Reject(lead=lead, by="bob", reason="not_now", at=trial.clock.now))
    trial.clock.advance(days=2)
    demo = (
        happened(trial, trial.clock.now, event="Demo Requested"),
        happened(trial, trial.clock.now, event="Demo Requested"),
    )

    trial.do(ImportHistory(events=demo, end=trial.clock.now))

    assert ann().stage == "recycled" and ann().total >= 50
    assert queries.waiting(now=trial.clock.now) == []


def test_an_import_offers_only_whom_it_brought(trial: Desk) -> None:
    trial.send({**ANN, "userId": "ben"}, {"userId": "ben", "event": "Demo Requested"})
    trial.publish(AGREEMENT.replace("at_least: 50", "at_least: 30"))  # from now on: Ben moves at his next happening
    settle(trial)
    trial.clock.now = days(5)

    trial.do(ImportHistory(events=life(trial)[:2]))
    trial.do(ImportHistory(events=life(trial)[2:], end=days(5)))

    assert [waiting.lead for waiting in queries.waiting(now=days(5))] == [ann().id]


def test_whom_an_earlier_part_brought_is_offered_at_the_end(trial: Desk) -> None:
    trial.clock.now = days(5)
    trial.do(ImportHistory(events=life(trial)))
    before = queries.waiting(now=days(5))

    trial.do(ImportHistory(events=[happened(trial, days(3), userId="ben", event="Any")], end=days(5)))

    assert before == [] and [waiting.lead for waiting in queries.waiting(now=days(5))] == [ann().id]


def test_an_import_that_is_never_ended_offers_all_the_same(trial: Desk) -> None:
    trial.clock.now = days(4)
    trial.do(ImportHistory(events=life(trial)))
    trial.clock.advance(days=1)

    settle(trial)

    assert [waiting.lead for waiting in queries.waiting(now=days(5))] == [ann().id]


def test_who_qualified_long_ago_is_not_offered(trial: Desk) -> None:
    trial.do(ImportHistory(events=life(trial), end=END))

    assert queries.waiting(now=END) == []


def test_an_offered_lead_is_taken(trial: Desk) -> None:
    trial.clock.now = days(5)
    trial.do(ImportHistory(events=life(trial), end=days(5)))

    moved = trial.do(Take(lead=ann().id, by="cyd", at=days(5)))

    assert (moved.stage, moved.owner, ann().offered) == ("sal", "cyd", False)
    assert queries.waiting(now=days(5)) == []


def test_a_crossing_that_comes_to_light_too_late_is_offered_without_a_clock(trial: Desk) -> None:
    trial.clock.now = days(20)
    trial.send({"userId": "ann", "event": "Any", "timestamp": days(19).isoformat()})

    trial.send(*({"userId": "ann", "event": "Demo Requested", "timestamp": days(at).isoformat()} for at in (1, 2)))
    trial.send(
        {"userId": "ann", "type": "identify", "traits": {"email": "a@x.example"}, "timestamp": days(1).isoformat()}
    )

    [offered] = queries.waiting(now=days(20))
    assert (offered.offered, ann().stage) == (True, "lead")
