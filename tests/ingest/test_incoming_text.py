import json
import subprocess
from pathlib import Path

import pytest
from tests.served import RIPELINE

from ripeline.events.pointers import found, pointer
from ripeline.server.ingest.incoming_text import IncomingError, incoming

BROKEN = """\
name: {names: {a: b}}
id: payload.id
email: /payload/email
when: {event: signup}
occurred_at: {at: /at, format: "day", timezone: Europe/Warsow}
facts: {title: CTO, plan: {always: [1]}}
propertys: /data
"""


def test_all_problems_are_told_at_once_with_their_lines() -> None:
    with pytest.raises(IncomingError) as refused:
        incoming(BROKEN)

    assert [(one.line, one.path, one.code) for one in refused.value.problems] == [
        (1, "name", "missing-key"),
        (2, "id", "not-a-pointer"),
        (4, "when.event", "not-a-pointer"),
        (5, "occurred_at.format", "bad-format"),
        (5, "occurred_at.timezone", "unknown-timezone"),
        (6, "facts.title", "not-a-pointer"),
        (6, "facts.plan.always", "wrong-shape"),
        (7, "propertys", "unknown-key"),
    ]
    assert "hint: did you mean `properties`?" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("a: [", "broken-yaml"),
        ("[]", "wrong-shape"),
        ("name: A", "missing-key"),
        ("email: /a", "missing-key"),
    ],
)
def test_what_is_no_mapping_says_why(text: str, code: str) -> None:
    with pytest.raises(IncomingError) as refused:
        incoming(text)

    assert refused.value.problems[0].code == code


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", {"a": [1, {"b/c": "x", "~": None}], "": 0}),
        ("/a/0", 1),
        ("/a/1/b~1c", "x"),
        ("/a/1/~0", None),
        ("/", 0),
        ("/a/-", None),
        ("/a/01", None),
        ("/a/9", None),
        ("/a/x/y", None),
        ("/a/[b~1c=x]", None),
        ("/a/99999999999999999999", None),
    ],
)
def test_a_pointer_finds_what_rfc_6901_says(text: str, value: object) -> None:
    assert found(pointer(text), {"a": [1, {"b/c": "x", "~": None}], "": 0}) == value


@pytest.mark.parametrize("text", ["a", "a/b", "/a/[b]c", "#/a"])
def test_what_is_no_pointer_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        pointer(text)


def check(path: Path, *words: str | Path) -> "subprocess.CompletedProcess[str]":
    command = [*RIPELINE, "check", str(path), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_check_looks_at_a_mapping_and_shows_what_a_request_becomes(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    path, request = tmp_path / "in/crm.yaml", tmp_path / "request.json"
    path.write_text("{name: /what, email: /mail}")
    request.write_text(json.dumps({"what": "Demo Requested", "mail": "ada@firm.example"}))

    fine, shown = check(path), check(path, "--payload", request, "--json")
    path.write_text("{name: /what}")
    broken = check(path)

    assert (fine.returncode, fine.stdout.strip()) == (0, f"{path}: no problems")
    assert json.loads(shown.stdout)["events"][0]["hints"] == {"email": "ada@firm.example"}
    assert broken.returncode == 1 and "line 1: `email` is missing" in broken.stdout
