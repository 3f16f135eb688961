import pytest
from tests.api.conftest import Api
from tests.cast import event, known_as, publish, send

from ripeline.server.log import queries
from ripeline.server.workspace import Workspace


@pytest.fixture
def two(workspace: Workspace) -> list[int]:
    """Two users who stated one address."""
    publish(workspace)
    for user in ("grace", "amazing"):
        send(workspace, known_as(user, email="grace@navy.example"), event("Demo Requested", userId=user))
    return [queries.leads(user_id=user).items[0].id for user in ("grace", "amazing")]


def test_a_program_reads_doubts_and_decides_them(two: list[int], api: Api) -> None:
    _, before = api("doubts")

    answer = api("rulings", {"decision": "same", "leads": two, "by": "sam@ours.example", "reason": "One desk"})

    assert (before["items"][0]["value"], before["items"][0]["leads"]) == ("grace@navy.example", two)
    assert answer[0] == 200 and answer[1]["leads"] == [two[0]]
    [merged] = api(f"leads/{two[1]}")[1]["merged"]
    assert (merged["lead"], merged["by"], merged["reason"]) == (two[1], "sam@ours.example", "One desk")
    assert api("doubts")[1] == {"items": [], "next": None}


def test_an_old_id_finds_the_lead_until_they_are_parted(two: list[int], api: Api) -> None:
    api("rulings", {"decision": "same", "leads": two})
    found = api(f"leads/{two[1]}")[1]["id"]

    answer = api(f"leads/{two[1]}/unmerge", {"reason": "Her colleague"})

    assert found == two[0]
    assert answer[1]["leads"] == two and api(f"leads/{two[1]}")[1]["id"] == two[1]
    assert api("doubts")[1]["items"] == []


def test_a_decision_is_taken_back_by_its_seq(two: list[int], api: Api) -> None:
    seq = api("rulings", {"decision": "different", "leads": two})[1]["seq"]

    assert api(f"rulings/{seq}/undo", {})[1]["leads"] == two
    assert len(api("doubts")[1]["items"]) == 1


def test_who_decided_first_is_told_and_what_is_none_is_refused(two: list[int], api: Api) -> None:
    api("rulings", {"decision": "different", "leads": two, "by": "mia@ours.example"})

    status, told = api("rulings", {"decision": "same", "leads": two, "seen": 0})

    assert (status, told["why"], told["by"]) == (409, "ruled-apart", "mia@ours.example")
    assert api("rulings", {"decision": "same", "leads": [two[0]]})[0] == 422
    assert api("rulings", {"decision": "same", "leads": [two[0], 10**12]})[0] == 404
    assert api(f"leads/{two[0]}/unmerge", {})[1]["why"] == "not-merged"


def test_doubts_come_in_pages(two: list[int], workspace: Workspace, api: Api) -> None:
    for user in ("one", "two"):
        send(workspace, known_as(user, email="other@navy.example"))

    _, page = api("doubts?limit=1")

    assert [one["value"] for one in page["items"]] == ["grace@navy.example"]
    assert [one["value"] for one in api(page["next"])[1]["items"]] == ["other@navy.example"]
