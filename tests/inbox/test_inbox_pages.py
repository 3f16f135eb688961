"""The inbox over a real workspace: what every request answers, and what it costs."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from django.test import Client
from tests.cast import Browser, known_as, present, publish, send, statements, words

from ripeline.events.batches import Batch, decode_batch
from ripeline.server.inbox.queries import ROWS, order
from ripeline.server.log import queries
from ripeline.server.log.commands import Ingest, KeepRep
from ripeline.server.workspace import Workspace

HIDDEN = re.compile(r'<input type="hidden" name="(\w+_seen)" value="([^"]*)">')


def ask_for_demos(workspace: Workspace, *names: str) -> list[int]:
    """People of these names ask for a demo; their leads' ids."""
    messages: list[dict[str, Any]] = []
    for minutes, name in enumerate(names):
        at = (present() - timedelta(minutes=minutes)).isoformat()
        common = {"userId": name, "timestamp": at}
        traits = {"name": name.title(), "email": f"{name}@firm.example", "title": "Head of Logistics"}
        messages.append({"type": "identify", "messageId": uuid4().hex, "traits": traits, **common})
        messages.append({"type": "track", "messageId": uuid4().hex, "event": "Demo Requested", **common})
    batch = decode_batch(msgspec.json.encode({"batch": messages}), source="site", received_at=present())
    assert isinstance(batch, Batch) and not batch.refused
    workspace.submit(Ingest(source="site", accepted=batch.accepted)).result(timeout=60)
    return [queries.leads(search=name).items[0].id for name in names]


@pytest.fixture
def sam(workspace: Workspace, browser: Browser) -> Client:
    publish(workspace)
    return browser("sam")


def test_an_empty_inbox_says_what_will_be_here(sam: Client) -> None:
    page = sam.get("/inbox/").content.decode()

    assert "No leads waiting" in page and "Everyone is answered" in page


def test_nobody_decides_without_signing_in(sam: Client, workspace: Workspace, browser: Browser) -> None:
    (lead,) = ask_for_demos(workspace, "ingrid")

    answer = browser().post(f"/inbox/{lead}/accept/")

    assert answer.status_code == 302 and "/sign-in/" in answer["Location"]
    assert queries.lead(lead).stage == "mql"  # type: ignore[union-attr]  # it is there


def test_looking_decides_nothing(sam: Client, workspace: Workspace) -> None:
    (lead,) = ask_for_demos(workspace, "ingrid")

    assert sam.get(f"/inbox/{lead}/accept/").status_code == 405
    assert sam.get(f"/inbox/{lead}/reject/").status_code == 200
    assert queries.lead(lead).stage == "mql"  # type: ignore[union-attr]  # it is there


@pytest.mark.parametrize("reason", ["", "no_such_reason"])
def test_a_rejection_without_a_known_reason_is_asked_again(sam: Client, workspace: Workspace, reason: str) -> None:
    (lead,) = ask_for_demos(workspace, "ingrid")

    answer = sam.post(f"/inbox/{lead}/reject/", {"reason": reason, "note": "call in spring"})

    assert answer.status_code == 422
    assert "Choose a reason" in answer.content.decode() and "call in spring" in answer.content.decode()


def test_a_lead_is_given_to_a_colleague_only_if_there_is_one(sam: Client, workspace: Workspace) -> None:
    (lead,) = ask_for_demos(workspace, "ingrid")

    assert sam.post(f"/inbox/{lead}/reassign/", {"to": "nobody@ours.example"}).status_code == 422


def test_what_is_refused_is_told_in_the_words_of_the_page(sam: Client, workspace: Workspace) -> None:
    send(workspace, known_as("ingrid", email="ingrid@firm.example"))
    lead = queries.leads().items[0].id

    page = sam.post(f"/inbox/{lead}/accept/").content.decode()

    assert "This lead cannot be accepted: its stage is Lead." in page


def test_a_form_that_another_decision_has_overtaken_reassigns_nothing(
    sam: Client, workspace: Workspace, browser: Browser
) -> None:
    noa = KeepRep(key="noa@ours.example", name="Noa", email="noa@ours.example")
    workspace.submit(noa).result(timeout=30)
    mia, (lead,) = browser("mia"), ask_for_demos(workspace, "ingrid")
    form = mia.get(f"/inbox/{lead}/reassign/").content.decode()
    sam.post(f"/inbox/{lead}/accept/")

    answer = mia.post(f"/inbox/{lead}/reassign/", {"to": "noa@ours.example", **dict(HIDDEN.findall(form))})

    assert answer.status_code == 409 and "decided on this lead first" in answer.content.decode()
    assert queries.lead(lead).owner == "sam@ours.example"  # type: ignore[union-attr]  # it is there


def test_an_unknown_lead_is_not_found(sam: Client) -> None:
    assert sam.get("/inbox/987654321/").status_code == 404
    assert sam.post("/inbox/987654321/accept/").status_code == 404


@pytest.mark.parametrize("lead", ["", "x", "-1", "9" * 30, "%00"])
def test_the_list_is_fetched_whatever_stands_on_screen(sam: Client, lead: str) -> None:
    assert sam.get("/inbox/rows/", {"lead": lead}).status_code == 200


@pytest.mark.parametrize("page", ["/inbox/", "/inbox/?mine=1", "/inbox/rows/"])
def test_the_list_asks_as_much_for_many_as_for_few(sam: Client, workspace: Workspace, page: str) -> None:
    def questions() -> int:
        sam.get(page)  # reasons are worked out once
        with statements() as asked:
            sam.get(page)
        return len(asked)

    ask_for_demos(workspace, "ingrid")
    few = questions()
    ask_for_demos(workspace, *(f"person{number}" for number in range(8)))

    assert questions() == few <= 32


@pytest.fixture
def crowd(sam: Client, workspace: Workspace) -> list[int]:
    """Three more than the list shows at first, from top to bottom."""
    ask_for_demos(workspace, *(f"person{number}" for number in range(ROWS + 3)))
    return order(owner=None, now=present())


def shown(answer: Any) -> list[int]:
    """The leads of the list that have a row."""
    return [int(lead) for lead in re.findall(r'id="row-(\d+)"', answer.content.decode())]


def test_a_long_list_begins_with_its_top_and_says_how_long_it_is(sam: Client, crowd: list[int]) -> None:
    page = sam.get("/inbox/")

    assert shown(page) == crowd[:ROWS]
    assert f'id="waiting-count">{len(crowd)}<' in page.content.decode()
    assert "Show 3 more" in words(page.content) and f"{ROWS} of {len(crowd)}" in words(page.content)


def test_whoever_went_further_down_stays_there_when_the_list_is_fetched_again(sam: Client, crowd: list[int]) -> None:
    page = sam.get("/inbox/", {"upto": ROWS + 1})
    again = sam.get("/inbox/rows/", {"upto": 2 * ROWS})

    assert shown(page) == shown(again) == crowd
    assert f'name="upto" value="{2 * ROWS}"' in page.content.decode() and "list-more" not in page.content.decode()


@pytest.mark.parametrize("upto", ["", "x", "-1", "9" * 30, "0"])
def test_an_odd_depth_of_the_list_is_the_usual_one(sam: Client, crowd: list[int], upto: str) -> None:
    assert shown(sam.get("/inbox/", {"upto": upto})) == crowd[:ROWS]


def test_who_arrives_is_announced_once_even_below_the_rows_that_are_shown(
    sam: Client, workspace: Workspace, crowd: list[int]
) -> None:
    page = sam.get("/inbox/rows/").content.decode()
    (lead,) = ask_for_demos(workspace, "ingrid")
    announced = []
    for _ in range(2):
        drawn = re.findall(r'name="drawn" value="(\d+)"', page)[0]
        page = sam.get("/inbox/rows/", {"drawn": drawn}).content.decode()
        announced.append(re.findall(r'data-arrived="row-(\d+)" data-says="([^"]+),', page))

    assert announced == [[(str(lead), "Ingrid is waiting for an answer")], []]
    assert f'id="row-{lead}"' not in page
