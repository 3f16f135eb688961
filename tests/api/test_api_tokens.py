import pytest
from tests.api.conftest import Api
from tests.cast import Browser, present

from ripeline.server.log import queries
from ripeline.server.log.commands import NewKey, RevokeKey
from ripeline.server.workspace import Workspace

PATHS = ["leads", "leads/1", "leads/1/events", "leads/1/transitions", "refused", "definitions", "definitions/1"]


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_told_without_a_token(browser: Browser, path: str) -> None:
    answer = browser("ada").get(f"/api/v1/{path}")

    assert (answer.status_code, answer.json()["code"]) == (401, "no-token")
    assert answer["WWW-Authenticate"] == 'Bearer realm="ripeline"'


def test_an_unknown_token_is_refused(api: Api) -> None:
    assert api("leads", token="at_nonsense") == (
        401,
        {"code": "unknown-token", "message": "This API token is unknown or revoked."},
    )


def test_a_write_key_is_no_token(workspace: Workspace, api: Api) -> None:
    made = workspace.submit(NewKey(kind="write", name="website", at=present())).result(timeout=30)

    assert api("leads", token=made.secret)[0] == 401


def test_a_revoked_token_opens_nothing(workspace: Workspace, api: Api) -> None:
    assert api("leads")[0] == 200

    workspace.submit(RevokeKey(id=queries.keys(kind="api")[0].id, at=present())).result(timeout=30)

    assert api("leads")[0] == 401


@pytest.mark.parametrize("path", ["leads/", "refused/", "definitions/"])
def test_a_slash_at_the_end_changes_nothing(api: Api, path: str) -> None:
    assert api(path) == api(path.removesuffix("/"))


def test_an_address_that_is_not_there_is_told_as_json(api: Api) -> None:
    assert api("nothing") == (404, {"code": "not-found", "message": "There is nothing at this address."})


def test_a_wrong_method_is_told_which_are_right(api: Api) -> None:
    assert api("leads", {}) == (405, {"code": "wrong-method", "message": "This address answers GET."})
