"""What the tests of the log share: a clock that they move, an agreement, and a workspace with short ways to use it."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from ripeline.events.batches import Batch, decode_batch
from ripeline.server.log.commands import Answer, Command, Ingest, Ingested, KeepRep, Publish, Signature
from ripeline.server.migrating import set_up_django
from ripeline.server.workspace import Local

set_up_django(Path("nowhere"))  # so that queries can be imported; each workspace is set up for when it is opened

MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)  # a Monday
SIGNED = (Signature(team="marketing", name="Ada"), Signature(team="sales", name="Bob"))

AGREEMENT = """
definition: trial
minimum_profile: [email]
scores:
  engagement:
    half_life: 30 days
    criteria:
      demo: {on: Demo Requested, points: 40}
      page: {on: Page Viewed, points: 5, limit: 3 per day}
stages:
  mql:
    when: {all: [minimum_profile, {total: {at_least: 50}}]}
    at_once: [Call Requested]
    answer_within: 4 hours
  sal:
    reject_reasons:
      not_a_fit: disqualified
      not_now: {recycled: 30 days}
  recycled: {reset: engagement}
"""


class Clock:
    """Time as the test says it is."""

    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


class Desk:
    """A workspace with what tests do to it every time."""

    def __init__(self, opened: Local, clock: Clock) -> None:
        self.workspace = opened
        self.clock = clock
        self._sent = 0

    def do(self, command: Command) -> Any:
        """The command's answer; raises its error."""
        return self.workspace.submit(command).result(timeout=300)

    def send(self, *messages: dict[str, Any], source: str = "site") -> Ingested:
        """Messages as a site sends them; a missing `type`, id or time is filled in."""
        answer: Ingested = self.do(Ingest(source=source, accepted=self.decoded(*messages, source=source).accepted))
        return answer

    def decoded(self, *messages: dict[str, Any], source: str = "site") -> Batch:
        whole = []
        for message in messages:
            self._sent += 1
            defaults = {"type": "track", "messageId": f"m{self._sent}", "timestamp": self.clock.now.isoformat()}
            whole.append({**defaults, **message})
        batch = decode_batch(msgspec.json.encode({"batch": whole}), source=source, received_at=self.clock.now)
        assert isinstance(batch, Batch)
        return batch

    def publish(self, text: str = AGREEMENT, **how: Any) -> Answer:
        published: Answer = self.do(Publish(text=text, signatures=SIGNED, at=self.clock.now, **how))
        return published

    def hire(self, *names: str) -> None:
        """Reps whose keys are their names."""
        for name in names:
            self.do(KeepRep(key=name, name=name.title(), email=f"{name}@ourselves.example"))

    def rename_agreement(self) -> None:
        """What is in force was published under another key, as releases allowed that are gone."""
        with sqlite3.connect(self.workspace.folder / "data" / "ripeline.db") as db:
            db.execute("UPDATE definition SET key = 'earlier'")
        db.close()
