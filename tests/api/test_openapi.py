import re
from typing import Any

import pytest
from tests.cast import Browser

from ripeline.server.api import urls


@pytest.fixture
def described(browser: Browser) -> dict[str, Any]:
    described: dict[str, Any] = browser().get("/api/v1/openapi.json").json()
    return described


def test_every_address_is_described(described: dict[str, Any]) -> None:
    written = [str(one.pattern).strip("^$").removesuffix("/?") for one in urls.urlpatterns]
    addresses = {re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", pattern) for pattern in written}

    told = {path.removeprefix("/").replace("{version}", "{number}") for path in described["paths"]}
    assert addresses - {"openapi.json"} == told


def test_every_shape_that_is_named_is_described(described: dict[str, Any]) -> None:
    named = set(re.findall(r"#/components/schemas/(\w+)", str(described)))

    assert named and named <= described["components"]["schemas"].keys()


def test_the_description_needs_no_token_and_names_the_server(described: dict[str, Any]) -> None:
    assert described["openapi"] == "3.1.0"
    assert described["servers"] == [{"url": "http://localhost/api/v1"}]
