import sqlite3
from typing import Any

import pytest
from tests.log.desk import Desk

from ripeline.events.decode import decode
from ripeline.events.event import Event
from ripeline.events.reason import Reason
from ripeline.events.refusal import Refusal
from ripeline.server.control import Control
from ripeline.server.log import queries
from ripeline.server.log.commands import Discard, Ingest, NotAllowed, Replay, Replayed, Resume, UnknownRefused
from ripeline.server.log.queries import RefusedWish
from ripeline.server.workspace import opened


def refuse(desk: Desk, *, reason: Reason = Reason.NO_ID, body: bytes = b"{}", source: str = "site") -> int:
    refusal = Refusal(
        source=source, reason=reason, detail="Nobody", received_at=desk.clock.now, body=body, kind="track"
    )
    desk.do(Ingest(source=source, refused=[refusal]))
    return queries.refused()[0].id


def event(desk: Desk, message_id: str = "m-1", user: str = "ann") -> Event:
    body = f'{{"type": "track", "event": "Demo Requested", "userId": "{user}", "messageId": "{message_id}"}}'
    found = decode(body.encode(), source="site", received_at=desk.clock.now)
    assert isinstance(found, Event)
    return found


def replay(desk: Desk, id: int, *events: Event, **more: Any) -> Any:
    row = Replayed(id=id, accepted=events, refused=more.pop("refused", ()))
    return desk.do(Replay(rows=[row], by="mia", at=desk.clock.now, **more))


def test_what_is_replayed_is_an_event_and_its_row_says_by_whom_when_and_as_what(desk: Desk) -> None:
    id = refuse(desk)
    at = desk.clock.advance(hours=1)

    answer = replay(desk, id, event(desk))

    row = queries.refused_one(id)
    [lead] = queries.leads().items
    assert (answer.settled, answer.stored) == (1, 1)
    assert row is not None
    assert (row.settled_as, row.settled_by, row.settled_at) == ("replayed", "mia", at)
    assert (row.message_id, row.stored, row.lead, row.body) == ("m-1", 1, lead.id, b"{}")


def test_a_message_that_came_before_counts_once_and_settles_its_row(desk: Desk) -> None:
    id = refuse(desk)
    desk.do(Ingest(source="site", accepted=[event(desk)]))

    answer = replay(desk, id, event(desk))

    row = queries.refused_one(id)
    assert (answer.stored, answer.duplicates) == (0, 1)
    assert row is not None and (row.settled_as, row.message_id, row.stored) == ("replayed", "m-1", 0)


def test_of_two_who_replay_one_the_second_is_told_who_was_first(desk: Desk) -> None:
    desk.hire("mia")
    id = refuse(desk)
    replay(desk, id, event(desk))

    with pytest.raises(NotAllowed, match=r"Mia has replayed this event already, on 2026-03-02 at 09:00 UTC\."):
        replay(desk, id, event(desk, "m-2"))

    assert queries.cursor() == 1


def test_a_replay_of_what_is_not_there_is_told(desk: Desk) -> None:
    with pytest.raises(UnknownRefused, match=r"There is no refused event 7\."):
        replay(desk, 7, event(desk))


def test_what_of_a_batch_is_refused_again_gets_rows_of_its_own(desk: Desk) -> None:
    id = refuse(desk, reason=Reason.NOT_JSON, body=b"[")
    still = Refusal(source="site", reason=Reason.NO_NAME, detail="no", received_at=desk.clock.now, body=b"{}")

    answer = replay(desk, id, event(desk, "m-1"), event(desk, "m-2"), refused=[still])

    assert (answer.stored, answer.refused) == (2, 1)
    assert [(row.reason, row.settled_as) for row in queries.refused()] == [("no-name", ""), ("not-json", "replayed")]


def test_what_is_discarded_stays_with_its_author_and_can_still_be_replayed(desk: Desk) -> None:
    id = refuse(desk)
    desk.do(Discard(ids=[id], by="mia", at=desk.clock.now))
    discarded = queries.refused_one(id)

    replay(desk, id, event(desk))

    assert discarded is not None and (discarded.settled_as, discarded.settled_by) == ("discarded", "mia")
    assert queries.refused(wish=RefusedWish(settled_as="")) == []
    assert [row.settled_as for row in queries.refused()] == ["replayed"]


def test_a_resumption_is_of_what_was_refused_by_then_and_leaves_the_rest(desk: Desk) -> None:
    ids = [refuse(desk, reason=reason) for reason in (Reason.NO_ID, Reason.NO_NAME, Reason.NO_ID)]
    answer = desk.do(Resume(act="replay", by="mia", at=desk.clock.now, reason="no-id", source="site"))
    refuse(desk)

    [under_way] = queries.resumptions_under_way()
    part = queries.refused_part(under_way, limit=10)

    assert answer.total == 2
    assert part == [ids[0], ids[2]]


def test_a_part_of_a_resumption_counts_and_the_last_one_ends_it(desk: Desk) -> None:
    first, last = refuse(desk), refuse(desk)
    id = desk.do(Resume(act="replay", by="mia", at=desk.clock.now)).id

    replay(desk, first, event(desk), resumption=id, reached=first)
    between = queries.resumption(id)
    desk.do(Replay(rows=[], by="mia", at=desk.clock.now, resumption=id, reached=last, again=1))

    after = queries.resumption(id)
    assert between is not None and (between.settled, between.done_at) == (1, None)
    assert after is not None and (after.settled, after.refused, after.done_at) == (1, 1, desk.clock.now)


def test_a_resumption_of_nothing_is_done_at_once(desk: Desk) -> None:
    desk.do(Resume(act="discard", by="mia", at=desk.clock.now))

    assert queries.resumptions_under_way() == []


def test_counts_tell_the_latest_and_leave_out_what_is_settled(desk: Desk) -> None:
    ids = [refuse(desk) for _ in range(3)]
    desk.do(Discard(ids=ids[:1], by="mia", at=desk.clock.now))

    [count] = queries.refused_counts(RefusedWish(settled_as=""))

    assert (count.source, count.reason, count.count, count.latest_at) == ("site", "no-id", 2, desk.clock.now)


def test_counting_reads_an_index_and_none_of_the_bodies(desk: Desk) -> None:
    with sqlite3.connect(desk.workspace.folder / "data" / "ripeline.db") as db:
        sql = "SELECT source, reason, count(*), max(received_at) FROM refused WHERE settled_as = '' GROUP BY 1, 2"
        plan = " ".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}"))
    db.close()

    assert "COVERING INDEX refused_counted" in plan


def test_a_running_server_is_asked_to_replay(desk: Desk) -> None:
    id = refuse(desk)
    control = Control(desk.workspace.folder, desk.workspace.submit)
    control.start()
    try:
        with opened(desk.workspace.folder, now=desk.clock) as asked:
            row = Replayed(id=id, accepted=[event(desk)])
            wish = Replay(rows=[row], by="mia", at=desk.clock.now)
            first = asked.submit(wish).result()
            again = asked.submit(wish).exception()
    finally:
        control.close()

    assert first.stored == 1
    assert isinstance(again, NotAllowed) and again.why == "already-replayed"
