from collections.abc import Callable
from typing import Any

import pytest
from tests.cast import Browser, browser, migrated, present, workspace

from ripeline.server.log.commands import NewKey
from ripeline.server.workspace import Workspace

__all__ = ["browser", "migrated", "workspace"]

Api = Callable[..., tuple[int, Any]]


@pytest.fixture
def api(workspace: Workspace, browser: Browser) -> Api:
    """A program with a token: `api("leads")` gets, `api("outcomes", {…})` posts; the answer is (status, JSON)."""
    made = workspace.submit(NewKey(kind="api", name="warehouse", at=present())).result(timeout=30)
    client = browser()

    def asked(path: str, told: object = None, *, token: str = made.secret) -> tuple[int, Any]:
        address = path if path.startswith("http") else f"/api/v1/{path}"
        headers = {"Authorization": f"Bearer {token}"}
        if told is None:
            answer = client.get(address, headers=headers)
        else:
            answer = client.post(address, told, content_type="application/json", headers=headers)
        return answer.status_code, answer.json()

    return asked
