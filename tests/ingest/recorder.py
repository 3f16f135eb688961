"""A door in a real server, with a recorder where the writer would be."""

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import uvicorn

from ripeline.events.event import Event
from ripeline.events.refusal import Refusal
from ripeline.server.connection import Connection
from ripeline.server.ingest.door import Door, Limits
from ripeline.server.log.commands import ImportHistory, Ingest, Ingested
from ripeline.server.log.keyring import KeyRing, Opening, hashed

KEY, OTHER_KEY, API_TOKEN = "wk_site", "wk_shop", "at_api"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Recorder:
    """Keeps what is submitted, and answers from a thread of its own as the writer does; `error` fails it all."""

    def __init__(self) -> None:
        self.commands: list[Ingest | ImportHistory] = []
        self.error: BaseException | None = None
        self.free = threading.Event()  # cleared, nothing is answered
        self.free.set()

    def forget(self) -> None:
        """As new, for the next test of the same server."""
        self.commands.clear()
        self.error = None

    def submit(self, command: Ingest | ImportHistory) -> "Future[Any]":
        future: Future[Any] = Future()
        threading.Thread(target=self._answer, args=(command, future)).start()
        return future

    def _answer(self, command: Ingest | ImportHistory, future: "Future[Any]") -> None:
        self.free.wait(timeout=60)
        if self.error is not None:
            future.set_exception(self.error)
            return
        self.commands.append(command)
        future.set_result(Ingested(stored=len(brought(command)), duplicates=0, refused=len(command.refused)))

    @property
    def events(self) -> list[Event]:
        return [event for command in self.commands for event in brought(command)]

    @property
    def refused(self) -> list[Refusal]:
        return [refusal for command in self.commands for refusal in command.refused]


def brought(command: Ingest | ImportHistory) -> Sequence[Event]:
    return command.events if isinstance(command, ImportHistory) else command.accepted


def known_keys() -> KeyRing:
    keys = KeyRing()
    known = {
        KEY: Opening(1, "write", "site"),
        API_TOKEN: Opening(2, "api", "reports"),
        OTHER_KEY: Opening(3, "write", "shop"),
    }
    keys.replace((hashed(secret), opening) for secret, opening in known.items())
    return keys


def door_before(recorder: Recorder, *, limits: Limits | None = None) -> Door:
    return Door(submit=recorder.submit, keys=known_keys(), now=lambda: NOW, limits=limits)


@contextmanager
def serving(app: Callable[..., Any]) -> Iterator[str]:
    """The address of a real server that runs `app` on a free port until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:  # from here on a client waits instead of failing
        config = uvicorn.Config(
            app, log_config=None, http=Connection, loop="uvloop", lifespan="off", ws="none", proxy_headers=False
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
