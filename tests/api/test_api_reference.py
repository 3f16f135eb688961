"""The page about the API tells what the code does: its addresses, acts and error codes."""

import re
from pathlib import Path

import pytest
from tests.cast import Browser

import ripeline.server.api.errors
from ripeline.server.api.acts import ACTS

PAGE = (Path(__file__).parents[2] / "docs/reference/api.md").read_text("utf-8")
ROOM = Path(ripeline.server.api.errors.__file__).parent
CODES = {
    code for file in ROOM.glob("*.py") for code in re.findall(r'ApiError\(\d+, "([a-z-]+)"', file.read_text("utf-8"))
}


def test_every_address_and_method_is_told(browser: Browser) -> None:
    paths = browser().get("/api/v1/openapi.json").json()["paths"]

    described = {f"{method.upper()} {path}" for path, of in paths.items() for method in of if method != "parameters"}

    assert described == set(re.findall(r"`((?:GET|POST) /[^`]*)`", PAGE))


@pytest.mark.parametrize("word", [*ACTS, *sorted(CODES | {"conflict", "not-allowed", "store-unavailable"})])
def test_every_act_and_every_error_is_told(word: str) -> None:
    assert f"`{word}`" in PAGE
