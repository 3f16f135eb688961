from tests.log.desk import Desk
from tests.log.test_lifecycle import ANN, qualify

from ripeline.batch.records import RECORDS
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
