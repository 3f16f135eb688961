"""Many refused events at once: in parts, over restarts, in the page and from the terminal."""

from datetime import timedelta

import pytest
from tests.cast import Browser, present, words
from tests.refused.refusing import NOBODY, refuse, row_of

from ripeline.server.log import queries
from ripeline.server.refused import resuming
from ripeline.server.refused.resuming import Resumer, do_part
from ripeline.server.workspace import Workspace

LATE = b'{"event":"Demo Requested","userId":"ada","timestamp":"%s"}'


def refused_for_its_time(workspace: Workspace, count: int = 1) -> list[int]:
    """Events of a sender whose clock was three days ahead: by now their time has come."""
    told = (present() - timedelta(hours=1)).isoformat().encode()
    return [refuse(workspace, LATE % told, at=present() - timedelta(days=3)) for _ in range(count)]


def all_parts(workspace: Workspace) -> int:
    parts = 0
    while under_way := queries.resumptions_under_way():
        do_part(under_way[0], workspace.submit, now=present())
        parts += 1
    return parts


def test_all_of_a_reason_are_replayed_in_parts_and_the_rest_is_left(
    workspace: Workspace, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resuming, "AT_ONCE", 2)
    ids = [refuse(workspace, b'{"event":"A","userId":"ada","timestamp":"x"}') for _ in range(5)]
    other = refuse(workspace)
    monkeypatch.setattr("ripeline.events.decode.told_instant", lambda told: None)  # as a release that reads it

    browser("mia").post("/refused/replay/", {"reason": "unreadable-time"})
    parts = all_parts(workspace)

    assert parts == 3
    assert {row_of(id).settled_as for id in ids} == {"replayed"}
    assert row_of(other).settled_as == "" and queries.cursor() == 5


def test_what_is_refused_again_stays_and_is_counted(workspace: Workspace, browser: Browser) -> None:
    id = refuse(workspace)

    browser("mia").post("/refused/replay/")
    all_parts(workspace)

    done = queries.resumption(1)
    assert done is not None and (done.total, done.settled, done.refused) == (1, 0, 1)
    assert row_of(id).settled_as == ""


def test_all_are_discarded_only_after_the_page_said_how_many(workspace: Workspace, browser: Browser) -> None:
    ids = [refuse(workspace) for _ in range(3)]
    client = browser("mia")

    asked = client.get("/refused/discard/?reason=no-id")
    client.post("/refused/discard/", {"reason": "no-id"})
    all_parts(workspace)

    assert "Discard 3 refused events?" in words(asked.content)
    assert {row_of(id).settled_by for id in ids} == {"mia@ours.example"}


def test_progress_is_shown_until_it_is_done(workspace: Workspace, browser: Browser) -> None:
    refuse(workspace)
    client = browser("mia")
    client.post("/refused/replay/")

    before = client.get("/refused/").content
    all_parts(workspace)
    after = client.get("/refused/resumption/1/").content

    assert "Replaying 1: 0 replayed so far" in words(before) and b'hx-trigger="every 2s"' in before
    assert "Done: 0 replayed, 1 refused again." in words(after) and b"hx-trigger" not in after


def test_a_part_ends_before_its_bodies_are_too_many(
    workspace: Workspace, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resuming, "MOST_BYTES", len(NOBODY) + 1)
    for _ in range(3):
        refuse(workspace)
    browser("mia").post("/refused/replay/")

    assert all_parts(workspace) == 2


def test_the_next_process_goes_on_where_the_last_one_ended(workspace: Workspace, browser: Browser) -> None:
    refuse(workspace)
    browser("mia").post("/refused/replay/")
    resumer = Resumer(workspace.submit, now=present)

    resumer._round()

    assert queries.resumptions_under_way() == []
