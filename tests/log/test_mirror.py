from typing import Any

import pytest
from tests.log.desk import Desk
from tests.log.test_lifecycle import ANN, qualify
from tests.log.test_publishing import EASIER, one_point_short, settle

from ripeline.batch.lake import Lake
from ripeline.batch.records import RECORDS
from ripeline.server.following import Follower
from ripeline.server.log import queries
from ripeline.server.log.commands import Accept, Outcome, Reassign, Undo
from ripeline.server.mirror import Mirror


@pytest.fixture
def trial(desk: Desk) -> Desk:
    desk.publish()
    desk.hire("bob", "cyd")
    return desk


def mirror_of(desk: Desk) -> Mirror:
    """A mirror that has followed up to now."""
    data = desk.workspace.folder / "data"
    mirror = Mirror(data / "ripeline.db", data / "lake")
    mirror.catch_up()
    return mirror


def column(mirror: Mirror, table: str, name: str) -> list[Any]:
    return [row[name] for row in mirror.lake.records(table).to_pylist()]


def test_what_changes_after_the_mirror_caught_up_follows_into_the_lake(trial: Desk) -> None:
    lead = qualify(trial)
    mirror = mirror_of(trial)
    trial.do(Accept(lead=lead, by="bob", at=trial.clock.advance(minutes=1)))
    mirror.catch_up()
    accepted = {table: mirror.lake.records(table).num_rows for table in RECORDS}, column(mirror, "clocks", "stopped_as")

    trial.do(Undo(lead=lead, by="bob", at=trial.clock.advance(seconds=1)))
    mirror.catch_up()

    assert accepted == ({"acts": 1, "transitions": 3, "clocks": 1, "outcomes": 0}, ["accepted"])
    assert column(mirror, "acts", "undone") == [True, False]
    assert column(mirror, "transitions", "to_stage") == ["lead", "mql", "sal", "mql"]
    assert column(mirror, "clocks", "stopped_as") == [""]


def test_an_outcome_follows_and_so_does_its_undoing(trial: Desk) -> None:
    lead = qualify(trial)
    mirror = mirror_of(trial)
    trial.do(Outcome(lead=lead, outcome="won", by="bob", at=trial.clock.now, amount=5.0))
    mirror.catch_up()
    won = column(mirror, "outcomes", "undone")

    trial.do(Undo(lead=lead, by="bob", at=trial.clock.now))
    mirror.catch_up()

    assert (won, column(mirror, "outcomes", "undone")) == ([False], [True])


def test_a_move_that_no_event_made_follows_into_the_lake(trial: Desk) -> None:
    lead = one_point_short(trial)
    mirror = mirror_of(trial)
    trial.clock.advance(minutes=1)
    trial.publish(EASIER, mode="replay")
    settle(trial)

    mirror.catch_up()

    assert column(mirror, "transitions", "to_stage") == ["lead", "mql"]
    assert column(mirror, "clocks", "lead") == [lead]


def test_a_clock_that_never_ran_after_all_is_no_clock_of_the_lake(trial: Desk) -> None:
    lead = qualify(trial)
    trial.do(Reassign(lead=lead, to="cyd", by="bob", at=trial.clock.advance(minutes=1)))
    mirror = mirror_of(trial)
    reassigned = column(mirror, "clocks", "rep")

    trial.do(Undo(lead=lead, by="bob", at=trial.clock.now))
    mirror.catch_up()

    assert (reassigned, column(mirror, "clocks", "rep")) == (["bob", "cyd"], ["bob"])
    assert column(mirror, "clocks", "stopped_at") == [None]


def test_acts_of_two_leads_that_are_one_follow_the_survivor(trial: Desk) -> None:
    ann, bea = qualify(trial), qualify(trial, "bea")
    trial.do(Accept(lead=bea, by="cyd", at=trial.clock.now))
    mirror = mirror_of(trial)

    trial.send({"type": "alias", "userId": "ann", "previousId": "bea"})
    mirror.catch_up()

    assert column(mirror, "acts", "lead") == [ann]
    assert len(queries.clocks(ann)) == 2 and set(column(mirror, "clocks", "lead")) == {ann}


def test_every_event_is_mirrored_once_however_often_it_catches_up(trial: Desk) -> None:
    trial.send(ANN)
    mirror = mirror_of(trial)
    trial.send({"userId": "ann", "event": "Demo Requested"})

    mirror.catch_up()
    mirror.catch_up()

    assert mirror.lake.mirrored_to() == 2
    assert [path.stem for path in mirror.lake.contents().files] == [f"{n:012}-{n:012}" for n in (1, 2)]


def test_what_was_committed_is_in_the_lake_when_the_follower_has_ended(desk: Desk) -> None:
    desk.send(ANN)
    data = desk.workspace.folder / "data"
    follower = Follower(data / "ripeline.db", data / "lake")

    follower.start()
    follower.close()

    assert Lake(data / "lake").mirrored_to() == queries.changes_since(0).cursor > 0
