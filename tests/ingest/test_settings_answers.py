"""What browsers' SDKs ask before they send."""

import base64
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from tests.ingest.recorder import KEY, Recorder, door_before, serving


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with serving(door_before(Recorder())) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("host", ["leads.example.com", "leads.example.com:8443", "127.0.0.1:8000", "[::1]:8000"])
def test_segments_sdk_is_told_to_send_where_it_asked(client: httpx.Client, host: str, slash: str) -> None:
    answer = client.get(f"/v1/projects/{KEY}/settings{slash}", headers={"host": host})

    destination = {"apiKey": KEY, "apiHost": f"{host}/v1", "protocol": "http"}
    assert answer.status_code == 200
    assert answer.json() == {"integrations": {"Segment.io": destination}, "plan": {}, "edgeFunction": {}}
    assert answer.headers["cache-control"].startswith("private")


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("by", ["header", "address"])
def test_rudderstacks_sdk_is_told_that_its_source_is_enabled(client: httpx.Client, by: str, slash: str) -> None:
    headers = {"authorization": "Basic " + base64.b64encode(f"{KEY}:".encode()).decode()} if by == "header" else {}
    query = f"?p=npm&v=3&build=modern&writeKey={KEY}" if by == "address" else "?p=npm"
    answer = client.get(f"/sourceConfig{slash}{query}", headers={**headers, "origin": "https://shop.example"})

    source = answer.json()["source"]
    assert answer.status_code == 200
    assert (source["writeKey"], source["enabled"], source["destinations"]) == (KEY, True, [])
    assert source["config"]["statsCollection"] == {"errors": {"enabled": False}, "metrics": {"enabled": False}}
    assert answer.headers["access-control-allow-origin"] == "https://shop.example"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/projects/wk_gone/settings", 404),
        ("/v1/projects//settings", 404),
        ("/sourceConfig/", 401),
        ("/sourceConfig/?writeKey=wk_gone", 401),
    ],
)
def test_an_unknown_key_is_told_as_json(client: httpx.Client, path: str, status: int) -> None:
    answer = client.get(path)

    assert (answer.status_code, set(answer.json())) == (status, {"code", "message"})


@pytest.mark.parametrize("host", ['a"b', "a/b", "a b", "<script>", "user@host", "a:b", "é", "a" * 300])
def test_a_host_that_is_none_is_not_told_on(client: httpx.Client, host: str) -> None:
    answer = client.get(f"/v1/projects/{KEY}/settings", headers={b"host": host.encode()})

    assert (answer.status_code, answer.json()["code"]) == (400, "bad-host")


def test_who_names_no_host_is_told_the_address(client: httpx.Client) -> None:
    at = urlsplit(str(client.base_url))
    with socket.create_connection((at.hostname, at.port), timeout=20) as speaking:
        speaking.sendall(b"GET /v1/projects/%s/settings HTTP/1.0\r\n\r\n" % KEY.encode())
        said = b"".join(iter(lambda: speaking.recv(65_536), b""))

    assert b'"apiHost":"%s/v1"' % at.netloc.encode() in said


@pytest.mark.parametrize("path", ["/sourceConfig/", f"/v1/projects/{KEY}/settings", "/v1/pixel/track"])
def test_settings_and_pixels_are_asked_for_with_get(client: httpx.Client, path: str) -> None:
    preflight = client.options(path, headers={"origin": "https://a.example", "access-control-request-headers": "x-y"})
    answer = client.post(path, auth=(KEY, ""))

    assert (preflight.status_code, preflight.headers["access-control-allow-headers"]) == (200, "x-y")
    assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")
