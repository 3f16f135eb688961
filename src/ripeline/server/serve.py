"""`ripeline serve`: console, ingest, writer, worker and mirror in one process, until it is told to stop."""

import gc
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any

import uvicorn

from ripeline.scoring.jit import compiled_ahead, has_numba
from ripeline.server.asgi import Process, process
from ripeline.server.configuration import configuration
from ripeline.server.connection import Connection
from ripeline.server.control import Control
from ripeline.server.following import Follower
from ripeline.server.log.posting import post_of
from ripeline.server.log.worker import Worker
from ripeline.server.refused.resuming import Resumer
from ripeline.server.workspace import Local, held, make_current
from ripeline.translation import translated

GRACE_SECONDS = 10  # for requests under way when the process is told to stop

logger = logging.getLogger(__name__)


class AddressTakenError(Exception):
    """Nobody can listen there; the text says why and what to do."""


class Serving(uvicorn.Server):
    """Calls `ready` once requests are answered, and ends the endless streams when told to stop."""

    def __init__(self, config: uvicorn.Config, app: Process, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._app = app
        self._ready = ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn's own, but it does not send itself the signal again at the end: what runs beside must end too."""
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.close()
        await super().shutdown(sockets)


def run(
    folder: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    now: Callable[[], datetime],
    say: Callable[[str], None],
    ready: Callable[[str], None] = lambda _address: None,
) -> None:
    """Serves the workspace in `folder` until SIGTERM or SIGINT; `say` is told the addresses and what takes time.

    `ready` is called with the address once requests are answered. Port 0 takes a free one. Raises AddressTakenError,
    NoWorkspaceError, WorkspaceHeldError and ConfigurationError.
    """
    with _listening(host, port) as listener:
        address = _address(host, listener)
        with held(folder, now=now, address=address) as workspace:
            beside = Beside(workspace, now=now, say=say)
            app = process(workspace, now=now, missing=beside.missing, failed=beside.failed)

            def answering() -> None:
                say(translated("Ripeline serves {folder} on {address}", folder=workspace.folder, address=address))
                beside.start()
                ready(address)

            make_current(workspace)
            try:
                Serving(_config(app), app, answering).run(sockets=[listener])
            finally:
                beside.close()
                make_current(None)


class Beside:
    """What runs beside the answering of requests: worker, mirror, and the socket for the command line."""

    def __init__(self, workspace: Local, *, now: Callable[[], datetime], say: Callable[[str], None]) -> None:
        data = workspace.folder / "data"
        post = post_of(configuration(workspace.folder).mail, outbox=data / "outbox")
        self._writer = workspace.writer
        self._say = say
        self._worker = Worker(workspace.submit, post=post, now=now)
        self._follower = Follower(data / "ripeline.db", data / "lake")
        self._control = Control(workspace.folder, workspace.submit)
        self._resumer = Resumer(workspace.submit, now=now)
        self._warm: Future[Any] | None = None
        workspace.listeners.append(self._follower.heard)

    def start(self) -> None:
        """After the first request can be answered: loading the fold and the lake takes longer than that."""
        self._control.start()
        self._follower.start()
        self._worker.start()
        self._resumer.start()
        Thread(target=self._warm_up, name="warming", daemon=True).start()

    def missing(self) -> str | None:
        """What keeps events from being taken just now."""
        if self._warm is None or not self._warm.done():
            return translated("The fold is being loaded.")
        return self._writer.failure

    def failed(self) -> int:
        """How often something that was due could not be done."""
        return self._worker.failed

    def close(self) -> None:
        """In the opposite order; the mirror takes what was committed last."""
        self._control.close()
        self._resumer.close()
        self._worker.close()
        self._follower.close()

    def _warm_up(self) -> None:
        ahead = compiled_ahead()
        if not ahead and has_numba():
            self._say(translated("The fold is being compiled, which is done once; events wait for it."))
        self._warm = self._writer.warm()
        try:
            self._warm.result()
        except Exception:
            logger.exception("the fold could not be loaded")
        _leave_alone_what_stays()


def _leave_alone_what_stays() -> None:
    """What is loaded by now stays for good, and requests leave hardly any cycles: looking through it all is waste."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _config(app: Process) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=Connection,
        loop="uvloop",
        ws="none",
        access_log=False,
        proxy_headers=False,  # uvicorn believes whoever is on this machine; see `proxies`
        # Longer than SDKs and proxies keep a connection: it is not to be closed under a request on its way.
        timeout_keep_alive=75,
        log_level="error",  # what is no HTTP is told to whoever sent it
        timeout_graceful_shutdown=GRACE_SECONDS,
        server_header=False,
        backlog=2048,
    )


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        told = {"host": host, "port": port, "error": error.strerror}
        raise AddressTakenError(
            translated("{host}:{port} cannot be listened on: {error}. Name another with --host or --port.", **told)
        ) from error
    return listener


def _address(host: str, listener: socket.socket) -> str:
    shown = f"[{host}]" if ":" in host else {"0.0.0.0": "127.0.0.1"}.get(host, host)  # noqa: S104 - named, not bound
    return f"http://{shown}:{listener.getsockname()[1]}"
