"""What follows when two leads turn out to be one, a sentence for each rule of DESIGN §3."""

import pytest
from tests.log.desk import AGREEMENT, Desk
from tests.log.test_lifecycle import ANN, qualify

from ripeline.server.log import queries
from ripeline.server.log.commands import Accept, Reject, RevokeKey, UnknownLead


@pytest.fixture
def trial(desk: Desk) -> Desk:
    desk.publish()
    desk.hire("bob", "cyd")
    return desk


def lead_of(user: str) -> int:
    return queries.leads(user_id=user).items[0].id


def names(lead: int) -> list[str]:
    return [event.name for event in queries.history(lead)]


def test_a_visitors_events_become_those_of_who_they_say_they_are(trial: Desk) -> None:
    trial.send({"type": "page", "anonymousId": "laptop"}, {"anonymousId": "laptop", "event": "Demo Requested"})

    trial.send({**ANN, "anonymousId": "laptop"})

    assert names(lead_of("ann")) == ["Page Viewed", "Demo Requested", "Identified"]
    assert queries.leads().total == 1
    assert queries.leads().items[0].total == pytest.approx(45)


def test_the_oldest_id_survives_and_old_ids_keep_resolving(trial: Desk) -> None:
    trial.send(ANN)
    trial.send({"type": "page", "anonymousId": "phone"})
    older, younger = lead_of("ann"), queries.leads(anonymous_id="phone").items[0].id

    trial.send({**ANN, "anonymousId": "phone"})

    record = queries.lead(younger)
    assert record is not None and record.id == older
    assert [merge.lead for merge in queries.merges(older)] == [younger]


def test_whoever_was_away_is_told_of_the_lead_that_is_left_after_all_merges(trial: Desk) -> None:
    trial.send({"userId": "a", "event": "Any"}, {"userId": "b", "event": "Any"}, {"userId": "c", "event": "Any"})
    first = queries.leads(user_id="a").items[0].id

    trial.send({"type": "alias", "userId": "b", "previousId": "c"})
    trial.send({"type": "alias", "userId": "a", "previousId": "b"})

    assert queries.changes_since(0).leads == (first,)


@pytest.mark.parametrize("id", [0, -1, 2**63, 10**30])
def test_an_id_that_no_lead_can_have_is_unknown(trial: Desk, id: int) -> None:
    with pytest.raises(UnknownLead):
        trial.do(Accept(lead=id, by="bob", at=trial.clock.now))

    trial.do(RevokeKey(id=id, at=trial.clock.now))
    assert (queries.lead(id), queries.history(id), queries.acts(id), queries.identities(id)) == (None, [], [], [])


def test_a_shared_computer_keeps_two_people_apart(trial: Desk) -> None:
    trial.send({"type": "page", "anonymousId": "kiosk"})
    trial.clock.advance(minutes=1)
    trial.send({**ANN, "anonymousId": "kiosk"})
    trial.clock.advance(minutes=1)
    trial.send({"anonymousId": "kiosk", "event": "By Ann"})
    trial.clock.advance(minutes=1)
    trial.send({"type": "identify", "anonymousId": "kiosk", "userId": "ben", "traits": {"email": "ben@firm.example"}})
    trial.clock.advance(minutes=1)
    trial.send({"anonymousId": "kiosk", "event": "By Ben"})

    assert names(lead_of("ann")) == ["Page Viewed", "Identified", "By Ann"]
    assert names(lead_of("ben")) == ["Identified", "By Ben"]


def test_a_late_identification_takes_its_part_of_a_browser_with_it(trial: Desk) -> None:
    start = trial.clock.now
    trial.send({**ANN, "anonymousId": "kiosk"})
    trial.clock.advance(hours=2)
    trial.send({"anonymousId": "kiosk", "event": "Demo Requested"})
    before = queries.leads(user_id="ann").items[0].total

    between = start.replace(hour=10).isoformat()
    trial.send({"userId": "ben", "anonymousId": "kiosk", "event": "Signed In", "timestamp": between})

    assert (names(lead_of("ann")), names(lead_of("ben"))) == (["Identified"], ["Signed In", "Demo Requested"])
    assert before == pytest.approx(40) and queries.leads(user_id="ann").items[0].total == 0
    assert queries.leads(user_id="ben").items[0].total == pytest.approx(40)


def test_an_address_joins_an_unidentified_person_to_the_one_who_has_it(trial: Desk) -> None:
    form = {"type": "identify", "anonymousId": "phone", "traits": {"email": "ann@firm.example"}}
    trial.send(ANN)

    trial.send(form, {"anonymousId": "phone", "event": "Demo Requested"})

    assert names(lead_of("ann")) == ["Identified", "Identified", "Demo Requested"]


def test_two_known_people_with_one_address_stay_two_and_wait_for_a_decision(trial: Desk) -> None:
    trial.send(ANN, {**ANN, "userId": "ann-again"})

    [doubt] = queries.doubts()

    assert (doubt.kind, doubt.value) == ("email", "ann@firm.example")
    assert set(doubt.leads) == {lead_of("ann"), lead_of("ann-again")} and len(doubt.leads) == 2


def test_a_phone_number_joins_nobody_and_is_only_a_hint(trial: Desk) -> None:
    for user in ("ann", "ben"):
        trial.send({"type": "identify", "userId": user, "traits": {"phone": "+46 31 555 00 01"}})

    assert lead_of("ann") != lead_of("ben")
    assert [(doubt.kind, doubt.leads) for doubt in queries.doubts()] == [("phone", (lead_of("ann"), lead_of("ben")))]


def test_external_ids_are_as_strong_as_user_ids(trial: Desk) -> None:
    crm = {"externalIds": [{"type": "crm", "id": "17"}]}
    trial.send({**ANN, "context": crm})

    trial.send({"anonymousId": "phone", "event": "Demo Requested", "context": crm})

    assert names(lead_of("ann")) == ["Identified", "Demo Requested"]


def test_an_alias_says_that_two_user_ids_are_one_person(trial: Desk) -> None:
    trial.send(ANN, {"userId": "annie", "event": "Demo Requested"})

    trial.send({"type": "alias", "userId": "ann", "previousId": "annie"})

    assert lead_of("ann") == lead_of("annie")
    assert names(lead_of("ann")) == ["Identified", "Demo Requested", "Aliased"]


def test_after_a_merge_the_further_stage_stands_with_its_owner(trial: Desk) -> None:
    trial.send({**ANN, "userId": "old"})
    old = lead_of("old")
    qualify(trial, "new")
    trial.do(Accept(lead=lead_of("new"), by="cyd", at=trial.clock.now))

    trial.send({"type": "alias", "userId": "new", "previousId": "old"})

    record = queries.lead(old)
    assert record is not None
    assert (record.id, record.stage, record.owner) == (old, "sal", "cyd")
    assert record.total == pytest.approx(80)


def test_the_earliest_clock_continues_and_the_other_stops_as_merged(trial: Desk) -> None:
    first = qualify(trial, "ann")
    trial.clock.advance(hours=1)
    qualify(trial, "ben")

    trial.send({"type": "alias", "userId": "ann", "previousId": "ben"})

    going, stopped = sorted(queries.clocks(first), key=lambda clock: clock.stopped_as)
    assert (going.stopped_at, stopped.stopped_as) == (None, "merged")
    assert going.due_at < stopped.due_at
    assert [lead.lead for lead in queries.waiting(now=trial.clock.now)] == [first]


def test_a_disqualified_lead_yields_only_to_what_a_person_won(trial: Desk) -> None:
    out = qualify(trial, "out")
    trial.do(Reject(lead=out, by="bob", reason="not_a_fit", at=trial.clock.now))
    qualify(trial, "mql")

    trial.send({"type": "alias", "userId": "out", "previousId": "mql"})

    record = queries.lead(out)
    assert record is not None and record.stage == "disqualified"
    assert queries.waiting(now=trial.clock.now) == []


def test_facts_of_both_are_known_the_latest_of_each_field(trial: Desk) -> None:
    trial.send({"type": "identify", "userId": "a", "traits": {"title": "Buyer", "phone": "1"}})
    trial.clock.advance(minutes=1)
    trial.send({"type": "identify", "userId": "b", "traits": {"title": "Head of Buying"}})

    trial.send({"type": "alias", "userId": "a", "previousId": "b"})

    record = queries.lead(lead_of("a"))
    assert record is not None and (record.title, record.phone) == ("Head of Buying", "1")


def test_a_merge_moves_nobody_whose_gate_does_not_hold_any_more(desk: Desk) -> None:
    desk.publish(AGREEMENT.replace("half_life: 30 days", "half_life: 1 days"))
    desk.send(ANN)
    desk.clock.advance(days=1)
    desk.send(*[{"anonymousId": "laptop", "event": "Demo Requested"}] * 2)
    desk.clock.advance(days=5)

    desk.send({**ANN, "anonymousId": "laptop"})

    [ann] = queries.leads().items
    assert ann.stage == "lead" and ann.total == pytest.approx(2.5)


def test_a_merge_moves_a_lead_whose_gate_holds_now_as_of_its_crossing(trial: Desk) -> None:
    trial.send(ANN)
    crossed_at = trial.clock.advance(days=1)
    trial.send(*[{"anonymousId": "laptop", "event": "Demo Requested"}] * 2)
    moved_at = trial.clock.advance(days=5)

    trial.send({**ANN, "anonymousId": "laptop"})

    [ann] = queries.leads().items
    move = queries.transitions(ann.id)[-1]
    assert (move.to_stage, move.crossed_at, move.moved_at) == ("mql", crossed_at, moved_at)


def test_merging_never_adds_points_twice(trial: Desk) -> None:
    page = {"type": "page", "properties": {"path": "/"}}
    trial.send(*[{**page, "userId": "a"}] * 3, *[{**page, "userId": "b"}] * 3)

    trial.send({"type": "alias", "userId": "a", "previousId": "b"})

    assert queries.leads(user_id="a").items[0].total == pytest.approx(15)  # three a day, not six


def test_the_identities_of_a_lead_are_listed_with_their_times(trial: Desk) -> None:
    trial.send({**ANN, "anonymousId": "kiosk"})
    trial.clock.advance(hours=1)
    trial.send({"userId": "ben", "anonymousId": "kiosk", "event": "Signed In"})

    of_ann, of_ben = (queries.identities(lead_of(user)) for user in ("ann", "ben"))

    assert [(known.kind, known.value) for known in of_ann] == [
        ("user", "ann"), ("email", "ann@firm.example"), ("anonymous", "kiosk"),
    ]  # fmt: skip
    assert (of_ann[-1].until, of_ben[-1].since) == (trial.clock.now, trial.clock.now)
