"""Commands as a shell runs them: what they print, and how they end."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ripeline.cli import COMMANDS
from ripeline.server.workspace import locked

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
    assert "line 2, scores.fit.criteria.home.points: points are a number\n  found: many" in done.stdout


def test_the_starter_definition_checks_and_its_cases_hold(workspace: Path) -> None:
    checked, tested = (ripeline(word, workspace / "definition.yaml") for word in ("check", "test"))

    assert (checked.returncode, tested.returncode) == (0, 0), checked.stdout + tested.stdout


def test_publish_refuses_without_both_signatures(workspace: Path) -> None:
    done = ripeline("publish", workspace, workspace / "definition.yaml", "--signed", "marketing=Mia")

    assert done.returncode == 1
    assert "sales" in done.stderr


@pytest.mark.parametrize("signed", ["Mia", "finance=Fia", "marketing="])
def test_a_signature_is_of_marketing_or_of_sales(workspace: Path, signed: str) -> None:
    done = ripeline("publish", workspace, workspace / "definition.yaml", "--signed", signed)

    assert done.returncode == 2
    assert f"'{signed}' is not marketing=NAME or sales=NAME" in done.stderr


def test_publish_makes_a_version_once_both_have_signed(workspace: Path) -> None:
    signed = ("--signed", "marketing=Mia", "--signed", "sales=Sam")

    done = ripeline("publish", workspace, workspace / "definition.yaml", *signed)

    assert done.stdout == "Version 1 is in force; 0 leads are scored again.\n", done.stderr


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


def test_init_makes_nothing_for_an_administrator_without_an_address(tmp_path: Path) -> None:
    done = ripeline("init", tmp_path / "acme", "--admin", "nobody")

    assert done.returncode == 2
    assert "'nobody' is not an e-mail address" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_belongs_to_the_demo_alone_is_refused_without_it(tmp_path: Path) -> None:
    assert ripeline("init", tmp_path / "acme", "--end", "2026-01-01").returncode == 2
    assert ripeline("init", tmp_path / "acme", "--demo", "--admin", "ada@ours.example").returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_a_person_is_added_once(workspace: Path) -> None:
    once, again = (ripeline("user", workspace, "add", "Sam@ours.example", "--name", "Sam") for _ in range(2))

    assert (once.returncode, again.returncode) == (0, 1)
    assert "is here already" in again.stderr


def test_a_workspace_is_served_once_and_who_serves_it_is_named(workspace: Path) -> None:
    with locked(workspace):
        second, cleared = (
            ripeline("serve", workspace, "--port", "0"),
            ripeline("key", workspace, "new", "--kind", "api"),
        )

    for done in (second, cleared):
        assert done.returncode == 1
        assert f"is open in process {os.getpid()}" in done.stderr


def test_a_taken_port_is_named(workspace: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = ripeline("serve", workspace, "--port", str(port))

    assert done.returncode == 1
    assert f"127.0.0.1:{port} cannot be listened on" in done.stderr


def test_a_demo_that_is_open_elsewhere_is_not_deleted(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "ripeline.toml").write_text("[workspace]\ndemo = true\n")
    with locked(tmp_path):
        held = ripeline("demo", "clear", tmp_path)
    cleared = ripeline("demo", "clear", tmp_path)

    assert (held.returncode, cleared.returncode) == (1, 0), held.stderr + cleared.stderr
    assert not tmp_path.exists()


def test_demo_clear_refuses_a_workspace_of_ones_own(workspace: Path) -> None:
    done = ripeline("demo", "clear", workspace)

    assert done.returncode == 1
    assert workspace.is_dir()


def test_help_names_every_command() -> None:
    said = ripeline("--help").stdout

    assert [line.split()[0] for line in said.partition("Commands:\n")[2].splitlines()] == list(COMMANDS)


def test_a_wrong_option_is_wrong_usage() -> None:
    assert ripeline("check", "--colour").returncode == 2


def test_demo_clear_says_what_is_wrong_with_the_settings(tmp_path: Path) -> None:
    (tmp_path / "ripeline.toml").write_text("[workspace")
    done = ripeline("demo", "clear", tmp_path)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{tmp_path / 'ripeline.toml'}: Expected ']'")


@pytest.fixture
def events(tmp_path: Path) -> Path:
    (tmp_path / "events.csv").write_text("id,name,occurred_at,lead\n1,Demo Requested,2026-03-01,ada\n")
    return tmp_path / "events.csv"


def test_an_instant_before_the_first_is_no_time(workspace: Path, events: Path) -> None:
    told = ("--definition", workspace / "definition.yaml", "--events", events)
    done = ripeline("score", *told, "--as-of", "0001-01-01T00:00:00+14:00")

    assert done.returncode == 2
    assert "'0001-01-01T00:00:00+14:00' is not a time such as 2026-03-31" in done.stderr


def test_score_says_before_it_reads_that_there_is_no_place_for_the_answer(workspace: Path, events: Path) -> None:
    events.write_text("nonsense")
    told = ("--definition", workspace / "definition.yaml", "--events", events, "--as-of", "2026-03-31")
    done = ripeline("score", *told, "--out", events.with_suffix(".txt"))

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{events.with_suffix('.txt')}: write .parquet, .csv or .jsonl (the last two also .gz)\n"


@pytest.mark.parametrize("name", ["events.csv.gz", "events.parquet"])
def test_a_damaged_file_is_said_to_be_one_also_with_a_mapping(workspace: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\x1f\x8b\x08")
    (tmp_path / "map.yaml").write_text("{lead: a, occurred_at: b, events: [{name: c}]}")
    told = ("--definition", workspace / "definition.yaml", "--events", tmp_path / name, "--as-of", "2026-03-31")
    done = ripeline("score", *told, "--map", tmp_path / "map.yaml")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{tmp_path / name}: the file is damaged: ")
