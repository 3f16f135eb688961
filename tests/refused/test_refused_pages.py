import re
from datetime import timedelta

import pytest
from tests.cast import Browser, event, present, publish, send, statements, words
from tests.refused.refusing import NOBODY, refuse, row_of

from ripeline.server.log import queries
from ripeline.server.workspace import Workspace

MENDED = '{"event": "Demo Requested", "messageId": "m-1", "userId": "ada"}'


def test_before_anything_was_refused_the_page_says_what_will_be_here(browser: Browser) -> None:
    told = words(browser("sam").get("/refused/").content)

    assert "Nothing was refused" in told
    assert "with its bytes and the reason" in told


def test_events_are_counted_by_reason_and_source_and_listed_newest_first(
    workspace: Workspace, browser: Browser
) -> None:
    for body in (NOBODY, NOBODY, b"{"):
        refuse(workspace, body)
    refuse(workspace, NOBODY, source="shop")

    page = browser("mia").get("/refused/").content.decode()

    counts = re.findall(r'<li class="row"><span><a[^>]*>([^<]+)</a><span class="second">(\w+)', page)
    assert counts[0] == ("Nobody can be told from this event. Send a userId or an anonymousId.", "website")
    assert [source for _, source in counts] == ["website", "shop", "website"]
    assert re.findall(r'class="lead-link"[^>]*>(.{9})', page)[1] == "This is n"


def test_source_reason_and_day_narrow_the_list(workspace: Workspace, browser: Browser) -> None:
    refuse(workspace, NOBODY, at=present() - timedelta(days=3))
    refuse(workspace, b"{", source="shop")
    client, day = browser("sam"), (present() - timedelta(days=3)).date()

    for query in ("source=shop", "reason=not-json", f"day={day}", "reason=no-id&source=website"):
        assert client.get(f"/refused/?{query}").content.decode().count("lead-link") == 1, query
    assert "No refused event is like this" in words(client.get("/refused/?source=nowhere").content)
    assert client.get("/refused/?day=x&reason=y&page=²&show=z").content.decode().count("lead-link") == 2


def test_a_mended_message_is_scored_and_its_row_says_who_mended_it(workspace: Workspace, browser: Browser) -> None:
    publish(workspace)
    id = refuse(workspace)

    answer = browser("mia").post(f"/refused/{id}/replay/", {"message": MENDED}, follow=True)

    row = row_of(id)
    assert "Replayed by Mia Mazur" in words(answer.content) and "1 event was stored." in words(answer.content)
    assert (row.settled_as, row.settled_by, row.body) == ("replayed", "mia@ours.example", NOBODY)
    [lead] = queries.leads().items
    assert row.lead == lead.id and lead.total > 0
    assert f'href="/leads/{lead.id}/"' in answer.content.decode()


def test_a_replayed_event_happened_when_it_first_came_and_is_known_from_now_on(
    workspace: Workspace, browser: Browser
) -> None:
    came, before = present() - timedelta(days=2), present()
    id = refuse(workspace, at=came)

    browser("mia").post(f"/refused/{id}/replay/", {"message": MENDED})

    [found] = queries.history(queries.leads().items[0].id)
    assert (found.source, found.occurred_at) == ("website", came)
    assert before <= found.received_at <= present()


def test_the_senders_clock_is_corrected_as_it_was_told_at_the_door(workspace: Workspace, browser: Browser) -> None:
    came = present() - timedelta(days=2)
    body = b'{"event": "Demo Requested", "timestamp": "2026-03-01T08:59:00Z"}'
    id = refuse(workspace, body, at=came, sent_at="2026-03-01T09:00:00Z")

    browser("mia").post(f"/refused/{id}/replay/", {"message": body.decode().replace("{", '{"userId": "ada", ', 1)})

    [found] = queries.history(queries.leads().items[0].id)
    assert found.occurred_at == came - timedelta(minutes=1)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ('{"event": "A",\n  "userId" "ada"}', "Line 2, column 12: a colon is missing after the name."),
        ('{"event": NaN}', "Line 1, column 11: a value belongs here."),
        ('{"event": "A", "userId": []}', "A field has another type than the tracking API gives it."),
        ('{"event": "A"}', "Nobody can be told from this event."),
        ("", "Line 1, column 1: a value belongs here."),
    ],
)
def test_what_is_refused_again_is_told_at_the_form_and_nothing_is_lost(
    workspace: Workspace, browser: Browser, typed: str, told: str
) -> None:
    id = refuse(workspace)

    answer = browser("mia").post(f"/refused/{id}/replay/", {"message": typed})

    assert answer.status_code == 422
    page = words(answer.content)
    assert told in page and "Refused again. Nothing was changed." in page
    assert answer.content.decode().count(typed.replace('"', "&quot;").replace("<", "&lt;")) >= 1
    assert row_of(id).settled_as == "" and queries.cursor() == 0


def test_an_unreadable_batch_is_mended_into_several_events(workspace: Workspace, browser: Browser) -> None:
    id = refuse(workspace, b'{"batch": [', kind="batch")
    message = '{"type": "track", "event": "A", "userId": "ada"}'

    answer = browser("mia").post(
        f"/refused/{id}/replay/", {"message": f'{{"batch": [{message}, {message}, {{"type": "page"}}]}}'}, follow=True
    )

    assert "2 events are stored; what is refused still has rows of its own." in words(answer.content)
    assert row_of(id).stored == 2
    assert [(row.reason, row.settled_as) for row in queries.refused()] == [("no-id", ""), ("not-json", "replayed")]


def test_a_message_that_came_meanwhile_counts_once(workspace: Workspace, browser: Browser) -> None:
    id = refuse(workspace)
    send(workspace, event("Demo Requested", userId="ada", message_id="m-1"))

    answer = browser("mia").post(f"/refused/{id}/replay/", {"message": MENDED}, follow=True)

    assert "It had come before under the same id, and counts once." in words(answer.content)
    assert queries.cursor() == 1


def test_in_a_second_tab_the_first_one_is_named(workspace: Workspace, browser: Browser) -> None:
    id = refuse(workspace)
    browser("mia").post(f"/refused/{id}/replay/", {"message": MENDED})

    answer = browser("ada").post(f"/refused/{id}/replay/", {"message": MENDED}, follow=True)

    assert "has replayed this event already" in words(answer.content)
    assert queries.cursor() == 1


def test_what_is_discarded_leaves_the_list_and_stays_with_its_author(workspace: Workspace, browser: Browser) -> None:
    id = refuse(workspace)
    client = browser("mia")

    client.post(f"/refused/{id}/discard/")

    assert "Nothing was refused" in words(client.get("/refused/").content)
    assert "Discarded by Mia Mazur" in words(client.get(f"/refused/{id}/").content)
    assert client.get("/refused/?show=discarded").content.decode().count("lead-link") == 1


def test_sales_sees_everything_and_is_told_who_can_mend(workspace: Workspace, browser: Browser) -> None:
    id = refuse(workspace)
    client = browser("sam")

    page = client.get(f"/refused/{id}/")

    assert "Marketing, operations and administrators can replay" in words(page.content)
    assert re.search(r'<button class="button primary" disabled', page.content.decode())
    for address in (f"{id}/replay/", f"{id}/discard/", "replay/", "discard/"):
        assert client.post(f"/refused/{address}").status_code == 403, address
    assert row_of(id).settled_as == ""


@pytest.mark.parametrize(
    "body",
    [
        bytes(range(256)) * 40,
        b"\x1f\x8b broken gzip",
        b'{"event": "</textarea><script>alert(1)</script>\\u0000"}',
        b'{"userId": "\xff\xfe"}',
        b"[" * 30_000,
        b"",
        b"x" * 3_000_000,
        '{"event": "\u202e\u0085 \ufeff"}'.encode(),
    ],
    ids=["bytes", "gzip", "markup", "not UTF-8", "deep", "empty", "huge", "controls"],
)
def test_no_bytes_break_the_page_and_all_of_them_can_be_downloaded(
    workspace: Workspace, browser: Browser, body: bytes
) -> None:
    id = refuse(workspace, body)
    client = browser("sam")

    page, download = client.get(f"/refused/{id}/"), client.get(f"/refused/{id}/bytes/")

    assert page.status_code == 200 and b"<script>alert" not in page.content
    assert b"\0" not in page.content and len(page.content) < 400_000
    assert download.content == row_of(id).body
    assert download["Content-Disposition"].startswith("attachment") and download["X-Content-Type-Options"] == "nosniff"


def test_what_was_not_touched_in_the_form_is_replayed_byte_for_byte(workspace: Workspace, browser: Browser) -> None:
    id = refuse(workspace, b'{"event":"A","userId":"ada","timestamp":"yesterday"}')
    page = browser("mia").get(f"/refused/{id}/").content.decode()
    shown = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert shown is not None

    answer = browser("mia").post(f"/refused/{id}/replay/", {"message": shown[1].replace("&quot;", '"')})

    assert "The time cannot be read." in words(answer.content)


@pytest.mark.parametrize("address", ["999/", "999999999999999999/", "999/bytes/"])
def test_what_is_not_there_is_not_found(browser: Browser, address: str) -> None:
    assert browser("mia").get(f"/refused/{address}").status_code == 404


def test_of_a_thousand_fifty_are_a_page_and_cost_as_much_as_one(workspace: Workspace, browser: Browser) -> None:
    def asked() -> int:
        client = browser("mia")
        client.get("/refused/")
        with statements() as told:
            client.get("/refused/")
        return len(told)

    refuse(workspace)
    before = asked()
    row = queries.refused()[0]
    from ripeline.events.reason import Reason
    from ripeline.events.refusal import Refusal
    from ripeline.server.log.commands import Ingest

    many = [
        Refusal(source=f"source-{n % 30}", reason=Reason.NO_ID, detail="", received_at=row.received_at, body=NOBODY)
        for n in range(1_000)
    ]
    workspace.submit(Ingest(source="website", refused=many)).result(timeout=30)
    page = browser("mia").get("/refused/?page=99").content

    assert asked() == before <= 12
    assert page.decode().count("lead-link") == 1 and "1,001 events · page 21 of 21" in words(page)
    assert "and 19 more kinds" in words(page)


def test_neighbours_are_those_of_the_list_one_came_from(workspace: Workspace, browser: Browser) -> None:
    first, other, last = refuse(workspace), refuse(workspace, b"{"), refuse(workspace)

    page = browser("mia").get(f"/refused/{last}/?reason=no-id").content.decode()

    assert f'href="/refused/{first}/?reason=no-id" data-key="j"' in page
    assert f"/refused/{other}/" not in page and 'data-key="k"' not in page
