"""Clients that begin and do not go on, or never come to the point, on real sockets."""

import socket
from base64 import b64encode
from contextlib import suppress

import pytest
from tests.ingest.recorder import KEY, Recorder, door_before, serving

from ripeline.server import connection
from ripeline.server.connection import LARGEST_HEAD
from ripeline.server.ingest.door import Limits

HEAD = b"POST /v1/track HTTP/1.1\r\nHost: x\r\nAuthorization: Basic " + b64encode(f"{KEY}:".encode()) + b"\r\n"


def told(address: str, *pieces: bytes) -> bytes:
    """What the server says to these bytes until it closes the connection, or has said a whole answer."""
    host, _, port = address.removeprefix("http://").partition(":")
    said = b""
    # It may close while we still speak; then its last words can be lost.
    with socket.create_connection((host, int(port)), timeout=20) as client, suppress(ConnectionError):
        for piece in pieces:
            client.sendall(piece)
        while not said.endswith(b"}") and (more := client.recv(65_536)):
            said += more
    return said


@pytest.mark.parametrize("sent", [b"", b"{"])
def test_a_body_that_stops_arriving_is_answered_408(sent: bytes) -> None:
    recorder = Recorder()
    door = door_before(recorder, limits=Limits(body_seconds=0.05))
    with serving(door) as address:
        answer = told(address, HEAD + b"Content-Length: 50\r\n\r\n" + sent)

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"body-incomplete" in answer
    assert (recorder.commands, door.waiting.held) == ([], 0)


@pytest.mark.parametrize(
    "begun",
    [
        b"GET /v1/track HTTP/1.1\r\nX: ",
        b"GET /v1/track?",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX: ",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n2;",
    ],
    ids=["header", "address", "trailer", "extension of a chunk"],
)
def test_a_head_without_end_is_refused(begun: bytes) -> None:
    with serving(door_before(Recorder())) as address:
        answer = told(address, begun, b"a" * (16 * LARGEST_HEAD))

    assert answer == b"" or answer.startswith(b"HTTP/1.1 400 ")


def test_a_body_larger_than_any_head_is_no_head() -> None:
    recorder = Recorder()
    body = b'{"event":"A","userId":"ada","properties":{"text":"' + b"x" * (3 * LARGEST_HEAD) + b'"}}'
    with serving(door_before(recorder)) as address:
        answer = told(address, HEAD + b"Content-Length: %d\r\n\r\n" % len(body), body)

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert len(recorder.events) == 1


def test_a_connection_on_which_nothing_comes_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.05)
    with serving(door_before(Recorder())) as address:
        assert told(address) == b""
        assert told(address, b"GET /v1/track HTTP/1.1\r\nX: a") == b""
