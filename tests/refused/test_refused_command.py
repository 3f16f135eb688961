"""From a terminal, also while a server runs."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.cast import present
from tests.refused.refusing import NOBODY, refuse
from tests.served import RIPELINE, serving

from ripeline.server.workspace import opened


@pytest.fixture
def folder(migrated: Path, tmp_path: Path) -> Path:
    """A closed workspace with one event that names nobody."""
    folder = Path(shutil.copytree(migrated, tmp_path / "w", ignore=shutil.ignore_patterns("*.sock", "lock")))
    with opened(folder, now=present) as workspace:
        refuse(workspace)
    return folder


def ripeline(*words: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*RIPELINE, *map(str, words)], capture_output=True, text=True, timeout=120, check=False)


def test_one_is_shown_mended_and_replayed(folder: Path, tmp_path: Path) -> None:
    shown = ripeline("refused", folder, "show", "1")
    mended = tmp_path / "mended.json"
    mended.write_text(shown.stdout.replace("{", '{"userId": "ada", ', 1))

    again = ripeline("refused", folder, "replay", "1")
    done = ripeline("refused", folder, "replay", "1", "--body", mended, "--json")

    assert (shown.stdout, shown.stderr[:6]) == (NOBODY.decode(), "no-id:")
    assert (again.returncode, again.stderr[:6]) == (1, "no-id:")
    assert json.loads(done.stdout)["stored"] == 1
    assert "Nothing waits" in ripeline("refused", folder, "list").stdout


def test_a_running_server_is_asked_to_discard_all_of_a_reason(folder: Path) -> None:
    with serving(folder):
        listed = ripeline("refused", folder, "list", "--json")
        done = ripeline("refused", folder, "discard", "--reason", "no-id", "--by", "mia", "--json")

    assert json.loads(listed.stdout)[0]["count"] == 1
    assert json.loads(done.stdout)["total"] == 1
    assert ripeline("refused", folder, "list", "--json").stdout.strip() == "[]"


def test_discarding_everything_at_once_is_not_said_by_saying_nothing(folder: Path) -> None:
    done = ripeline("refused", folder, "discard")

    assert done.returncode == 2 and "Name an ID" in done.stderr
