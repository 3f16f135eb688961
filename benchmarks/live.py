"""Events a server CPU second: a real `ripeline serve` with a million events stored, loaded from another process.

    python benchmarks/live.py                 the bar: batches of 100, then single requests over 64 connections
    python benchmarks/live.py --lines         also where the time goes, line by line (a second run, a little slower)
    python benchmarks/live.py --stored 100000 --events 20000    a quick look

The CPU is that of the server with all its threads and children, mirror and checkpoints included, from /proc. The lake
sorts itself anew once a fifth is new, which a run does not reach; `history.py` tells what that costs.
"""

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import msgspec

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))  # run as a program, it finds its neighbours by the name mypy gives them

from benchmarks.live_client import Load, Sent  # noqa: E402 - after the path
from benchmarks.live_messages import Site, bodies  # noqa: E402
from benchmarks.live_stored import stored  # noqa: E402

IN_A_BATCH, CONNECTIONS, SINGLES, SINGLE_CONNECTIONS = 100, 16, 10_000, 64
BAR_BATCHES, BAR_SINGLES = 12_000, 3_000
TICK = os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stored", type=int, default=1_000_000, help="events in the log beforehand")
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--events", type=int, default=100_000, help="events to send in batches")
    parser.add_argument("--lines", action="store_true", help="where the time goes, line by line")
    parser.add_argument("--folder", type=Path, default=HERE.parent / "build" / "bench")
    told = parser.parse_args()
    with served(told.folder, told.stored, told.leads, lines=None) as (pid, load):
        warmed(load, told.leads)
        report("batches of 100", *measured(pid, load, batches(told.events, told.leads)), told.events, BAR_BATCHES)
        one_each = msgspec.structs.replace(load, path="/v1/track", connections=SINGLE_CONNECTIONS)
        report("single requests", *measured(pid, one_each, singles(told.leads)), SINGLES, BAR_SINGLES)
    if told.lines:
        places = told.folder / "lines.txt"
        with served(told.folder, told.stored, told.leads, lines=places) as (pid, load):
            warmed(load, told.leads)
            os.kill(pid, signal.SIGUSR1)
            measured(pid, load, batches(told.events, told.leads))
            os.kill(pid, signal.SIGUSR2)
            time.sleep(1)
        print(places.read_text())


def batches(events: int, leads: int) -> list[bytes]:
    """What comes now, as fast as it can: the run is over in seconds, so that is what its instants span."""
    lasts = timedelta(seconds=events / BAR_BATCHES)
    site = Site(seed=2, leads=leads)
    return list(bodies(site, events=events, in_a_batch=IN_A_BATCH, begins=datetime.now(UTC) - lasts, lasts=lasts))


def singles(leads: int) -> list[bytes]:
    """One event a request, of leads that are known."""
    lasts = timedelta(seconds=SINGLES / BAR_SINGLES)
    site, begins = Site(seed=3, leads=leads), datetime.now(UTC) - lasts
    messages = (site.message(begins + lasts * (number / SINGLES), new=0) for number in range(SINGLES))
    return [msgspec.json.encode({**message, "type": "track", "event": "Blog Read"}) for message in messages]


def warmed(load: Load, leads: int) -> None:
    """A server that has run for a while knows the ids it meets all the time."""
    site, begins = Site(seed=4, leads=leads), datetime.now(UTC) - timedelta(hours=2)
    told = bodies(site, events=leads // 2, in_a_batch=IN_A_BATCH, begins=begins, lasts=timedelta(hours=1))
    _sent(load, list(told))


def measured(pid: int, load: Load, told: list[bytes]) -> tuple[float, Sent]:
    """CPU seconds of the server, and how the load went."""
    before = cpu_seconds(pid)
    sent = _sent(load, told)
    time.sleep(1.0)  # what the server does after its answers belongs to it
    return cpu_seconds(pid) - before, sent


def _sent(load: Load, told: list[bytes]) -> Sent:
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = Path(folder, "asked"), Path(folder, "answered")
        asked.write_bytes(msgspec.msgpack.encode(msgspec.structs.replace(load, bodies=told)))
        subprocess.run([sys.executable, HERE / "live_client.py", asked, answered], check=True)
        return msgspec.msgpack.decode(answered.read_bytes(), type=Sent)


def report(what: str, cpu: float, sent: Sent, events: int, bar: int) -> None:
    """One line: the rate a CPU second against the bar, and beside it the wall clock."""
    latencies = sorted(sent.latencies)
    p50, p99 = statistics.median(latencies), latencies[int(len(latencies) * 0.99)]
    rate = events / cpu
    print(
        f"{what}: {rate:,.0f} events a server CPU second ({rate / bar:.2f} of the bar of {bar:,}; {1e6 / rate:.1f} µs "
        f"each); by the clock {events / sent.seconds:,.0f} a second, p50 {p50 * 1e3:.1f} ms, p99 {p99 * 1e3:.1f} ms",
        flush=True,
    )


def cpu_seconds(pid: int) -> float:
    """User and system time of a process, of its threads, and of its children, living and dead."""
    total = 0.0
    for number in (pid, *_children(pid)):
        fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
        total += sum(int(fields[place]) for place in (11, 12, 13, 14)) / TICK
    return total


def _children(pid: int) -> list[int]:
    return [int(child) for tasks in Path(f"/proc/{pid}/task").glob("*/children") for child in tasks.read_text().split()]


@contextmanager
def served(folder: Path, events: int, leads: int, *, lines: Path | None) -> Iterator[tuple[int, Load]]:
    """A server on a fresh copy of the stored workspace, ready to take events."""
    home, key = stored(folder, events=events, leads=leads)
    program: list[str | Path] = [sys.executable, "-c", PROGRAM, home]
    if lines is not None:
        program = [sys.executable, HERE / "live_lines.py", home, lines]
    environment = {**os.environ, "RIPELINE_WORKSPACE": str(home)}
    process = subprocess.Popen(program, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    try:
        address = "http://" + process.stdout.readline().strip().rpartition("http://")[2]
        while not _ready(address):
            time.sleep(0.2)
        url = urlsplit(address)
        assert url.hostname is not None and url.port is not None
        yield process.pid, Load(url.hostname, url.port, "/v1/batch", key, CONNECTIONS, [])
    finally:
        process.terminate()
        process.wait(timeout=120)


def _ready(address: str) -> bool:
    try:
        with urlopen(f"{address}/readyz") as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


PROGRAM = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from ripeline.server.serve import run
run(Path(sys.argv[1]), port=0, now=lambda: datetime.now(UTC), say=lambda text: print(text, flush=True))
"""

if __name__ == "__main__":
    main()
