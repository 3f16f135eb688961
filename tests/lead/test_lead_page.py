"""The page of a lead over a real workspace: whoever it is, whenever one asks."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from django.test import Client
from tests.cast import Browser, present, publish, statements

from ripeline.events.batches import Batch, decode_batch
from ripeline.server.log import queries
from ripeline.server.log.commands import Accept, Ingest
from ripeline.server.workspace import Workspace

AGREEMENT = """
definition: trial
minimum_profile: [email]
scores:
  fit:
    cap: 30
    criteria:
      decides: {when: {title: {contains: head}}, points: 25}
      served: {when: {country: {one_of: [SE, NO]}}, points: 15}
  engagement:
    half_life: 30 days
    criteria:
      pricing: {on: Page Viewed, where: {path: {begins_with: /pricing}}, points: 8, limit: 4 ever}
      careers: {on: Page Viewed, where: {path: {begins_with: /careers}}, points: -20}
stages:
  mql:
    when: {all: [minimum_profile, {total: {at_least: 45}}]}
    answer_within: 4 hours
  sal:
    reject_reasons: {not_a_fit: disqualified, not_now: {recycled: 90 days}}
  recycled: {reset: engagement}
"""


def tell(workspace: Workspace, *messages: dict[str, Any]) -> None:
    """Messages as a site's SDK sends them, `days_ago`."""
    stamped = []
    for message in messages:
        at = present() - timedelta(days=message.pop("days_ago", 0))
        stamped.append({"type": "track", "messageId": uuid4().hex, "timestamp": at.isoformat(), **message})
    batch = decode_batch(msgspec.json.encode({"batch": stamped}), source="site", received_at=present())
    assert isinstance(batch, Batch) and not batch.refused
    workspace.submit(Ingest(source="site", accepted=batch.accepted)).result(timeout=60)


def page_viewed(path: str, days_ago: float, **ids: str) -> dict[str, Any]:
    return {"type": "page", "properties": {"path": path}, "days_ago": days_ago, **(ids or {"userId": "ada"})}


def known_as(user_id: str, **more: Any) -> dict[str, Any]:
    return {"type": "identify", "userId": user_id, "traits": more}


@pytest.fixture
def ada(workspace: Workspace) -> int:
    """Ada is head of something in Sweden, looked at prices and at jobs; she is an MQL. Her lead's id."""
    publish(workspace, AGREEMENT)
    tell(workspace, page_viewed("/pricing", 60), page_viewed("/careers", 50))
    facts = {"name": "Ada Lovelace", "title": "Head of Engines", "country": "SE", "email": "ada@engines.example"}
    tell(workspace, known_as("ada", **facts))
    tell(workspace, *(page_viewed("/pricing", 0.001 * number) for number in range(4, 0, -1)))
    return queries.leads(search="ada").items[0].id


@pytest.fixture
def sam(browser: Browser) -> Client:
    return browser("sam")


def text(response: Any) -> str:
    """What a reader reads: the page without its tags."""
    words = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", words)


def points(page: str) -> Iterator[float]:
    """The points of every rule's row, as shown."""
    for row in re.findall(r'<tr class="falls-row.*?</tr>', page, flags=re.DOTALL):
        yield float(re.findall(r"<b>([^<]+)</b>", row)[-1].replace("−", "-"))


def test_the_points_on_the_page_add_up_to_the_score_on_the_page(ada: int, sam: Client) -> None:
    page = sam.get(f"/leads/{ada}/").content.decode()

    total = re.search(r'<p class="big">([\d.]+)', page)
    assert total is not None
    assert round(sum(points(page)), 1) == float(total[1])
    assert "Fit counts at most 30" in page


def test_a_lead_says_who_signed_what_its_score_stands_on(ada: int, sam: Client) -> None:
    shown = text(sam.get(f"/leads/{ada}/"))

    assert "Definition 1, signed by Mia Mazur for Marketing and Sam Sundin for Sales" in shown


def test_evidence_names_how_often_and_what_the_limit_left_out(ada: int, sam: Client) -> None:
    shown = text(sam.get(f"/leads/{ada}/"))

    assert "4 visits, latest 2 minutes ago · 1 more beyond the limit" in shown


def test_any_past_day_shows_the_score_and_the_facts_of_that_day(ada: int, sam: Client) -> None:
    day = (present() - timedelta(days=55)).date()

    answer = sam.get(f"/leads/{ada}/", {"as_of": day.isoformat()})

    shown = text(answer)
    assert "As it stood at the end of" in shown and "Head of Engines" not in shown.split("Why")[1]
    assert "Viewed a page whose path begins with /pricing" in shown and "/careers" not in shown
    assert "/accept/" not in answer.content.decode()


@pytest.mark.parametrize("day", ["1990-01-01", "9999-12-31", "2026-02-30", "yesterday", "%00"])
def test_an_odd_day_is_brought_back_to_one_that_is(ada: int, sam: Client, day: str) -> None:
    assert sam.get(f"/leads/{ada}/", {"as_of": day}).status_code == 200


@pytest.mark.parametrize(
    "query", [{"before": "-1"}, {"before": "999999"}, {"show": "nothing"}, {"rule": "\0"}, {"rule": "none"}]
)
def test_odd_filters_go_without_saying(ada: int, sam: Client, query: dict[str, str]) -> None:
    assert sam.get(f"/leads/{ada}/", query).status_code == 200


def test_a_rule_narrows_the_timeline_to_its_events(ada: int, sam: Client) -> None:
    page = sam.get(f"/leads/{ada}/", {"rule": "careers"}).content.decode()

    timeline = page.split('id="timeline"')[1].split("</section>\n<div")[0]
    assert timeline.count('<li class="entry') == 1 and "Viewed /careers" in timeline


def test_an_unknown_lead_is_not_found(ada: int, sam: Client) -> None:
    assert sam.get("/leads/987654321/").status_code == 404


def test_the_id_of_a_joined_lead_leads_to_the_survivor(ada: int, workspace: Workspace, sam: Client) -> None:
    tell(workspace, page_viewed("/pricing", 1, anonymousId="a-1"))
    visitor = queries.leads(anonymous_id="a-1").items[0].id
    tell(workspace, {"type": "identify", "userId": "ada", "anonymousId": "a-1"})

    answer = sam.get(f"/leads/{visitor}/?show=scored")

    assert answer.status_code == 302 and answer["Location"] == f"/leads/{ada}/?show=scored"
    assert "1 earlier lead joined" in text(sam.get(f"/leads/{ada}/"))


def test_a_visitor_without_a_name_has_a_page(workspace: Workspace, sam: Client) -> None:
    publish(workspace, AGREEMENT)
    tell(workspace, page_viewed("/pricing", 1, anonymousId="a-1"))
    visitor = queries.leads(anonymous_id="a-1").items[0].id

    shown = text(sam.get(f"/leads/{visitor}/"))

    assert f"Visitor {visitor}" in shown and "unknown" in shown and "1 browser or device" in shown


def test_a_lead_has_a_page_before_any_definition_is_published(workspace: Workspace, sam: Client) -> None:
    tell(workspace, known_as("ada", email="ada@engines.example"))
    lead = queries.leads(search="ada").items[0].id

    assert "Scores come with the first published definition." in text(sam.get(f"/leads/{lead}/"))


def test_what_people_type_into_forms_stays_text(workspace: Workspace, sam: Client) -> None:
    publish(workspace, AGREEMENT)
    tell(workspace, known_as("eve", name="<script>alert(1)</script>", title="\"'><img src=x>", email="eve@x.example"))
    lead = queries.leads(search="eve").items[0].id

    page = sam.get(f"/leads/{lead}/").content.decode()

    assert "<script>alert" not in page and "<img src=x>" not in page


def test_an_answer_from_the_leads_own_page_comes_back_to_it(ada: int, workspace: Workspace, sam: Client) -> None:
    answer = sam.post(f"/inbox/{ada}/accept/", {"back": "lead"}, follow=True)

    assert answer.redirect_chain[-1][0] == f"/leads/{ada}/"
    assert "Ada Lovelace accepted." in text(answer) and "Accepted by sales" in text(answer)


def test_a_colleague_who_was_faster_is_named_on_the_leads_page(ada: int, workspace: Workspace, sam: Client) -> None:
    workspace.submit(Accept(lead=ada, by="ada@ours.example", at=present())).result(timeout=30)

    answer = sam.post(f"/inbox/{ada}/accept/", {"back": "lead"}, follow=True)

    assert "decided on this lead first" in text(answer) and "Your decision was not saved." in text(answer)


def test_the_page_of_a_lead_asks_the_databases_a_fixed_number_of_questions(
    ada: int, workspace: Workspace, sam: Client
) -> None:
    def questions() -> int:
        sam.get(f"/leads/{ada}/")
        with statements() as asked:
            sam.get(f"/leads/{ada}/")
        return len(asked)

    few = questions()
    tell(workspace, *(page_viewed("/pricing", number) for number in range(1, 60)))

    assert questions() == few <= 32


@pytest.mark.slow
def test_a_lead_with_ten_thousand_events_has_a_page(ada: int, workspace: Workspace, sam: Client) -> None:
    for start in range(0, 10_000, 1_000):
        tell(workspace, *(page_viewed("/pricing", 0.02 * (start + number) + 0.01) for number in range(1_000)))

    answer = sam.get(f"/leads/{ada}/")

    assert answer.status_code == 200 and len(answer.content) < 200_000
    assert "earlier" in text(answer)


def test_a_past_day_shows_the_stage_of_that_day(ada: int, sam: Client) -> None:
    day = (present() - timedelta(days=55)).date()

    chips = [
        re.findall(r'class="chip acc"[^>]*>([^<]+)<', sam.get(f"/leads/{ada}/", query).content.decode())[0]
        for query in ({}, {"as_of": day.isoformat()})
    ]

    assert chips == ["MQL", "Visitor"]


def test_a_lead_that_waits_leads_on_to_the_next_one(ada: int, workspace: Workspace, sam: Client) -> None:
    facts = {"name": "Grace Hopper", "title": "Head of Systems", "country": "SE", "email": "grace@navy.example"}
    tell(workspace, known_as("grace", **facts), *(page_viewed("/pricing", 0, userId="grace") for _ in range(3)))
    grace = queries.leads(search="grace").items[0].id

    page = sam.get(f"/leads/{ada}/").content.decode()

    assert "1 of 2 waiting" in page
    assert re.search(rf'href="/leads/{grace}/" data-key="j"', page)
