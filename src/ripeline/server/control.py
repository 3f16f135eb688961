"""A running server is asked, not bypassed: a line of JSON in, a line out, over a socket in the workspace's folder."""

import logging
import os
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any

import msgspec

from ripeline.criteria.problem import Problem
from ripeline.server.log import commands
from ripeline.server.log.change import Change
from ripeline.server.log.commands import Answer, Command, CommandError
from ripeline.server.log.keyring import KeyRing

LONGEST_PATH = 100  # of a socket's address; the system's limit is 108 bytes, 104 on some
PATIENCE_SECONDS = 600  # a long import may be under way

logger = logging.getLogger(__name__)


class Failure(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What a command raised, as the other side raises it again."""

    code: str
    message: str
    why: str = ""
    values: dict[str, str | int] = {}
    who: str = ""
    when: datetime | None = None
    problems: tuple[Problem, ...] = ()


_ASKABLE = commands.ASKABLE
_ANSWERS = commands.ANSWERS
_read_command = msgspec.json.Decoder(_ASKABLE).decode
_read_answer = msgspec.json.Decoder(_ANSWERS | Failure).decode


class Control:
    """The server's end. `submit` carries out what is asked."""

    def __init__(self, folder: Path, submit: Callable[[Command], "Future[Any]"]) -> None:
        self._path = folder / "data" / "control.sock"
        self._submit = submit
        self._path.unlink(missing_ok=True)  # of a process that died: the lock is ours now
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with _address(self._path) as address:
            self._socket.bind(address)
        self._path.chmod(0o600)
        self._socket.listen()
        self._thread = Thread(target=self._serve, name="control", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        if self._thread.is_alive():
            self._thread.join()
        self._path.unlink(missing_ok=True)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            Thread(target=self._converse, args=(connection,), name="control-line", daemon=True).start()

    def _converse(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rwb") as stream, suppress(OSError):
            for line in stream:
                stream.write(self._answered(line) + b"\n")
                stream.flush()

    def _answered(self, line: bytes) -> bytes:
        try:
            answer: Answer | Failure = self._submit(_read_command(line)).result()
        except msgspec.DecodeError as error:
            answer = Failure(code="not-a-command", message=str(error))
        except CommandError as error:
            answer = told(error)
        except Exception:
            logger.exception("a command over the control socket failed")
            answer = Failure(code="internal", message="the server failed; its log says how")
        return msgspec.json.encode(answer)


class Asked:
    """A workspace that a running server holds: `submit` asks that server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.keys = KeyRing()
        self.listeners: list[Callable[[Change], None]] = []

    def answers(self) -> bool:
        """Whether the server listens."""
        try:
            self._connected().close()
        except OSError:
            return False
        return True

    def submit(self, command: Command) -> "Future[Any]":
        """Asks the server and waits for its answer."""
        future: Future[Any] = Future()
        try:
            with self._connected() as connection, connection.makefile("rwb") as stream:
                stream.write(msgspec.json.encode(command) + b"\n")
                stream.flush()
                answer = _read_answer(stream.readline())
        except (OSError, msgspec.DecodeError) as error:
            future.set_exception(commands.StoreUnavailable(f"the running server did not answer: {error}"))
            return future
        if isinstance(answer, Failure):
            future.set_exception(raised(answer))
        else:
            future.set_result(answer)
        return future

    def _connected(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(PATIENCE_SECONDS)
        try:
            with _address(self.folder / "data" / "control.sock") as address:
                connection.connect(address)
        except OSError:
            connection.close()
            raise
        return connection


def told(error: CommandError) -> Failure:
    """An error as it goes over the line."""
    failure = Failure(code=error.code, message=str(error))
    if isinstance(error, commands.Refused):
        values = {name: value for name, value in error.values.items() if not isinstance(value, datetime)}
        failure = msgspec.structs.replace(failure, why=error.why, values=values)
    if isinstance(error, commands.Conflict):
        return msgspec.structs.replace(failure, who=error.who, when=error.when)
    if isinstance(error, commands.NotADefinition):
        return msgspec.structs.replace(failure, problems=error.problems)
    return failure


def raised(failure: Failure) -> CommandError:
    """The error that came over the line."""
    if failure.code == commands.Conflict.code and failure.when is not None:
        values = {name: value for name, value in failure.values.items() if name != "stage"}
        stage = str(failure.values.get("stage", ""))
        return commands.Conflict(failure.why, who=failure.who, when=failure.when, stage=stage, **values)
    refused = {kind.code: kind for kind in (commands.UnknownLead, commands.UnknownRefused, commands.NotAllowed)}
    if failure.code in refused:
        return refused[failure.code](failure.why, **failure.values)
    if failure.code == commands.NotADefinition.code:
        return commands.NotADefinition(failure.message, problems=failure.problems)
    kinds = {kind.code: kind for kind in CommandError.__subclasses__()}
    return kinds.get(failure.code, CommandError)(failure.message)


@contextmanager
def _address(path: Path) -> Iterator[str]:
    """`path` short enough for a socket: by way of an open folder where it is too long."""
    if len(os.fsencode(path)) <= LONGEST_PATH:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
