from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from random import Random
from threading import Thread

import httpx
import pytest

from ripeline.demo.company.people import person
from ripeline.demo.shop.server import Shop
from ripeline.demo.visitors import arrivals

NOW = datetime(2026, 10, 30, 15, 20, tzinfo=UTC)


@pytest.fixture
def shop() -> Iterator[str]:
    with Shop(0, door="http://127.0.0.1:8000", write_key="wk_x", console="http://127.0.0.1:8000") as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.address
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("path", ["/", "/guide", "/pricing", "/careers", "/demo"])
def test_every_page_has_its_plain_path(shop: str, path: str) -> None:
    page = httpx.get(shop + path)

    assert page.status_code == 200
    assert "shop.js" in page.text


def test_the_pages_are_told_where_the_door_is(shop: str) -> None:
    assert '"writeKey": "wk_x"' in httpx.get(f"{shop}/settings.js").text


def test_an_unknown_page_is_not_found(shop: str) -> None:
    assert httpx.get(f"{shop}/nothing").status_code == 404
    assert httpx.get(f"{shop}/../server.py").status_code == 404


def test_pages_may_load_nothing_from_elsewhere(shop: str) -> None:
    assert "default-src 'none'" in httpx.get(shop).headers["content-security-policy"]


def test_live_visitors_never_end() -> None:
    messages = list(islice(arrivals(now=lambda: NOW, random=Random(1)), 500))

    assert {"page", "identify", "track"} <= {message.body["type"] for message in messages}


def test_a_person_is_who_their_number_says() -> None:
    assert person(17, Random(2)) == person(17, Random(2))
