"""What a person says about consent, and what is kept of them after that."""

import itertools
import sqlite3
from contextlib import closing
from typing import Any

import pytest
from tests.log.desk import Desk

from ripeline.events.demand import Demand
from ripeline.server.log import queries
from ripeline.server.log.commands import DemandConsent, Ingest, Ingested, NewKey, NoPurpose, RevokeKey, UnknownKey
from ripeline.server.log.store.consents import ConsentRow

ANALYTICS = Demand(purposes=("analytics", "C0002"), given=True)
UNLESS_WITHDRAWN = Demand(purposes=("analytics",))
PAGE = {"type": "page", "anonymousId": "laptop"}


def demanding(desk: Desk, demand: Demand = ANALYTICS, source: str = "site") -> None:
    made = desk.do(NewKey(kind="write", name=source, at=desk.clock.now))
    desk.do(DemandConsent(id=made.id, demand=demand))


def choice(given: bool, *, purpose: str = "analytics", **ids: Any) -> dict[str, Any]:
    """Somebody chooses, as Segment's wrappers tell it."""
    stamp = {"consent": {"categoryPreferences": {purpose: given}}}
    return {"event": "Segment Consent Preference Updated", "context": stamp, **(ids or {"anonymousId": "laptop"})}


def objection(**ids: Any) -> dict[str, Any]:
    return {"event": "Consent Changed", "properties": {"consent": {"given": False}}, **ids}


def names(desk: Desk, **id: Any) -> list[str]:
    found = queries.leads(**id).items
    return [event.name for lead in found for event in queries.history(lead.id)]


def table(desk: Desk, name: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(desk.workspace.folder / "data/ripeline.db")) as db:
        return db.execute(f"SELECT * FROM {name}").fetchall()


def test_a_source_that_demands_nothing_takes_whoever_said_nothing(desk: Desk) -> None:
    assert desk.send(PAGE).stored == 1


def test_where_consent_is_demanded_an_event_without_it_leaves_a_number_and_nothing_else(desk: Desk) -> None:
    demanding(desk)

    answer = desk.send({**PAGE, "messageId": "secret-id"})

    assert answer == Ingested(stored=0, duplicates=0, refused=0, withdrawn=1)
    assert [table(desk, name) for name in ("event", "refused", "message", "identity", "lead")] == [[]] * 5
    assert [(one.source, one.reason, one.count) for one in queries.refused_counts()] == [("site", "no-consent", 1)]


def test_consent_stays_with_its_person_and_need_not_stand_on_every_event(desk: Desk) -> None:
    demanding(desk)
    desk.send(choice(True))
    desk.clock.advance(minutes=1)

    assert desk.send(PAGE).stored == 1


def test_after_a_withdrawal_events_are_refused_and_what_came_before_it_stays_and_still_comes(desk: Desk) -> None:
    demanding(desk, UNLESS_WITHDRAWN)
    desk.send(PAGE)
    before = desk.clock.now.isoformat()
    desk.clock.advance(minutes=1)
    desk.send(choice(False))
    desk.clock.advance(minutes=1)

    after, late = desk.send(PAGE), desk.send({**PAGE, "timestamp": before})

    assert (after.withdrawn, late.stored) == (1, 1)
    assert names(desk, anonymous_id="laptop").count("Page Viewed") == 2


def test_giving_again_resumes(desk: Desk) -> None:
    demanding(desk)
    for given in (True, False, True):
        desk.send(choice(given))
        desk.clock.advance(minutes=1)

    assert desk.send(PAGE).stored == 1


def test_a_withdrawal_stops_what_comes_with_it_in_one_batch(desk: Desk) -> None:
    demanding(desk, UNLESS_WITHDRAWN)
    told = desk.clock.advance(minutes=1).isoformat()
    desk.clock.advance(seconds=1)

    answer = desk.send(PAGE, {**choice(False), "timestamp": told})

    assert (answer.stored, answer.withdrawn) == (1, 1)
    assert names(desk, anonymous_id="laptop") == ["Segment Consent Preference Updated"]


def test_a_withdrawal_before_logging_in_holds_for_who_logs_in(desk: Desk) -> None:
    demanding(desk, UNLESS_WITHDRAWN)
    desk.send(choice(False))
    desk.clock.advance(minutes=1)

    login = desk.send({"type": "identify", "userId": "ann", "anonymousId": "laptop"})

    assert login.withdrawn == 1
    assert queries.leads(user_id="ann").total == 0


def test_a_merge_brings_the_later_word_of_either(desk: Desk) -> None:
    demanding(desk, UNLESS_WITHDRAWN)
    desk.send(choice(True, userId="ann"), {"type": "page", "userId": "bea"})
    desk.clock.advance(minutes=1)
    desk.send(choice(False, userId="bea"))
    desk.clock.advance(minutes=1)
    shop = {"type": "alias", "userId": "ann", "previousId": "bea"}
    desk.send(shop, source="shop")
    desk.clock.advance(minutes=1)

    assert desk.send({"type": "page", "userId": "ann"}).withdrawn == 1


def test_a_shared_browser_keeps_two_people_apart(desk: Desk) -> None:
    demanding(desk, UNLESS_WITHDRAWN)
    desk.send({"type": "identify", "userId": "ann", "anonymousId": "laptop"})
    desk.clock.advance(minutes=1)
    desk.send({**choice(False), "userId": "ann"})
    desk.clock.advance(minutes=1)

    assert desk.send({"type": "identify", "userId": "bob", "anonymousId": "laptop"}).stored == 1
    assert desk.send({"type": "page", "userId": "ann", "anonymousId": "laptop"}).withdrawn == 1


def test_a_no_to_everything_stops_every_source_until_there_is_a_yes(desk: Desk) -> None:
    demanding(desk)
    desk.send({"type": "page", "userId": "ann"}, source="shop")
    desk.send(objection(userId="ann"), source="shop")
    desk.clock.advance(minutes=1)

    stopped = desk.send({"type": "page", "userId": "ann"}, source="shop")
    others = desk.send({"type": "page", "userId": "bob"}, source="shop")
    desk.send(choice(True, userId="ann"))
    again = desk.send({"type": "page", "userId": "ann"})

    assert (stopped.withdrawn, others.stored, again.stored) == (1, 1, 1)


def test_a_no_to_everything_holds_after_a_restart_and_a_merge(desk: Desk, reopened: Any) -> None:
    desk.send(objection(anonymousId="laptop"), {"type": "page", "userId": "ann"})
    desk.send({"type": "page", "anonymousId": "phone"})
    desk.workspace.writer._loaded._log.forget()  # type: ignore[union-attr] # as after a restart
    desk.clock.advance(minutes=1)
    assert desk.send({"type": "page", "anonymousId": "laptop"}).withdrawn == 1

    desk.send(objection(anonymousId="phone"))
    desk.send({"type": "alias", "userId": "ann", "previousId": "zoe"})
    desk.clock.advance(minutes=1)

    assert desk.send({"type": "page", "anonymousId": "phone"}).withdrawn == 1
    assert desk.send({"type": "page", "userId": "ann"}).stored == 1


def test_what_a_consent_manager_says_on_every_event_is_kept_once_a_day(desk: Desk) -> None:
    stamp = {"consent": {"categoryPreferences": {"Analytics": True}}}
    for _ in range(3):
        desk.send({**PAGE, "context": stamp})
        desk.clock.advance(hours=1)

    [row] = [ConsentRow(*row) for row in table(desk, "consent")]

    assert (row.last_at - row.first_at, row.stated) == (2 * 3_600_000_000, 0)
    desk.clock.advance(days=1)
    desk.send({**PAGE, "context": stamp})
    assert len(table(desk, "consent")) == 2


SAID = (choice(True), choice(False), {**PAGE, "context": {"consent": {"categoryPreferences": {"Analytics": True}}}})


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_what_holds_does_not_depend_on_the_order_of_arrival(desk: Desk, order: tuple[int, ...]) -> None:
    start = desk.clock.now
    moments = [desk.clock.advance(minutes=1).isoformat() for _ in SAID]
    desk.clock.advance(minutes=1)

    for place in order:
        desk.send({**SAID[place], "timestamp": moments[place], "messageId": f"told-{place}"})

    lead = queries.leads(anonymous_id="laptop").items[0].id
    now = queries.consent(lead, "Analytics", as_of=desk.clock.now)
    assert now is not None and (now.given, now.at.isoformat()) == (True, moments[2])
    assert queries.consent(lead, "analytics", as_of=start) is None


def test_what_holds_says_purpose_wording_time_and_source(desk: Desk) -> None:
    form = {"purpose": "newsletter", "given": True, "wording": "Send me news"}
    desk.send({"type": "identify", "userId": "ann", "traits": {"email": "ann@firm.example", "consent": form}})
    lead = queries.leads(user_id="ann").items[0].id

    [told] = queries.consents(lead, as_of=desk.clock.now)

    assert (told.purpose, told.given, told.wording) == ("newsletter", True, "Send me news")
    assert (told.at, told.source, told.stated) == (desk.clock.now, "site", True)


def test_what_a_key_demands_can_be_changed_and_goes_with_it(desk: Desk) -> None:
    demanding(desk)
    [key] = queries.keys(kind="write")
    assert key.demand == ANALYTICS

    desk.do(RevokeKey(id=key.id, at=desk.clock.now))

    assert desk.send(PAGE).stored == 1


def test_a_demand_needs_a_purpose_and_a_write_key(desk: Desk) -> None:
    made = desk.do(NewKey(kind="write", name="site", at=desk.clock.now))
    reports = desk.do(NewKey(kind="api", name="reports", at=desk.clock.now))

    with pytest.raises(NoPurpose, match="Name the purpose"):
        desk.do(DemandConsent(id=made.id, demand=Demand(purposes=(" ",), given=True)))
    with pytest.raises(UnknownKey, match=f"no write key {reports.id}"):
        desk.do(DemandConsent(id=reports.id, demand=ANALYTICS))


def test_what_the_door_counts_is_added_to_the_day(desk: Desk) -> None:
    for _ in range(2):
        desk.do(Ingest(source="site", unkept={"site": {"no-consent": 2, "not-json": 1}}))

    assert {(row.reason, row.count) for row in queries.refused_counts()} == {("no-consent", 4), ("not-json", 2)}
