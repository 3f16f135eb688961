import re

import pytest
from tests.api.conftest import Api
from tests.cast import Browser, event, known_as, present, publish, send

from ripeline.server.log import queries
from ripeline.server.log.commands import NewKey
from ripeline.server.workspace import Workspace


@pytest.fixture
def mql(workspace: Workspace) -> int:
    """The id of a lead that waits for an answer."""
    publish(workspace)
    send(workspace, known_as("grace", email="grace@navy.example"), event("Demo Requested", userId="grace"))
    return queries.leads(stage="mql").items[0].id


def test_a_program_accepts_a_lead_in_somebodys_name(mql: int, api: Api) -> None:
    answer = api(f"leads/{mql}/transitions", {"act": "accept", "by": "Sam@ours.example"})

    [act] = queries.acts(mql)
    assert answer == (200, {"lead": mql, "stage": "sal", "owner": "sam@ours.example", "cycle": 1, "seq": act.seq})
    assert act.by == "sam@ours.example"


def test_without_a_name_the_token_acts(mql: int, api: Api) -> None:
    api(f"leads/{mql}/transitions", {"act": "reject", "reason": "not_a_fit"})

    assert [(act.by, act.reason) for act in queries.acts(mql)] == [("api:warehouse", "not_a_fit")]
    assert api(f"leads/{mql}/transitions")[1]["items"][-1]["to_stage"] == "disqualified"


def test_recycling_takes_a_reason_that_leads_there(mql: int, api: Api) -> None:
    refused = api(f"leads/{mql}/transitions", {"act": "recycle", "reason": "not_a_fit"})

    assert refused == (
        422,
        {
            "code": "wrong-reason",
            "message": "`reason` to recycle is one of not_now, no_answer; found 'not_a_fit'.",
        },
    )
    assert api(f"leads/{mql}/transitions", {"act": "recycle", "reason": "not_now"})[1]["stage"] == "recycled"


def test_who_decides_second_is_told_who_was_first(mql: int, api: Api) -> None:
    api(f"leads/{mql}/transitions", {"act": "accept", "by": "sam@ours.example"})

    status, told = api(f"leads/{mql}/transitions", {"act": "accept", "by": "mia@ours.example"})

    assert (status, told["code"]) == (409, "conflict")
    assert (told["why"], told["by"], told["stage"]) == ("decided-first", "sam@ours.example", "sal")
    assert re.fullmatch(r"Sam Sundin decided first, on .* UTC: the lead was accepted. It is now SAL.", told["message"])


def test_what_is_not_legal_is_refused_in_words_that_people_use(workspace: Workspace, api: Api) -> None:
    publish(workspace)
    send(workspace, known_as("grace", email="grace@navy.example"))
    lead = queries.leads(user_id="grace").items[0].id

    assert api(f"leads/{lead}/transitions", {"act": "accept"}) == (
        409,
        {"code": "not-allowed", "message": "This lead cannot be accepted: its stage is Lead.", "why": "wrong-stage"},
    )


@pytest.mark.parametrize("lead", [10**30, -1])
def test_an_outcome_of_a_lead_no_store_can_hold_is_refused(api: Api, lead: int) -> None:
    status, told = api("outcomes", {"outcome": "won", "lead": lead})

    assert (status, told["code"]) == (422, "wrong-shape")
    assert "$.lead" in told["message"]


def test_nobody_is_given_leads_who_takes_none(mql: int, api: Api) -> None:
    status, told = api(f"leads/{mql}/transitions", {"act": "reassign", "to": "mia@ours.example"})

    assert (status, told["code"]) == (409, "not-allowed") and "mia@ours.example" in told["message"]


def test_an_act_can_be_taken_back(mql: int, api: Api) -> None:
    api(f"leads/{mql}/transitions", {"act": "accept", "by": "sam@ours.example"})

    undone = api(f"leads/{mql}/transitions", {"act": "undo", "by": "sam@ours.example"})

    assert undone[1]["stage"] == "mql"


def test_a_second_undo_of_one_act_does_not_take_back_the_act_before(mql: int, api: Api) -> None:
    api(f"leads/{mql}/transitions", {"act": "accept", "by": "sam@ours.example"})
    won = api(f"leads/{mql}/transitions", {"act": "won", "by": "sam@ours.example"})[1]
    undo = {"act": "undo", "by": "sam@ours.example", "seq": won["seq"]}

    first, second = (api(f"leads/{mql}/transitions", undo) for _ in range(2))

    assert first == second and first[1]["stage"] == "sal"


def test_a_deal_counts_once_under_its_id_however_often_it_is_told(mql: int, api: Api) -> None:
    deal = {"outcome": "won", "lead": mql, "amount": 1_000.0, "message_id": "deal-17"}

    answers = [api("outcomes", deal), api("outcomes", deal), api("outcomes", {**deal, "message_id": "deal-18"})]

    assert [status for status, _ in answers] == [200, 200, 200] and answers[0] == answers[1]
    assert [act.amount for act in queries.acts(mql)] == [1_000.0, 1_000.0]


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"act": "burn"}, "wrong-shape"),
        ({}, "wrong-shape"),
        ({"act": "accept", "colour": "red"}, "wrong-shape"),
        ({"act": "accept", "message_id": "m" * 101}, "wrong-shape"),
        ({"act": "accept", "by": "stranger@ours.example"}, "unknown-person"),
    ],
)
def test_what_is_no_act_is_refused_with_a_reason(mql: int, api: Api, told: dict[str, str], code: str) -> None:
    status, answer = api(f"leads/{mql}/transitions", told)

    assert (status, answer["code"]) == (422, code)
    assert queries.acts(mql) == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'{"act": "accept"' + b"[" * 20_000])
def test_a_body_that_is_no_json_is_refused_with_a_reason(
    mql: int, browser: Browser, api: Api, workspace: Workspace, body: bytes
) -> None:

    token = workspace.submit(NewKey(kind="api", name="other", at=present())).result(timeout=30).secret
    answer = browser().post(
        f"/api/v1/leads/{mql}/transitions",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "wrong-shape")


def test_a_deal_is_won_by_whom_the_shop_knows(mql: int, api: Api) -> None:
    api(f"leads/{mql}/transitions", {"act": "accept", "by": "sam@ours.example"})

    won = api("outcomes", {"outcome": "won", "user_id": "grace", "amount": 12_000.0, "currency": "EUR"})

    assert won[1]["stage"] == "customer"
    assert queries.acts(mql)[-1].amount == 12_000.0


@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ({"outcome": "won"}, (422, "no-lead")),
        ({"outcome": "won", "user_id": "nobody"}, (404, "unknown-lead")),
        ({"outcome": "won", "lead": 4711}, (404, "unknown-lead")),
        ({"outcome": "drawn", "lead": 1}, (422, "wrong-shape")),
    ],
)
def test_an_outcome_needs_a_lead(mql: int, api: Api, told: dict[str, object], answer: tuple[int, str]) -> None:
    status, said = api("outcomes", told)

    assert (status, said["code"]) == answer
