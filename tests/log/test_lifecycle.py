from datetime import timedelta

import msgspec
import pytest
from tests.log.desk import AGREEMENT, Desk

from ripeline.server.log import queries
from ripeline.server.log.commands import (
    Accept,
    Conflict,
    KeepRep,
    Moved,
    NotAllowed,
    Outcome,
    Reassign,
    Reject,
    Take,
    Undo,
    UnknownLead,
)

ANN = {"userId": "ann", "type": "identify", "traits": {"email": "ann@firm.example", "name": "Ann Lee"}}


def qualify(desk: Desk, user: str = "ann") -> int:
    """A lead that has just become an MQL."""
    desk.send({**ANN, "userId": user, "traits": {"email": f"{user}@firm.example", "name": user.title()}})
    desk.send({"userId": user, "event": "Demo Requested"}, {"userId": user, "event": "Demo Requested"})
    return queries.leads(user_id=user).items[0].id


def stages(lead: int) -> list[str]:
    moves = queries.transitions(lead)
    return [moves[0].from_stage, *(move.to_stage for move in moves)]


@pytest.fixture
def trial(desk: Desk) -> Desk:
    desk.publish()
    desk.hire("bob", "cyd")
    return desk


def test_a_visitor_becomes_a_lead_when_they_can_be_reached(trial: Desk) -> None:
    trial.send({"type": "page", "anonymousId": "laptop"})
    before = queries.leads(anonymous_id="laptop").items[0]
    trial.send({**ANN, "anonymousId": "laptop"})

    after = queries.leads(anonymous_id="laptop").items[0]

    assert (before.stage, after.stage, after.id) == ("visitor", "lead", before.id)
    assert (after.name, after.email) == ("Ann Lee", "ann@firm.example")


def test_crossing_the_gate_hands_the_lead_over_with_owner_clock_and_one_mail(trial: Desk) -> None:
    lead = qualify(trial)

    record = queries.lead(lead)
    mails = queries.mails(lead)

    assert record is not None and record.clock is not None
    assert (record.stage, record.owner_name) == ("mql", "Bob") and record.total == pytest.approx(80)
    assert record.clock.due_at == trial.clock.now + timedelta(hours=4)
    assert [(mail.recipient, mail.subject) for mail in mails] == [("bob@ourselves.example", "New MQL: Ann, score 80")]
    assert stages(lead) == ["visitor", "lead", "mql"]


def test_leads_are_given_out_in_turn(trial: Desk) -> None:
    leads = [qualify(trial, user) for user in ("ann", "ben", "cat")]

    owners = [record.owner for record in map(queries.lead, leads) if record]

    assert owners == ["bob", "cyd", "bob"]


def test_the_inbox_lists_who_waits_soonest_first(trial: Desk) -> None:
    first = qualify(trial, "ann")
    trial.clock.advance(hours=1)
    second = qualify(trial, "ben")

    waiting = queries.waiting(now=trial.clock.now)

    assert [lead.lead for lead in waiting] == [first, second]
    assert queries.waiting_count() == 2 and queries.waiting_count(owner="cyd") == 1
    assert waiting[0].due_at == waiting[1].due_at - timedelta(hours=1)  # type: ignore[operator] # both have clocks


def test_accepting_stops_the_clock_and_makes_an_sal(trial: Desk) -> None:
    lead = qualify(trial)
    trial.clock.advance(hours=1)

    moved = trial.do(Accept(lead=lead, by="cyd", at=trial.clock.now, note="knows her"))

    record = queries.lead(lead)
    assert (moved.stage, moved.owner) == ("sal", "cyd")
    assert record is not None and record.clock is not None
    assert (record.clock.stopped_at, record.clock.stopped_as) == (trial.clock.now, "accepted")
    assert [(act.act, act.by_name, act.note) for act in queries.acts(lead)] == [("accept", "Cyd", "knows her")]
    assert queries.waiting(now=trial.clock.now) == []


def test_rejecting_sends_the_lead_where_the_reason_says(trial: Desk) -> None:
    unfit, later = qualify(trial, "ann"), qualify(trial, "ben")

    first = trial.do(Reject(lead=unfit, by="bob", reason="not_a_fit", at=trial.clock.now))
    second = trial.do(Reject(lead=later, by="cyd", reason="not_now", at=trial.clock.now))

    assert (first.stage, first.cycle) == ("disqualified", 1)
    assert (second.stage, second.cycle) == ("recycled", 2)
    assert [move.reason for move in queries.transitions(later)][-1] == "not_now"


def test_a_recycled_lead_waits_and_then_qualifies_anew_with_its_old_owner(trial: Desk) -> None:
    lead = qualify(trial)
    trial.do(Reject(lead=lead, by="bob", reason="not_now", at=trial.clock.now))
    trial.clock.advance(days=25)
    trial.send({"userId": "ann", "event": "Demo Requested"}, {"userId": "ann", "event": "Demo Requested"})
    during = queries.lead(lead)
    trial.clock.advance(days=6)
    trial.send({"userId": "ann", "event": "Demo Requested"})

    after = queries.lead(lead)

    assert during is not None and during.stage == "recycled"
    assert after is not None and (after.stage, after.cycle, after.owner) == ("mql", 2, "bob")


def test_who_qualified_long_before_the_wait_was_over_is_offered(trial: Desk) -> None:
    lead = qualify(trial)
    trial.do(Reject(lead=lead, by="bob", reason="not_now", at=trial.clock.now))
    trial.clock.advance(days=10)
    trial.send({"userId": "ann", "event": "Demo Requested"}, {"userId": "ann", "event": "Demo Requested"})
    trial.clock.advance(days=21)
    trial.send({"userId": "ann", "event": "Demo Requested"})

    [offered] = queries.waiting(now=trial.clock.now)

    assert (offered.lead, offered.offered, offered.stage, offered.due_at) == (lead, True, "recycled", None)


def test_a_new_person_whose_events_are_uploaded_weeks_later_is_offered(trial: Desk) -> None:
    trial.clock.advance(days=30)
    back_then = (trial.clock.now - timedelta(days=29)).isoformat()
    demo = {"userId": "ann", "event": "Demo Requested", "timestamp": back_then}

    trial.send({**ANN, "timestamp": back_then}, demo, demo)

    [offered] = queries.waiting(now=trial.clock.now)
    assert (offered.offered, offered.stage, queries.mails(offered.lead)) == (True, "lead", [])


def test_an_unknown_reason_is_refused_and_the_known_ones_are_named(trial: Desk) -> None:
    lead = qualify(trial)

    with pytest.raises(NotAllowed, match="“dislike” is no reason to reject a lead; the definition has not_a_fit, not"):
        trial.do(Reject(lead=lead, by="bob", reason="dislike", at=trial.clock.now))


def test_the_second_to_decide_is_told_who_was_first_and_when(trial: Desk) -> None:
    lead = qualify(trial)
    trial.do(Accept(lead=lead, by="bob", at=trial.clock.now))
    trial.clock.advance(minutes=1)

    with pytest.raises(Conflict, match="Bob decided first, on 2026-03-02 at 09:00 UTC") as caught:
        trial.do(Accept(lead=lead, by="cyd", at=trial.clock.now))

    assert (caught.value.who, caught.value.stage) == ("bob", "sal")
    assert caught.value.when == trial.clock.now - timedelta(minutes=1)


def test_the_same_wish_twice_is_granted_once(trial: Desk) -> None:
    lead = qualify(trial)
    first = trial.do(Accept(lead=lead, by="bob", at=trial.clock.now))

    second = trial.do(Accept(lead=lead, by="bob", at=trial.clock.now))

    assert second == first
    assert len(queries.acts(lead)) == 1


def test_undo_gives_the_lead_back_with_its_clock_as_it_was(trial: Desk) -> None:
    lead = qualify(trial)
    before = queries.lead(lead)
    trial.clock.advance(minutes=5)
    trial.do(Accept(lead=lead, by="cyd", at=trial.clock.now))
    trial.clock.advance(seconds=8)

    moved = trial.do(Undo(lead=lead, by="cyd", at=trial.clock.now))

    after = queries.lead(lead)
    assert before is not None and after is not None
    assert (moved.stage, after.stage, after.owner) == ("mql", "mql", "bob")
    assert after.clock == before.clock
    assert stages(lead) == ["visitor", "lead", "mql", "sal", "mql"]
    assert [(act.act, act.undone) for act in queries.acts(lead)] == [("accept", True), ("undo", False)]


def test_undoing_a_rejection_ends_the_cycle_it_began(trial: Desk) -> None:
    lead = qualify(trial)
    before = queries.lead(lead)
    trial.do(Reject(lead=lead, by="bob", reason="not_now", at=trial.clock.now))

    trial.do(Undo(lead=lead, by="bob", at=trial.clock.now))

    after = queries.lead(lead)
    assert before is not None and after is not None
    assert (after.stage, after.cycle) == ("mql", 1) and after.total == pytest.approx(before.total)


def test_a_decision_is_not_undone_once_the_lead_has_moved_on(desk: Desk) -> None:
    desk.publish(AGREEMENT.replace("  recycled:", "  disqualified: {returns_by: [Came Back]}\n  recycled:"))
    desk.hire("bob")
    lead = qualify(desk)
    desk.do(Reject(lead=lead, by="bob", reason="not_a_fit", at=desk.clock.now))
    desk.clock.advance(seconds=2)
    desk.send({"userId": "ann", "event": "Came Back"})

    with pytest.raises(Conflict, match="The lead has moved on, on 2026-03-02 at 09:00 UTC: it is now mql"):
        desk.do(Undo(lead=lead, by="bob", at=desk.clock.now))

    assert [waiting.lead for waiting in queries.waiting(now=desk.clock.now)] == [lead]


def test_a_decision_can_be_undone_for_ten_seconds_by_who_made_it(trial: Desk) -> None:
    lead = qualify(trial)
    trial.do(Accept(lead=lead, by="bob", at=trial.clock.now))

    with pytest.raises(Conflict):
        trial.do(Undo(lead=lead, by="cyd", at=trial.clock.now))
    trial.clock.advance(seconds=11)
    with pytest.raises(NotAllowed, match="for 10 seconds, not later"):
        trial.do(Undo(lead=lead, by="bob", at=trial.clock.now))


def test_sales_may_take_a_lead_that_has_not_qualified(trial: Desk) -> None:
    trial.send(ANN)
    lead = queries.leads(user_id="ann").items[0].id

    moved = trial.do(Take(lead=lead, by="cyd", at=trial.clock.now))

    assert (moved.stage, moved.owner) == ("sal", "cyd")
    assert queries.transitions(lead)[-1].cause == "take"


def test_an_act_that_waited_behind_a_move_counts_after_it_whenever_the_lead_is_folded_again(trial: Desk) -> None:
    trial.send(ANN)
    before = trial.clock.now
    trial.clock.advance(minutes=1)
    demo = {"userId": "ann", "event": "Demo Requested", "timestamp": before.isoformat()}
    trial.send(demo, demo)
    lead = queries.leads(user_id="ann").items[0].id

    trial.do(Take(lead=lead, by="cyd", at=trial.clock.now - timedelta(seconds=0.1)))
    trial.clock.advance(minutes=1)
    trial.send({"userId": "ann", "event": "Page Viewed", "timestamp": before.isoformat()})

    assert (stages(lead)[-1], queries.leads().items[0].stage) == ("sal", "sal")


def test_what_a_colleague_works_on_is_given_not_taken(trial: Desk) -> None:
    lead = qualify(trial)
    trial.do(Accept(lead=lead, by="bob", at=trial.clock.now))

    with pytest.raises(Conflict, match="Bob decided first"):
        trial.do(Take(lead=lead, by="cyd", at=trial.clock.now))

    assert trial.do(Reassign(lead=lead, to="cyd", by="cyd", at=trial.clock.now)).owner == "cyd"


def test_outcomes_are_kept_with_their_amount(trial: Desk) -> None:
    lead = qualify(trial)
    trial.do(Accept(lead=lead, by="bob", at=trial.clock.now))

    moved = trial.do(Outcome(lead=lead, outcome="won", by="bob", at=trial.clock.now, amount=12_000, currency="EUR"))

    deal = queries.acts(lead)[-1]
    assert (moved.stage, deal.act, deal.amount, deal.currency) == ("customer", "won", 12_000, "EUR")


def test_the_same_deal_told_again_at_once_is_one_deal_and_told_again_later_another(trial: Desk) -> None:
    lead = qualify(trial)

    def won() -> Moved:
        moved: Moved = trial.do(Outcome(lead=lead, outcome="won", by="crm", at=trial.clock.now, amount=1_000.0))
        return moved

    assert won() == won()
    trial.clock.advance(days=30)
    won()
    assert [act.amount for act in queries.acts(lead)] == [1_000.0, 1_000.0]


def test_an_act_counts_once_under_its_id_whatever_came_since(trial: Desk) -> None:
    lead, other = qualify(trial, "ann"), qualify(trial, "ben")
    deal = Outcome(lead=lead, outcome="won", by="crm", at=trial.clock.now, amount=5.0, message_id="deal-1")
    first = trial.do(deal)
    trial.do(Outcome(lead=lead, outcome="lost", by="crm", at=trial.clock.advance(days=1)))

    again = trial.do(deal)

    assert (again.seq, again.stage, len(queries.acts(lead))) == (first.seq, "lost", 2)
    with pytest.raises(NotAllowed, match="An act on another lead came under the id “deal-1”: give each its own"):
        trial.do(msgspec.structs.replace(deal, lead=other))


@pytest.mark.parametrize("named", [True, False])
def test_undoing_twice_takes_back_one_act(trial: Desk, named: bool) -> None:
    lead = qualify(trial)
    trial.do(Accept(lead=lead, by="bob", at=trial.clock.now))
    won = trial.do(Outcome(lead=lead, outcome="won", by="bob", at=trial.clock.now))
    wish = Undo(lead=lead, by="bob", at=trial.clock.now, act=won.seq if named else None)

    first, second = trial.do(wish), trial.do(wish)

    assert first == second and first.stage == "sal"
    assert [act.undone for act in queries.acts(lead)] == [False, True, False]


def test_a_reassigned_lead_keeps_its_deadline(trial: Desk) -> None:
    lead = qualify(trial)
    trial.clock.advance(hours=1)

    trial.do(Reassign(lead=lead, to="cyd", by="bob", at=trial.clock.now))

    old, new = queries.clocks(lead)
    assert (old.rep, old.stopped_as, new.rep, new.stopped_at) == ("bob", "reassigned", "cyd", None)
    assert new.due_at == old.due_at


def test_a_lead_that_is_another_colleagues_by_now_is_not_reassigned(trial: Desk) -> None:
    lead = qualify(trial)
    trial.do(Accept(lead=lead, by="cyd", at=trial.clock.now))

    with pytest.raises(Conflict, match="Cyd decided first") as caught:
        trial.do(Reassign(lead=lead, to="bob", by="bob", at=trial.clock.now, owner_seen="bob", stage_seen="mql"))

    record = queries.lead(lead)
    assert (caught.value.who, caught.value.stage) == ("cyd", "sal")
    assert record is not None and record.owner == "cyd"


def test_only_a_lead_that_sales_works_on_is_reassigned_and_to_somebody_who_takes_leads(trial: Desk) -> None:
    trial.do(KeepRep(key="mia", name="Mia", email="mia@ourselves.example", takes_leads=False))
    lead = qualify(trial)

    with pytest.raises(NotAllowed, match="Leads cannot be given to “mia”: nobody of this name takes any"):
        trial.do(Reassign(lead=lead, to="mia", by="bob", at=trial.clock.now))
    trial.do(Outcome(lead=lead, outcome="won", by="bob", at=trial.clock.now))
    with pytest.raises(NotAllowed, match="This lead cannot be reassigned: its stage is customer"):
        trial.do(Reassign(lead=lead, to="cyd", by="bob", at=trial.clock.now))


def test_there_is_no_lead_nobody_heard_of(trial: Desk) -> None:
    with pytest.raises(UnknownLead, match="There is no lead 77"):
        trial.do(Accept(lead=77, by="bob", at=trial.clock.now))


def test_an_address_that_arrives_late_makes_a_lead_all_the_same(trial: Desk) -> None:
    earlier = trial.clock.now.isoformat()
    trial.clock.advance(hours=1)
    trial.send({"userId": "ann", "event": "Anything"})

    trial.send({**ANN, "timestamp": earlier})

    assert queries.leads(user_id="ann").items[0].stage == "lead"


def test_the_inbox_says_in_one_line_why_a_lead_is_there(trial: Desk) -> None:
    qualify(trial, "ann")
    trial.send({**ANN, "userId": "ben", "traits": {"email": "ben@firm.example"}})
    trial.send({"userId": "ben", "event": "Call Requested"})

    waiting = [lead.lead for lead in queries.waiting(now=trial.clock.now)]
    lines = queries.reason_lines(waiting, now=trial.clock.now)

    assert [lines[lead] for lead in waiting] == ["Demo, 2 times in a day", "Call requested"]


def test_an_act_is_named_as_the_definition_spells_it(trial: Desk) -> None:
    trial.send({**ANN, "userId": "ben", "traits": {"email": "ben@firm.example"}})
    trial.send({"userId": "ben", "event": "call_requested"})
    [waiting] = queries.waiting(now=trial.clock.now)

    assert queries.reason_lines([waiting.lead], now=trial.clock.now) == {waiting.lead: "Call requested"}


def test_who_asks_first_and_says_who_they_are_later_is_there_for_what_they_asked(trial: Desk) -> None:
    trial.send({"anonymousId": "browser-1", "event": "Call Requested"})
    trial.clock.advance(days=1)
    trial.send({**ANN, "anonymousId": "browser-1"})
    [waiting] = queries.waiting(now=trial.clock.now)

    assert queries.reason_lines([waiting.lead], now=trial.clock.now) == {waiting.lead: "Call requested"}
