from tests.log.book import settled
from tests.log.desk import AGREEMENT, Desk
from tests.log.test_lifecycle import ANN, qualify

from ripeline.batch.lake import Lake
from ripeline.batch.records import RECORDS
from ripeline.server.following import Follower
from ripeline.server.log import queries
from ripeline.server.log.commands import Accept, Undo
from ripeline.server.mirror import Mirror


def test_events_and_everything_decided_follow_into_the_lake(desk: Desk) -> None:
    desk.publish()
    lead = qualify(desk)
    desk.do(Accept(lead=lead, by="ann", at=desk.clock.now))
    desk.do(Undo(lead=lead, by="ann", at=desk.clock.advance(seconds=1)))
    desk.send(ANN)
    data = desk.workspace.folder / "data"
    mirror = Mirror(data / "ripeline.db", data / "lake")

    mirror.catch_up()

    found = {table: mirror.lake.records(table).to_pylist() for table in RECORDS}
    assert [row["undone"] for row in found["acts"] if row["act"] == "accept"] == [True]
    assert found["transitions"] and found["clocks"]


def test_what_was_committed_is_in_the_lake_when_the_follower_has_ended(desk: Desk) -> None:
    desk.send(ANN)
    data = desk.workspace.folder / "data"
    follower = Follower(data / "ripeline.db", data / "lake")

    follower.start()
    follower.close()

    assert Lake(data / "lake").mirrored_to() == queries.changes_since(0).cursor > 0


def test_what_a_publish_moved_without_an_event_follows_too(desk: Desk) -> None:
    desk.publish(AGREEMENT.replace("points: 40", "points: 20"))
    desk.hire("bob")
    lead = qualify(desk)
    data = desk.workspace.folder / "data"
    mirror = Mirror(data / "ripeline.db", data / "lake")
    mirror.catch_up()

    desk.publish(mode="replay")
    settled(desk)
    mirror.catch_up()
    desk.send(ANN)
    mirror.catch_up()

    moves = [row for row in mirror.lake.records("transitions").to_pylist() if row["to_stage"] == "mql"]
    assert [row["lead"] for row in moves] == [lead]
    assert [row["rep"] for row in mirror.lake.records("clocks").to_pylist()] == ["bob"]
