from tests.api.conftest import Api
from tests.refused.refusing import NOBODY, refuse, row_of

from ripeline.server.log import queries
from ripeline.server.workspace import Workspace

MENDED = '{"event": "Demo Requested", "messageId": "m-1", "userId": "ada"}'


def test_one_is_told_whole(workspace: Workspace, api: Api) -> None:
    id = refuse(workspace, b'{"event": "' + b"x" * 20_000 + b'"}')

    assert len(api("refused")[1]["items"][0]["body"]) == 10_000
    _, told = api(f"refused/{id}")

    assert (told["kind"], told["size"], len(told["body"]), told["settled_as"]) == ("track", 20_013, 20_013, "")
    assert api("refused/77")[0] == 404


def test_a_mended_message_is_replayed_by_the_one_it_names(workspace: Workspace, api: Api) -> None:
    id = refuse(workspace)

    status, told = api(f"refused/{id}/replay", {"body": MENDED, "by": "mia@ours.example"})

    assert status == 200
    assert told == {"id": id, "stored": 1, "duplicates": 0, "refused": 0, "lead": queries.leads().items[0].id}
    assert row_of(id).settled_by == "mia@ours.example"
    assert [one["id"] for one in api("refused?show=replayed")[1]["items"]] == [id]
    assert api("refused?show=open")[1]["items"] == []


def test_a_message_that_is_refused_again_is_left_as_it_is(workspace: Workspace, api: Api) -> None:
    id = refuse(workspace)

    status, told = api(f"refused/{id}/replay", {})

    assert (status, told["code"], told["reasons"][0]["reason"]) == (422, "refused-again", "no-id")
    assert row_of(id).settled_as == "" and row_of(id).body == NOBODY


def test_a_second_replay_is_a_conflict_that_says_so(workspace: Workspace, api: Api) -> None:
    id = refuse(workspace)
    api(f"refused/{id}/replay", {"body": MENDED})

    status, told = api(f"refused/{id}/replay", {"body": MENDED})

    assert (status, told["code"], told["why"]) == (409, "not-allowed", "already-replayed")


def test_a_token_discards_under_its_own_name(workspace: Workspace, api: Api) -> None:
    id = refuse(workspace)

    _, told = api(f"refused/{id}/discard", {})

    assert (told["settled_as"], told["settled_by"]) == ("discarded", "api:warehouse")
    assert api("refused/99/discard", {})[1]["code"] == "unknown-refused"
