"""A real `ripeline serve` over a workspace of its own, for the tests that drive a browser."""

import json
import queue
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, NamedTuple
from uuid import uuid4

import httpx
import pytest

import ripeline.definition

STARTER = Path(ripeline.definition.__file__).parent / "templates/definition.yaml"
RIPELINE = [sys.executable, "-c", "from ripeline.cli import main; main()"]
START_SECONDS = 60


class Served(NamedTuple):
    """Where the console answers, and what opens it. Ada administers, Sam sells."""

    url: str
    write_key: str
    passwords: dict[str, str]
    sessions: dict[str, Any]  # who signed in already: hashing a password takes half a second, on purpose

    def send(self, *messages: dict[str, Any]) -> None:
        """Through the door, as an SDK would."""
        stamped = [{"type": "track", "messageId": uuid4().hex, "timestamp": now(), **message} for message in messages]
        answer = httpx.post(f"{self.url}/v1/batch", json={"batch": stamped}, auth=(self.write_key, ""), timeout=30)
        assert answer.status_code == 200, answer.text

    def signed_in(self, who: str) -> Any:
        """The cookies of somebody signed in, as Playwright's `storage_state`."""
        if who not in self.sessions:
            self.sessions[who] = self._signing_in(who)
        return self.sessions[who]

    def _signing_in(self, who: str) -> Any:
        with httpx.Client(base_url=self.url, follow_redirects=True) as client:
            page = client.get("/sign-in/").text
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
            assert token is not None
            form = {"email": email(who), "password": self.passwords[who], "csrfmiddlewaretoken": token[1]}
            client.post("/sign-in/", data=form, headers={"Referer": self.url})
            cookies = [
                {"name": one.name, "value": one.value, "domain": "127.0.0.1", "path": "/", "expires": -1}
                | {"httpOnly": True, "secure": False, "sameSite": "Lax"}
                for one in client.cookies.jar
            ]
        return {"cookies": cookies, "origins": []}


def now() -> str:
    return datetime.now(UTC).isoformat()


def email(who: str) -> str:
    return f"{who}@ours.example"


def run(*words: str | Path) -> Any:
    """A command of `ripeline`, its answer as JSON."""
    command = [*RIPELINE, *map(str, words), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def hear(stream: IO[str], said: "queue.Queue[str]") -> None:
    for line in stream:
        said.put(line)


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a server on a port of its own, ended by its process."""
    process = subprocess.Popen([*RIPELINE, "serve", str(folder), "--port", "0"], stdout=subprocess.PIPE, text=True)
    said: queue.Queue[str] = queue.Queue()
    assert process.stdout is not None
    hearing = threading.Thread(target=hear, args=(process.stdout, said), daemon=True)
    hearing.start()
    try:
        address = None
        while address is None:
            address = re.search(r"http://127\.0\.0\.1:\d+", said.get(timeout=START_SECONDS))
        yield address[0]
    finally:
        process.terminate()
        process.wait(timeout=30)
        hearing.join(timeout=30)
        process.stdout.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The starter definition in force, two people, and nobody who came yet."""
    folder = tmp_path_factory.mktemp("served") / "workspace"
    made = run("init", folder, "--admin", email("ada"))
    sam = run("user", folder, "add", email("sam"), "--name", "Sam Sundin", "--team", "sales")
    run("publish", folder, STARTER, "--signed", "marketing=Mia Mazur", "--signed", "sales=Sam Sundin")
    with serving(folder) as url:
        yield Served(url, made["write_key"], {"ada": made["admin"]["password"], "sam": sam["password"]}, {})
