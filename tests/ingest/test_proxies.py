"""What a proxy says of the client counts where the owner named it, and nowhere else."""

from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest
from tests.ingest.recorder import KEY, Recorder, door_before, serving

from ripeline.server.asgi import Process
from ripeline.server.ingest.answers import Answer, answer
from ripeline.server.live import Live
from ripeline.server.proxies import Proxies, Spelling

HEARD = {"x-forwarded-for": "192.0.2.7", "x-forwarded-proto": "https", "x-forwarded-host": "leads.example.com"}


def scope(headers: list[tuple[str, str]], *, client: str = "10.0.0.2") -> dict[str, Any]:
    told = [(b"host", b"inner:8000"), *((name.encode(), value.encode()) for name, value in headers)]
    return {"type": "http", "client": (client, 4711), "scheme": "http", "headers": told}


def seen(
    headers: list[tuple[str, str]], *, client: str = "10.0.0.2", spelling: Spelling = "x-forwarded"
) -> tuple[str, str, str]:
    """Address, scheme and host, behind proxies in 10.0.0.0/8."""
    found = Proxies(["10.0.0.0/8", "::1"], spelling=spelling).seen(scope(headers, client=client))
    return found["client"][0], found["scheme"], dict(found["headers"])[b"host"].decode()


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:4711", "192.0.2.7"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("203.0.113.9, 192.0.2.7", "192.0.2.7"),  # what stands before it, the client wrote
        ("203.0.113.9, 192.0.2.7, 10.0.0.3", "192.0.2.7"),
        ("10.0.0.5, 10.0.0.3", "10.0.0.5"),  # from within
        ("garbage, 192.0.2.7", "192.0.2.7"),
        ("192.0.2.7, unknown, 10.0.0.3", "10.0.0.3"),
        ("unknown", "10.0.0.2"),
        ("", "10.0.0.2"),
    ],
)
def test_the_client_is_the_last_who_is_no_trusted_proxy(told: str, address: str) -> None:
    assert seen([("x-forwarded-for", told)])[0] == address


def test_several_headers_are_one_list() -> None:
    told = [("x-forwarded-for", "203.0.113.9"), ("x-forwarded-for", "192.0.2.7"), ("x-forwarded-for", "10.0.0.3")]

    assert seen(told)[0] == "192.0.2.7"


@pytest.mark.parametrize("peer", ["192.0.2.1", "127.0.0.1", "::ffff:192.0.2.1", ""])
@pytest.mark.parametrize("spelling", ["x-forwarded", "forwarded"])
def test_nobody_else_is_believed(peer: str, spelling: Spelling) -> None:
    told = [*HEARD.items(), ("forwarded", "for=192.0.2.7;proto=https;host=leads.example.com")]

    assert seen(told, client=peer, spelling=spelling) == (peer, "http", "inner:8000")


def test_scheme_and_host_are_those_the_nearest_proxy_tells() -> None:
    told = {**HEARD, "x-forwarded-proto": "http, HTTPS", "x-forwarded-host": "evil.example, leads.example.com"}

    assert seen([*told.items()]) == ("192.0.2.7", "https", "leads.example.com")
    assert seen([("x-forwarded-proto", "https")]) == ("10.0.0.2", "https", "inner:8000")
    assert seen([("x-forwarded-proto", "gopher")])[1] == "http"


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("for=192.0.2.7;proto=https;host=a.example", ("192.0.2.7", "https", "a.example")),
        ('For="[2001:db8::1]:4711" ; Proto=HTTPS', ("2001:db8::1", "https", "inner:8000")),
        ('for=203.0.113.9;host="x,y", for=192.0.2.7;host=a.example, for=10.0.0.3', ("192.0.2.7", "http", "a.example")),
        ("for=_hidden;proto=https", ("10.0.0.2", "https", "inner:8000")),
        ('for="unfinished', ("10.0.0.2", "http", "inner:8000")),
        ("a" * 60_000, ("10.0.0.2", "http", "inner:8000")),
    ],
)
def test_forwarded_is_read_where_the_owner_chose_it(told: str, found: tuple[str, str, str]) -> None:
    assert seen([("forwarded", told)], spelling="forwarded") == found
    assert seen([("forwarded", told)]) == ("10.0.0.2", "http", "inner:8000")
    assert seen([*HEARD.items()], spelling="forwarded") == ("10.0.0.2", "http", "inner:8000")


@pytest.mark.parametrize(
    ("host", "scheme"),
    [("Leads.example.com", "https"), ("leads.example.com:443", "https"), ("localhost:8000", "http"), ("", "http")],
)
def test_a_console_that_is_reached_over_https_needs_no_word_of_a_proxy(host: str, scheme: str) -> None:
    asked = {**scope([]), "headers": [(b"host", host.encode())]}

    assert Proxies([], secure=["leads.example.com"]).seen(asked)["scheme"] == scheme


# --- in the process ---------------------------------------------------------------------------------------------------


async def django(scope: Any, _receive: Any, send: Any) -> None:
    await answer(send, Answer(200, msgspec.json.encode([scope["client"][0], scope["scheme"]])), ())


def process(proxies: Proxies | None) -> Process:
    live = Live(cookie="session", is_signed_in=bool, changes_since=lambda cursor: cursor)  # type: ignore[arg-type,return-value]  # never asked
    door = door_before(Recorder())
    return Process(door=door, live=live, django=django, missing=lambda: None, failed=int, proxies=proxies)


@pytest.fixture(params=[True, False], ids=["trusted", "not trusted"])
def trusted(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def client(trusted: bool) -> Iterator[httpx.Client]:
    app = process(Proxies(["127.0.0.1"]) if trusted else None)
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


def test_console_and_settings_see_the_client_as_it_was(client: httpx.Client, trusted: bool) -> None:
    page = client.get("/sign-in/", headers=HEARD).json()
    told = client.get(f"/v1/projects/{KEY}/settings", headers=HEARD).json()["integrations"]["Segment.io"]

    own = client.base_url.netloc.decode()
    assert page == (["192.0.2.7", "https"] if trusted else ["127.0.0.1", "http"])
    assert told["apiHost"] == ("leads.example.com/v1" if trusted else f"{own}/v1")
    assert told["protocol"] == ("https" if trusted else "http")


def test_a_host_a_proxy_tells_is_looked_at_like_any_other(client: httpx.Client, trusted: bool) -> None:
    answer = client.get(f"/v1/projects/{KEY}/settings", headers={**HEARD, "x-forwarded-host": "a/b"})

    assert answer.status_code == (400 if trusted else 200)
