"""Commands as a shell runs them: what they print, and how they end."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

RIPELINE = [sys.executable, "-c", "from ripeline.cli import main; main()"]
PROBLEMATIC = "definition: x\nscores: {fit: {criteria: {home: {when: {country: NO}, points: many}}}}\n"

pytestmark = pytest.mark.slow


def ripeline(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*RIPELINE, *map(str, words)], capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "acme"
    done = ripeline("init", folder, "--json")
    assert json.loads(done.stdout).keys() >= {"write_key", "api_token", "admin"}, done.stderr
    return folder


def test_check_says_where_what_and_what_now(tmp_path: Path) -> None:
    (tmp_path / "definition.yaml").write_text(PROBLEMATIC)

    done = ripeline("check", tmp_path / "definition.yaml")

    assert done.returncode == 1
    assert "line 2, scores.fit.criteria.home.points: a number belongs here\n  found: many" in done.stdout


def test_the_starter_definition_checks_and_its_cases_hold(workspace: Path) -> None:
    checked, tested = (ripeline(word, workspace / "definition.yaml") for word in ("check", "test"))

    assert (checked.returncode, tested.returncode) == (0, 0), checked.stdout + tested.stdout


def test_publish_refuses_without_both_signatures(workspace: Path) -> None:
    done = ripeline("publish", workspace, workspace / "definition.yaml", "--signed", "marketing=Mia")

    assert done.returncode == 1
    assert "sales" in done.stderr


def test_publish_makes_a_version_once_both_have_signed(workspace: Path) -> None:
    signed = ("--signed", "marketing=Mia", "--signed", "sales=Sam")

    done = ripeline("publish", workspace, workspace / "definition.yaml", *signed)

    assert done.stdout == "Version 1 is in force; 0 leads were scored again.\n", done.stderr


def test_publish_refuses_a_definition_whose_own_cases_fail(tmp_path: Path, workspace: Path) -> None:
    changed = tmp_path / "definition.yaml"
    changed.write_text((workspace / "definition.yaml").read_text().replace("points: 8,", "points: 9,"))
    (tmp_path / "cases").mkdir()
    for case in (workspace / "cases").iterdir():
        (tmp_path / "cases" / case.name).write_text(case.read_text())

    done = ripeline("publish", workspace, changed, "--signed", "marketing=Mia", "--signed", "sales=Sam")

    assert done.returncode == 1
    assert "nothing was published" in done.stderr


def test_a_new_key_is_the_only_thing_on_its_line(workspace: Path) -> None:
    done = ripeline("key", workspace, "new", "--kind", "write", "--name", "shop")

    assert done.stdout.startswith("wk_")
    assert len(done.stdout.split()) == 1


def test_init_leaves_a_folder_with_something_in_it_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")

    done = ripeline("init", tmp_path)

    assert done.returncode == 1
    assert "is not empty" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_demo_clear_refuses_a_workspace_of_ones_own(workspace: Path) -> None:
    done = ripeline("demo", "clear", workspace)

    assert done.returncode == 1
    assert workspace.is_dir()


def test_a_wrong_option_is_wrong_usage() -> None:
    assert ripeline("check", "--colour").returncode == 2
