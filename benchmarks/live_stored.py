"""A workspace with a million events of 100,000 leads in it, its lake too, made once and copied for each run."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from time import process_time

import msgspec
from benchmarks.live_messages import LEADS, Site

from ripeline.events.batches import Batch, decode_batch
from ripeline.events.event import Event
from ripeline.server.log.commands import ImportHistory, KeepRep, KeyMade, NewKey, Publish, Signature
from ripeline.server.mirror import Mirror
from ripeline.server.workspace import opened

SIGNED = (Signature(team="marketing", name="Ada"), Signature(team="sales", name="Bob"))
IN_A_PART = 20_000


def stored(folder: Path, *, events: int, leads: int = LEADS) -> tuple[Path, str]:
    """A fresh copy of the workspace and its write key; made now if it is not there from before."""
    home = folder / f"live-{events}-{leads}"
    if not (home / "key").exists():
        shutil.rmtree(home, ignore_errors=True)
        _make(home, events, leads)
    copy = folder / "live-run"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(home, copy)
    os.sync()  # what was copied must not be written out on the clock
    return copy, (copy / "key").read_text()


def _make(home: Path, events: int, leads: int) -> None:
    home.mkdir(parents=True)
    (home / "ripeline.toml").touch()
    text = (Path(__file__).parent / "definition_45.yaml").read_text()
    before = process_time()
    with opened(home, now=_now) as workspace:
        workspace.submit(KeepRep(key="bob", name="Bob", email="bob@ourselves.example")).result()
        workspace.submit(Publish(text=text, signatures=SIGNED, at=_now())).result()
        history = _history(events, leads)
        while part := list(islice(history, IN_A_PART)):
            workspace.submit(ImportHistory(events=part, as_lived=True)).result()
        made = workspace.submit(NewKey(kind="write", name="site", at=_now())).result()
    assert isinstance(made, KeyMade)
    mirror = Mirror(home / "data" / "ripeline.db", home / "data" / "lake")
    mirror.catch_up()
    mirror.tidy()
    print(f"{events:,} events imported and in the lake in {process_time() - before:.1f} CPU s, making them included")
    (home / "key").write_text(made.secret)


def _history(events: int, leads: int) -> Iterator[Event]:
    """Half a year that ends now: everybody once, then the busy ones again and again."""
    site = Site(seed=1, leads=leads)
    begins = _now() - timedelta(days=180)
    step = timedelta(days=180) / events
    for start in range(0, events, 100):
        batch = []
        for number in range(start, min(start + 100, events)):
            at = begins + step * number
            batch.append(site.first(number, at) if number < leads else site.message(at, new=0, late=0))
        body = msgspec.json.encode({"batch": batch})
        decoded = decode_batch(body, source="site", received_at=begins + step * (start + 100))
        assert isinstance(decoded, Batch)
        yield from decoded.accepted


def _now() -> datetime:
    return datetime.now(UTC)
