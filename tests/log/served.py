"""A real `serve` in a process of its own, which tests talk to over HTTP and kill."""

import http.client
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

PROGRAM = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from ripeline.server.serve import run
run(Path(sys.argv[1]), port=0, now=lambda: datetime.now(UTC), say=lambda text: print(text, flush=True))
"""


class Served:
    """A running server."""

    def __init__(self, process: "subprocess.Popen[str]", address: str) -> None:
        self.process = process
        self.address = address

    def kill(self) -> None:
        """As power loss would, but for the disk."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """As an operator would; returns the exit code."""
        self.process.terminate()
        return self.process.wait(timeout=60)


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """`folder` served on a free port until the test ends or kills it."""
    environment = {**os.environ, "RIPELINE_WORKSPACE": str(folder)}
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder)], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        yield Served(process, "http://" + line.strip().rpartition("http://")[2])
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


class Sender:
    """One connection of an SDK."""

    def __init__(self, address: str, key: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        self._headers = {"authorization": "Basic " + b64encode(f"{key}:".encode()).decode()}

    def send(self, messages: Sequence[dict[str, Any]]) -> int:
        """The status of the answer. Raises OSError or HTTPException where there was none."""
        self._connection.request("POST", "/v1/batch", msgspec.json.encode({"batch": messages}), self._headers)
        answer = self._connection.getresponse()
        answer.read()
        return answer.status

    def close(self) -> None:
        self._connection.close()
