"""A real `ripeline serve` that tests kill and start again, on the same port and folder."""

import json
import queue
import re
import signal
import sqlite3
import subprocess
import threading
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import httpx
from tests.served import RIPELINE, START_SECONDS, STARTER, hear, run

HELD = """
SELECT CASE kind WHEN 'track' THEN name ELSE kind END, message_id, occurred_at, body FROM event
WHERE instr(body, CAST(? AS BLOB)) ORDER BY seq
"""


class Held(NamedTuple):
    """An event in the log: what tells it apart, its id, when it happened (Unix microseconds), and its bytes."""

    label: str
    message_id: str
    occurred_at: int
    body: bytes

    @property
    def message(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.body)
        return told


class Product:
    """A workspace with the starter definition in force, and its server."""

    def __init__(self, folder: Path) -> None:
        made = run("init", folder)
        run("publish", folder, STARTER, "--signed", "marketing=Mia Mazur", "--signed", "sales=Sam Sundin")
        self.write_key: str = made["write_key"]
        self.port = 0  # any, and that one again
        self._token = made["api_token"]
        self._folder = folder
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Returns once it answers."""
        self._process = subprocess.Popen(
            [*RIPELINE, "serve", str(self._folder), "--port", str(self.port)], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        said: queue.Queue[str] = queue.Queue()
        self._hearing = threading.Thread(target=hear, args=(self._process.stdout, said), daemon=True)
        self._hearing.start()
        address = None
        while address is None:
            address = re.search(r"http://127\.0\.0\.1:(\d+)", said.get(timeout=START_SECONDS))
        self.port = int(address[1])

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Told to stop, or killed; returns when it is gone."""
        self._process.send_signal(how)
        self._process.wait(timeout=60)
        self._hearing.join(timeout=60)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def held(self, word: str) -> list[Held]:
        """The events in the log whose bytes hold `word`."""
        with closing(sqlite3.connect(f"file:{self._folder / 'data/ripeline.db'}?mode=ro", uri=True)) as db:
            return [Held(*row) for row in db.execute(HELD, (word,))]

    def asked(self, path: str, **parameters: str) -> Any:
        """What the JSON API answers."""
        headers = {"Authorization": f"Bearer {self._token}"}
        answer = httpx.get(f"{self.url}/api/v1/{path}", params=parameters, headers=headers, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()
