from tests.api.conftest import Api
from tests.cast import STARTER, present, publish

from ripeline.events.reason import Reason
from ripeline.events.refusal import Refusal
from ripeline.server.log.commands import Ingest
from ripeline.server.workspace import Workspace


def refuse(workspace: Workspace, reason: Reason, body: bytes = b"{}") -> None:
    refusal = Refusal(source="website", reason=reason, detail="Nobody", received_at=present(), body=body)
    workspace.submit(Ingest(source="website", refused=[refusal])).result(timeout=30)


def test_refused_messages_are_told_with_their_reason_and_bytes(workspace: Workspace, api: Api) -> None:
    refuse(workspace, Reason.NO_ID, b'{"event": "\xff"}')

    _, told = api("refused")

    one = told["items"][0]
    assert (one["source"], one["reason"], one["detail"]) == ("website", "no-id", "Nobody")
    assert one["body"] == '{"event": "�"}'


def test_refused_messages_are_counted_back_by_reason_and_page(workspace: Workspace, api: Api) -> None:
    for reason in (Reason.NO_ID, Reason.NO_NAME, Reason.NO_ID, Reason.NO_ID):
        refuse(workspace, reason)

    _, first = api("refused?reason=no-id&limit=2")
    _, second = api(first["next"])

    assert len(first["items"]) == 2 and len(second["items"]) == 1
    assert second["next"] is None
    assert api("refused?reason=bad-mood")[0] == 422


def test_versions_are_told_newest_first_with_their_text(workspace: Workspace, api: Api) -> None:
    publish(workspace)
    publish(workspace, STARTER.replace("points: 8,", "points: 9,"))

    _, told = api("definitions")

    assert [(one["version"], one["in_force"]) for one in told["items"]] == [(2, True), (1, False)]
    assert told["items"][1]["text"] == STARTER
    assert told["items"][0]["signatures"][0] == {"team": "marketing", "name": "Mia Mazur"}


def test_one_version_is_told_by_its_number(workspace: Workspace, api: Api) -> None:
    publish(workspace)

    assert api("definitions/1")[1]["key"] == "qualified-lead"
    assert api("definitions/2") == (404, {"code": "unknown-version", "message": "There is no version 2."})
