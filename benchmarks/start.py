"""How long a start takes: `ripeline serve` to its first answer, and `make run` on a fresh machine to the first page.

    python benchmarks/start.py            serve, an empty workspace, five times
    python benchmarks/start.py --fresh    also a clone of this checkout with a fresh HOME: what it downloads and costs

CPU is user and system time of the process with all its threads and children. `serve` is killed by its first answer, so
that neither stopping counts nor what it loads afterwards; it is a second start, whose byte code is there. `make run` is
counted whole. The yardsticks are a Python that only loads Django, and the bars of the issue. Exit 1: a bar is missed.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from http.client import HTTPConnection
from pathlib import Path
from socket import create_server
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 5
SIGN_IN = "/sign-in/"
SERVE_CPU, FRESH_CPU, FRESH_MB = 2.0, 90.0, 300.0


class Start(NamedTuple):
    """Seconds until the first answer, and CPU seconds of everything that ran for it."""

    wall: float
    cpu: float


def free_port() -> int:
    with create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def answered(port: int, path: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 400
    except OSError:
        return False
    finally:
        connection.close()


def started(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    env: dict[str, str],
    answers: Callable[[], bool],
    end: signal.Signals = signal.SIGTERM,
) -> Start:
    """Run `command` until it answers, then end it with all that it started."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, env=env, stdout=subprocess.DEVNULL, start_new_session=True)
    while not answers():
        if process.poll() is not None:
            sys.exit(f"{' '.join(map(str, command))} ended with {process.returncode} before it answered")
        time.sleep(0.02)
    wall = time.perf_counter() - begun
    os.killpg(process.pid, end)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Start(wall, used.ru_utime + used.ru_stime)


def warmed() -> dict[str, str]:
    """An environment in which the first start leaves its byte code to the second, as it does unless told not to."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def serve(folder: Path) -> Start:
    port = free_port()
    command: list[str | Path] = [Path(sys.executable).with_name("ripeline"), "serve", folder, "--port", str(port)]
    return started(command, cwd=folder, env=warmed(), answers=lambda: answered(port, "/healthz"), end=signal.SIGKILL)


def django_alone() -> float:
    """CPU seconds of a Python that loads Django with our settings and does nothing else."""
    code = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'ripeline.server.settings'; django.setup()"
    process = subprocess.Popen([sys.executable, "-c", code], env=warmed())
    _, _, used = os.wait4(process.pid, 0)
    return float(used.ru_utime + used.ru_stime)


def measure_serve(folder: Path) -> bool:
    subprocess.run(
        [Path(sys.executable).with_name("ripeline"), "init", folder], check=True, stdout=subprocess.DEVNULL, cwd=ROOT
    )
    starts = [serve(folder) for _ in range(ROUNDS)]
    walls = " ".join(f"{start.wall:.2f}" for start in starts)
    cpu, alone = min(start.cpu for start in starts), min(django_alone() for _ in range(ROUNDS))
    print(f"serve to /healthz: {walls} s, best {cpu:.2f} CPU s (at most {SERVE_CPU:g}); Django alone {alone:.2f} CPU s")
    return cpu <= SERVE_CPU


def measure_fresh(folder: Path) -> bool:
    """`make run` in a clone of the last commit. Files of the package index are counted by downloading them apart."""
    clone, home, wheels = folder / "clone", folder / "home", folder / "wheels"
    home.mkdir()
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    port = free_port()
    env = {key: value for key, value in os.environ.items() if key not in {"VIRTUAL_ENV", "XDG_CACHE_HOME"}}
    command = ["make", "run", f"PORT={port}"]
    start = started(command, cwd=clone, env={**env, "HOME": str(home)}, answers=lambda: answered(port, SIGN_IN))
    pip: list[str | Path] = [
        clone / ".venv/bin/python",
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--only-binary",
        ":all:",
    ]
    subprocess.run([*pip, "-r", clone / "requirements/run.txt", "-d", wheels], check=True, stderr=subprocess.DEVNULL)
    megabytes = sum(wheel.stat().st_size for wheel in wheels.iterdir()) / 1e6
    print(
        f"make run to the first page: {start.wall:.0f} s, {start.cpu:.0f} CPU s (at most {FRESH_CPU:g}),"
        f" {megabytes:.0f} MB downloaded (at most {FRESH_MB:g})"
    )
    return start.cpu <= FRESH_CPU and megabytes <= FRESH_MB


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fresh", action="store_true", help="also `make run` in a clone, with a fresh HOME")
    fresh = parser.parse_args().fresh
    with tempfile.TemporaryDirectory(prefix="ripeline-start-") as folder:
        kept = [measure_serve(Path(folder, "workspace"))]
        if fresh:
            kept.append(measure_fresh(Path(folder)))
    sys.exit(not all(kept))


if __name__ == "__main__":
    main()
