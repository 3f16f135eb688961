"""`ripeline key DIR demand`, as a shell runs it."""

import subprocess
from pathlib import Path

import pytest
from tests.served import RIPELINE, run

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demand") / "acme"
    run("init", folder)
    run("key", folder, "new", "--kind", "write", "--name", "shop")
    return folder


def demand(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [*RIPELINE, "key", str(folder), "demand", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_a_source_is_told_what_to_demand_and_says_it_back(folder: Path) -> None:
    done = demand(folder, "shop", "--purpose", "analytics", "--purpose", "C0002", "--given", "--signals")

    assert done.stdout.splitlines() == [
        "shop: events are kept with consent for analytics, C0002.",
        "Do Not Track and Global Privacy Control are heeded.",
    ]


def test_a_demand_without_a_purpose_is_refused(folder: Path) -> None:
    done = demand(folder, "shop", "--given")

    assert (done.returncode, done.stderr) == (1, "Name the purpose for which consent is demanded.\n")


def test_an_unknown_source_is_told_with_those_there_are(folder: Path) -> None:
    done = demand(folder, "shpo")

    assert done.returncode == 1
    assert "There is no write key shpo in force; there are: " in done.stderr and "shop" in done.stderr
