"""The SDKs as their makers publish them, and a real server for them to send to."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.conftest import ROOT
from tests.sdks.journeys import Call
from tests.sdks.product import Product

HERE = Path(__file__).parent
PINNED = ("package.json", "package-lock.json")
PATIENCE_SECONDS = 90


class Sdk(NamedTuple):
    """A program that sends with an SDK, and where it is one of Python's, the package."""

    name: str
    program: str
    package: str = ""


SERVER_SDKS = (
    Sdk("Segment Python", "python_sdk.py", "segment.analytics"),
    Sdk("Segment Node", "segment_node.cjs"),
    Sdk("RudderStack Python", "python_sdk.py", "rudderstack.analytics"),
    Sdk("RudderStack Node", "rudder_node.cjs"),
)


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The SDKs of npm, installed once from `package-lock.json` into a folder that git does not look at."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm to install the SDKs with")
    pinned = b"".join((HERE / name).read_bytes() for name in PINNED)
    folder = ROOT / "build" / f"sdks-{blake2b(pinned, digest_size=6).hexdigest()}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another worker may be at it
        if not (folder / "installed").exists():
            install(npm, folder)
    return folder / "node_modules"


def install(npm: str, folder: Path) -> None:
    for name in PINNED:
        shutil.copy(HERE / name, folder)
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=folder, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"npm could not install the SDKs: {done.stderr.strip()[-300:]}")
    (folder / "installed").touch()


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One workspace for all: each test's events hold a word of their own."""
    product = Product(tmp_path_factory.mktemp("sdks") / "workspace")
    yield product
    product.stop()


Sending = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def sending(product: Product, request: pytest.FixtureRequest) -> Iterator[Sending]:
    """Start a program that makes `calls` with an SDK: `sending(sdk, calls, host, retries=10)`."""
    started: list[subprocess.Popen[str]] = []

    def start(
        sdk: Sdk, calls: list[Call], host: str, *, retries: int = 10, at_once: int = 5
    ) -> "subprocess.Popen[str]":
        environment, runner = dict(os.environ), sys.executable
        if not sdk.package:
            environment["NODE_PATH"] = str(request.getfixturevalue("node_modules"))
            runner = shutil.which("node") or pytest.skip("no node to run the SDK with")
        told = {"package": sdk.package, "key": product.write_key, "host": host, "retries": retries}
        asked = json.dumps({**told, "at_once": at_once, "calls": calls})
        program = [runner, str(HERE / "programs" / sdk.program), asked]
        piped = subprocess.PIPE
        started.append(subprocess.Popen(program, stdout=piped, stderr=piped, text=True, env=environment))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def given_up(program: "subprocess.Popen[str]") -> list[str]:
    """What a program's SDK gave up on, once it has ended."""
    said, complaints = program.communicate(timeout=PATIENCE_SECONDS)
    assert program.returncode == 0, complaints
    given: Any = json.loads(said)
    return sorted(given)
