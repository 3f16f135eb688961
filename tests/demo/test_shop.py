import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from random import Random
from threading import Thread

import httpx
import pytest
from tests.ingest.recorder import KEY, Recorder, door_before, serving
from tests.ingest.recorder import NOW as RECEIVED

from ripeline.demo.company.people import person
from ripeline.demo.shop.server import Shop
from ripeline.demo.visitors import arrivals, post

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


@pytest.mark.parametrize(
    "path", ["/../server.py", "/%2e%2e/server.py", "/..%2fserver", "//etc/hostname", "/guide/../../server.py"]
)
def test_nothing_but_the_pages_is_served(shop: str, path: str) -> None:
    with socket.create_connection(("127.0.0.1", int(shop.rpartition(":")[2])), timeout=30) as client:  # as written
        client.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
        status = client.recv(100)

    assert status.split()[1] == b"404"


def test_a_door_that_does_not_answer_ends_no_visits() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        nobody = f"http://127.0.0.1:{listener.getsockname()[1]}"

    assert not post(nobody, "wk_x", {})


def test_visits_go_to_the_door_and_through_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder()
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with serving(door_before(recorder)) as door:
        assert post(
            door, KEY, next(arrivals(now=lambda: NOW, random=Random(1))).body | {"timestamp": RECEIVED.isoformat()}
        )

    assert len(recorder.events) == 1


def test_pages_may_load_nothing_from_elsewhere(shop: str) -> None:
    assert "default-src 'none'" in httpx.get(shop).headers["content-security-policy"]


def test_live_visitors_never_end() -> None:
    messages = list(islice(arrivals(now=lambda: NOW, random=Random(1)), 500))

    assert {"page", "identify", "track"} <= {message.body["type"] for message in messages}


def test_a_person_is_who_their_number_says() -> None:
    assert person(17, Random(2)) == person(17, Random(2))
