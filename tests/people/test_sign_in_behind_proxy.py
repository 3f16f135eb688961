"""Whoever guesses passwords is told apart from those behind the same proxy, where the owner named it."""

import re
from pathlib import Path

import httpx
import pytest
from tests.cast import CHEAP_HASHES, copied, present
from tests.ingest.recorder import serving

from ripeline.server.asgi import process
from ripeline.server.configuration import configuration
from ripeline.server.workspace import opened


def tried(client: httpx.Client, heard: str) -> str:
    page = client.get("/sign-in/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert token is not None
    form = {"email": "sam@ours.example", "password": "wrong", "csrfmiddlewaretoken": token[1]}
    return client.post("/sign-in/", data=form, headers={"x-forwarded-for": heard}).text


@pytest.mark.parametrize(("named", "barred"), [('["127.0.0.1"]', False), ("[]", True)])
def test_tries_count_for_the_address_behind_a_named_proxy(
    migrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str, barred: bool
) -> None:
    folder = copied(migrated, tmp_path)
    (folder / "ripeline.toml").write_text(f"[server]\ntrusted_proxies = {named}\n")
    with opened(folder, now=present) as workspace, CHEAP_HASHES:
        monkeypatch.setattr("django.conf.settings.CONFIGURATION", configuration(folder))
        app = process(workspace, now=present)
        with serving(app) as address, httpx.Client(base_url=address, timeout=60) as client:
            for _ in range(5):
                tried(client, "192.0.2.1")
            other = tried(client, "192.0.2.2")
            app.close()

    assert ("Too many attempts" in other) is barred
