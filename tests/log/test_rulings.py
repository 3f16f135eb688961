"""What people decide about who is who, a sentence for each rule of docs/decisions/merging-and-parting.md."""

import pytest
from tests.log.desk import Desk
from tests.log.test_lifecycle import ANN, qualify
from tests.log.test_merging import lead_of, names

from ripeline.server.log import queries
from ripeline.server.log.commands import (
    Accept,
    Conflict,
    DifferentPeople,
    NotAllowed,
    Outcome,
    Ruled,
    SamePerson,
    UndoRuling,
    UnknownLead,
    Unmerge,
)

ALIAS = {"type": "alias", "userId": "ann", "previousId": "ben"}


@pytest.fixture
def trial(desk: Desk) -> Desk:
    desk.publish()
    desk.hire("bob", "cyd")
    return desk


def same(desk: Desk, *leads: int, by: str = "bob", **told: int | str) -> Ruled:
    answer: Ruled = desk.do(SamePerson(leads=leads, by=by, at=desk.clock.now, **told))  # type: ignore[arg-type]
    return answer


def apart(desk: Desk, *leads: int, by: str = "bob", **told: int | str) -> Ruled:
    answer: Ruled = desk.do(DifferentPeople(leads=leads, by=by, at=desk.clock.now, **told))  # type: ignore[arg-type]
    return answer


def unmerge(desk: Desk, lead: int, by: str = "bob", reason: str = "") -> Ruled:
    answer: Ruled = desk.do(Unmerge(lead=lead, by=by, at=desk.clock.now, reason=reason))
    return answer


def stands(lead: int) -> tuple[int, str, str, float]:
    record = queries.lead(lead)
    assert record is not None
    return record.id, record.stage, record.owner, round(record.total)


def two(desk: Desk) -> tuple[int, int]:
    """Two known people, the second of whom asked for a demo."""
    desk.send(ANN, {**ANN, "userId": "ben", "traits": {"email": "ben@firm.example", "name": "Ben"}})
    desk.send({"userId": "ben", "event": "Demo Requested"})
    return lead_of("ann"), lead_of("ben")


def test_leads_that_somebody_says_are_one_are_merged_and_the_log_says_by_whom_and_why(trial: Desk) -> None:
    ann, ben = two(trial)

    answer = same(trial, ben, ann, reason="She married")

    assert answer.leads == (ann,) and lead_of("ben") == ann
    assert names(ann) == ["Identified", "Identified", "Demo Requested"]
    [merge] = queries.merges(ann)
    assert (merge.lead, merge.by, merge.by_name, merge.reason) == (ben, "bob", "Bob", "She married")


def test_a_lead_that_was_merged_is_as_before_when_they_are_parted(trial: Desk) -> None:
    ann, ben = qualify(trial, "ann"), qualify(trial, "ben")
    trial.do(Accept(lead=ben, by="cyd", at=trial.clock.now))
    before = (stands(ann), stands(ben))
    same(trial, ann, ben)
    together = stands(ben)

    answer = unmerge(trial, ben)

    assert together[:3] == (ann, "sal", "cyd")
    assert answer.leads == (ann, ben)
    assert (stands(ann), stands(ben)) == before
    assert (names(ann)[0], names(ben)[0]) == ("Identified", "Identified")


def test_what_events_joined_can_be_parted_and_the_same_evidence_joins_it_no_more(trial: Desk) -> None:
    ann, ben = two(trial)
    trial.send(ALIAS)
    joined = lead_of("ben")

    unmerge(trial, ben)
    trial.send(ALIAS)

    assert joined == ann and (lead_of("ann"), lead_of("ben")) == (ann, ben)


def test_a_visitor_who_was_taken_for_somebody_can_be_parted(trial: Desk) -> None:
    trial.send(ANN)
    trial.send({"anonymousId": "laptop", "event": "Demo Requested"})
    visitor = queries.leads(anonymous_id="laptop").items[0].id
    trial.send({**ANN, "anonymousId": "laptop"})

    unmerge(trial, visitor)
    trial.send({"userId": "ann", "anonymousId": "laptop", "event": "Page Viewed"})

    assert names(visitor) == ["Demo Requested"]
    assert names(lead_of("ann")) == ["Identified", "Identified", "Page Viewed"]


def test_acts_on_both_stay_with_the_survivor_and_the_other_keeps_a_note(trial: Desk) -> None:
    ann, ben = two(trial)
    same(trial, ann, ben)
    trial.do(Outcome(lead=ann, outcome="won", by="cyd", at=trial.clock.now, amount=10.0, currency="EUR"))

    unmerge(trial, ben)

    assert (stands(ann)[1], stands(ben)[1]) == ("customer", "lead")
    assert [act.act for act in queries.acts(ann)] == ["won"]
    [note] = queries.acts(ben)
    assert (note.act, note.reason, note.by, note.amount) == ("note", "won", "cyd", 10.0)


def test_a_clock_that_the_merge_stopped_runs_on_with_its_deadline(trial: Desk) -> None:
    ann = qualify(trial, "ann")
    trial.clock.advance(hours=1)
    ben = qualify(trial, "ben")
    deadlines = [clock.due_at for lead in (ann, ben) for clock in queries.clocks(lead)]
    same(trial, ann, ben)
    trial.clock.advance(minutes=5)

    unmerge(trial, ben)

    after = [(clock.due_at, clock.stopped_at) for lead in (ann, ben) for clock in queries.clocks(lead)]
    assert after == [(due_at, None) for due_at in deadlines]


def test_whose_deadline_passed_while_they_were_one_has_the_whole_time_again(trial: Desk) -> None:
    qualify(trial, "ann")
    trial.clock.advance(hours=1)
    ben = qualify(trial, "ben")
    same(trial, lead_of("ann"), ben)
    now = trial.clock.advance(days=3)

    unmerge(trial, ben)

    merged, again = queries.clocks(ben)
    assert (merged.stopped_as, again.started_at, again.stopped_at) == ("merged", now, None)


def test_two_people_stay_two_whatever_events_say(trial: Desk) -> None:
    ann, ben = two(trial)

    apart(trial, ann, ben)
    trial.send(ALIAS)

    assert (lead_of("ann"), lead_of("ben")) == (ann, ben)


def test_a_later_decision_counts_more_than_an_earlier_one(trial: Desk) -> None:
    ann, ben = two(trial)
    apart(trial, ann, ben)

    same(trial, ann, ben, by="cyd")

    assert lead_of("ben") == ann


def test_a_decision_can_be_undone_by_who_took_it(trial: Desk) -> None:
    ann, ben = qualify(trial, "ann"), qualify(trial, "ben")
    before = (stands(ann), stands(ben), queries.clocks(ann), queries.clocks(ben))
    ruling = same(trial, ann, ben).seq

    answer = trial.do(UndoRuling(ruling=ruling, by="bob", at=trial.clock.now))

    assert answer.leads == (ann, ben)
    after = (stands(ann), stands(ben), queries.clocks(ann), queries.clocks(ben))
    assert after[:2] == before[:2]
    assert [(c[0].due_at, c[0].stopped_at) for c in after[2:]] == [(c[0].due_at, c[0].stopped_at) for c in before[2:]]


def test_parting_that_is_undone_joins_them_again(trial: Desk) -> None:
    ann, ben = two(trial)
    trial.send(ALIAS)
    ruling = unmerge(trial, ben).seq

    trial.do(UndoRuling(ruling=ruling, by="bob", at=trial.clock.now))

    assert lead_of("ben") == ann and names(ann) == ["Identified", "Identified", "Demo Requested", "Aliased"]


def test_a_decision_is_undone_for_a_moment_only_and_by_nobody_else(trial: Desk) -> None:
    ruling = apart(trial, *two(trial)).seq

    with pytest.raises(Conflict, match="Bob decided first"):
        trial.do(UndoRuling(ruling=ruling, by="cyd", at=trial.clock.now))
    trial.clock.advance(seconds=11)
    with pytest.raises(NotAllowed, match="for 10 seconds"):
        trial.do(UndoRuling(ruling=ruling, by="bob", at=trial.clock.now))
    with pytest.raises(NotAllowed, match="no such decision"):
        trial.do(UndoRuling(ruling=ruling + 100, by="bob", at=trial.clock.now))


def test_who_decided_meanwhile_is_named(trial: Desk) -> None:
    ann, ben = two(trial)
    same(trial, ann, ben, by="cyd")

    with pytest.raises(Conflict, match=r"Cyd decided first, on .*: they are one person"):
        apart(trial, ann, ben)
    unmerge(trial, ben, by="cyd")
    with pytest.raises(Conflict, match=r"Cyd decided first, on .*: they are not the same person"):
        same(trial, ann, ben, seen=0)


def test_events_may_have_been_faster_than_a_decision(trial: Desk) -> None:
    ann, ben = two(trial)
    trial.send(ALIAS)

    with pytest.raises(Conflict, match="Their events have shown meanwhile"):
        same(trial, ann, ben)


def test_the_same_wish_twice_is_granted_once(trial: Desk) -> None:
    ann, ben = two(trial)

    assert same(trial, ann, ben) == same(trial, ann, ben)
    assert unmerge(trial, ben) == unmerge(trial, ben)
    assert len(queries.merges(ann)) == 1


def test_leads_that_were_merged_one_into_the_other_are_parted_from_the_outside_in(trial: Desk) -> None:
    first = lead_of_new(trial, "first")
    ann, ben = two(trial)
    same(trial, ann, ben)
    same(trial, first, ann)

    with pytest.raises(NotAllowed, match=f"Lead {ben} is part of lead {ann}, which became part of lead {first}"):
        unmerge(trial, ben)
    unmerge(trial, ann)
    unmerge(trial, ben)

    assert (lead_of("first"), lead_of("ann"), lead_of("ben")) == (first, ann, ben)


def lead_of_new(desk: Desk, user: str) -> int:
    desk.send({"userId": user, "event": "Page Viewed"})
    return lead_of(user)


def test_who_turned_out_to_be_the_parted_one_goes_with_them(trial: Desk) -> None:
    ann, ben = two(trial)
    same(trial, ann, ben)
    trial.send({"userId": "zed", "event": "Page Viewed"})
    zed = lead_of("zed")
    trial.send({"type": "alias", "userId": "ben", "previousId": "zed"})

    unmerge(trial, ben)

    record = queries.lead(zed)
    assert record is not None and (record.id, lead_of("zed"), lead_of("ann")) == (ben, ben, ann)


def test_what_is_no_merge_or_no_lead_is_refused(trial: Desk) -> None:
    ann, _ = two(trial)

    with pytest.raises(UnknownLead):
        same(trial, ann, 999)
    with pytest.raises(NotAllowed, match="two leads or more"):
        same(trial, ann, ann)
    with pytest.raises(NotAllowed, match="merged into no other"):
        unmerge(trial, ann)


def test_a_doubt_waits_until_every_pair_is_decided_and_does_not_come_back(trial: Desk) -> None:
    trial.send(ANN, {**ANN, "userId": "ben"}, {**ANN, "userId": "cyd"})
    ann, ben, cyd = (lead_of(user) for user in ("ann", "ben", "cyd"))
    apart(trial, ann, ben)
    [left] = queries.doubts()

    same(trial, ann, cyd)
    trial.send(ANN, {**ANN, "userId": "ben"}, {**ANN, "userId": "cyd"})

    assert left.leads == (ann, ben, cyd)
    assert queries.doubts() == [] == queries.doubts_about(ann)


def test_several_can_be_kept_apart_at_once_and_somebody_new_is_a_new_doubt(trial: Desk) -> None:
    trial.send(ANN, {**ANN, "userId": "ben"}, {**ANN, "userId": "cyd"})
    apart(trial, *(lead_of(user) for user in ("ann", "ben", "cyd")))
    decided = queries.doubts()

    trial.send({**ANN, "userId": "dan"})

    [doubt] = queries.doubts()
    assert decided == [] and len(doubt.leads) == 4
    assert [ruling.others for ruling in queries.decided_about(lead_of("ben"))] == [(lead_of("ann"), lead_of("cyd"))]


def test_more_than_five_with_one_number_share_a_switchboard(trial: Desk) -> None:
    for number in range(6):
        trial.send({"type": "identify", "userId": f"u{number}", "traits": {"phone": "+46 31 555 00 00"}})

    assert queries.doubts() == []


def test_whom_somebody_said_they_are_after_all_is_not_listed_as_somebody_else(trial: Desk) -> None:
    ann, ben = two(trial)
    apart(trial, ann, ben)

    same(trial, ann, ben)
    unmerge(trial, ben)

    [kept] = queries.decided_about(ann)
    assert kept.others == (ben,) and queries.newest_ruling([ann, ben]) == kept.seq
