"""Stands between an SDK and the real server, and lets it meet what servers do on a bad day.

What is answered in the server's stead is what the door itself would answer, CORS headers and all.
"""

import gzip
import http.client
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from ripeline.server.ingest.answers import OVERLOADED, Answer, failure
from ripeline.server.ingest.cors import cors_headers

PATIENCE_SECONDS = 60
OF_A_CONNECTION = {"connection", "keep-alive", "transfer-encoding"}
FAILED = failure(500, "failed", "Something went wrong.")


class Fault(NamedTuple):
    """What happens to a request: whether the server stores it nevertheless, and what is said; None cuts the line."""

    name: str
    stored: bool
    said: Answer | None
    times: int = 1  # for each message

    @property
    def status(self) -> int | None:
        """What the SDK is told; None where it hears nothing."""
        return None if self.said is None else self.said.status


STORED_AND_FAILED = Fault("stored, and 500 said", stored=True, said=FAILED)
FAULTS = (
    Fault("500, twice", stored=False, said=FAILED, times=2),
    Fault("429 with Retry-After", stored=False, said=OVERLOADED),
    STORED_AND_FAILED,
    Fault("stored, and the line cut", stored=True, said=None),
)


class Sent(NamedTuple):
    """One request of an SDK: the ids of its messages, and the status it was told; None where there was no answer."""

    ids: frozenset[str]
    told: int | None


class Wire:
    """`fault` befalls every message the first times it comes.

    `upon` is called with the number of each request when the server has it in hand. `found_nobody` counts those that
    came while no server was there.
    """

    def __init__(self, port: int, *, fault: Fault | None = None, upon: Callable[[int], None] | None = None) -> None:
        self._port = port
        self._fault = fault
        self._upon = upon
        self._met: Counter[str] = Counter()
        self._sent: list[Sent] = []
        self._changed = threading.Condition()
        self._one_at_a_time = threading.Lock()
        self._requests = 0
        self.found_nobody = 0

    @property
    def ids(self) -> set[str]:
        """Of all messages that were sent."""
        return {id for sent in self._sent for id in sent.ids}

    @property
    def accepted(self) -> set[str]:
        """Those of which the SDK was told that they are stored."""
        return {id for sent in self._sent if sent.told == 200 for id in sent.ids}

    @property
    def told(self) -> list[int | None]:
        """What was answered, in that order."""
        return [sent.told for sent in self._sent]

    def wait_until(self, holds: Callable[[], bool], what: str) -> None:
        """Returns as soon as what was sent and answered makes `holds` true."""
        with self._changed:
            assert self._changed.wait_for(holds, PATIENCE_SECONDS), f"{what}: {self.told}"

    def carry(self, request: "Request", body: bytes) -> None:
        """Answers `request`, itself or by what the server says; what brings no events never fails."""
        if request.command != "POST":
            request.answer(self._passed_on(request, body))
            return
        ids = message_ids(body)
        with self._changed:
            fault = self._falling_on(ids)
        reply = None
        if fault is None or fault.stored:
            reply = self._in_turn(request, body)
        if fault is not None:
            reply = (
                None if fault.said is None else (fault.said.status, headers_of(fault.said, request), fault.said.body)
            )
        with self._changed:  # before the SDK hears of it: what it does next comes after
            self._sent.append(Sent(ids, None if reply is None else reply[0]))
            self._changed.notify_all()
        request.answer(reply)

    def _in_turn(self, request: "Request", body: bytes) -> "Reply | None":
        """What the server says; where something is done to it meanwhile, the requests after this one find it done."""
        upon = self._upon
        if upon is None:
            return self._passed_on(request, body)
        with self._one_at_a_time:
            self._requests += 1
            return self._passed_on(request, body, lambda: upon(self._requests))

    def _falling_on(self, ids: frozenset[str]) -> Fault | None:
        fault = self._fault
        if fault is None or not ids or min(self._met[id] for id in ids) >= fault.times:
            return None
        self._met.update(ids)
        return fault

    def _passed_on(
        self, request: "Request", body: bytes, meanwhile: Callable[[], object] = lambda: None
    ) -> "Reply | None":
        """What the server says; None where it is dead. `meanwhile` is called when it has the request in hand."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_SECONDS)
        try:
            connection.request(request.command, request.path, body, passed_on(request))
            meanwhile()
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        except ConnectionRefusedError:
            with self._changed:
                self.found_nobody += 1
                self._changed.notify_all()
            return None
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()


Reply = tuple[int, list[tuple[str, str]], bytes]


class Request(BaseHTTPRequestHandler):
    """One connection of an SDK."""

    protocol_version = "HTTP/1.1"
    wire: Wire

    def _carry(self) -> None:
        self.wire.carry(self, self.rfile.read(int(self.headers.get("Content-Length", 0))))

    do_GET = do_OPTIONS = do_POST = _carry  # noqa: N815 - so the standard library calls them

    def answer(self, reply: Reply | None) -> None:
        if reply is None:
            self.close_connection = True
            return
        status, headers, body = reply
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in OF_A_CONNECTION:
                self.send_header(name, value)
        with suppress(OSError):  # whoever asked may have left
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - so the standard library calls it
        """Nothing is printed."""


@contextmanager
def carrying(wire: Wire) -> Iterator[str]:
    """The address under which SDKs reach the server by way of `wire`."""

    class Here(Request):
        pass

    Here.wire = wire
    with ThreadingHTTPServer(("127.0.0.1", 0), Here) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def message_ids(body: bytes) -> frozenset[str]:
    """The `messageId` of each message in a body, be it one or a batch, packed or not."""
    if not body:
        return frozenset()
    told = json.loads(gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body)
    return frozenset(message["messageId"] for message in told.get("batch", [told]))


def passed_on(request: Request) -> dict[str, str]:
    """The headers as sent, but for those of the connection."""
    return {name: value for name, value in request.headers.items() if name.lower() not in OF_A_CONNECTION}


def headers_of(answer: Answer, request: Request) -> list[tuple[str, str]]:
    """The headers with which the door would send `answer`."""
    origin = request.headers.get("Origin")
    headers = (
        (b"content-type", answer.content_type),
        (b"content-length", b"%d" % len(answer.body)),
        *cors_headers(None if origin is None else origin.encode()),
        *answer.headers,
    )
    return [(name.decode(), value.decode()) for name, value in headers]
