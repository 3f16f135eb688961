"""The text is read strictly, with its lines, and no text can hang or exhaust the reader."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.definition.check import problems
from ripeline.definition.load import DefinitionError, load, read
from ripeline.definition.nodes import BrokenTextError, Mapping, Node, Scalar, composed
from ripeline.definition.scalars import meaning


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("NO", "NO"),
        ("no", "no"),
        ("yes", "yes"),
        ("1:30", "1:30"),
        ("2026-03-02", "2026-03-02"),
        ("0.5", 0.5),
        (".5", 0.5),
        ("1_000", "1_000"),
        ("010", 10),
        ("0x1F", 31),
        ("+7", 7),
        ("1e3", 1000.0),
        ("~", None),
        ("", None),
        ("null", None),
        ("True", True),
        ("1" * 5000, "1" * 5000),
    ],
)
def test_plain_words_are_read_by_yaml_1_2(written: str, value: object) -> None:
    found = meaning(written)

    assert found == value and type(found) is type(value)


def test_quoted_words_are_text() -> None:
    root = composed("""a: "7"\nb: 'true'\nc: "~" """)

    assert [node.value for node in values(root)] == ["7", "true", "~"]


def values(root: Node | None) -> list[Scalar]:
    assert isinstance(root, Mapping)
    return [node for _, node in root.entries if isinstance(node, Scalar)]


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("a: 1\nb: [1, 2\nc: 3", 3, "c: 3"),
        ("a: 1\nb: 'x\nc: 3", 2, "b: 'x"),
        ("a:\n\tb: 1", 2, "b: 1"),
        ("a: 1\nb: c: d", 2, "b: c: d"),
        ("a: 1\nb\nc: 3", 2, "b"),
        ("a: 1\n  b: 2", 2, "b: 2"),
        ("a: @b", 1, "a: @b"),
        ("a: 1\nb: x\x00", 2, "U+0000"),
        ("a: !!python/object x", 1, "tag:yaml.org,2002:python/object"),
        ("a: 1\n---\nb: 2", 2, "---"),
        ("a: 1\nb: *c", 2, "*c"),
        ("a: &b [*b]", 1, "*b"),
    ],
)
def test_broken_yaml_is_one_problem_with_its_line(text: str, line: int, found: str) -> None:
    assert [(problem.line, problem.found, problem.code) for problem in problems(text)] == [(line, found, "broken-yaml")]


def test_a_tab_is_named_as_such() -> None:
    assert [str(problem) for problem in problems("scores:\n\tfit: {}")] == [
        "line 2: a tab, where YAML wants blanks\n  found: fit: {}\n  hint: indent with blanks  [broken-yaml]"
    ]


HOSTILE = {
    "20,000 lists": "a: " + "[" * 20_000,
    "20,000 mappings": "{a: " * 20_000,
    "20,000 dashes": "- " * 20_000,
    "20,000 indented keys": "".join(" " * depth + "a:\n" for depth in range(2_000)),
    "a billion laughs": "a0: &a0 ha\n" + "".join(f"a{n}: &a{n} [{f'*a{n - 1}, ' * 9}]\n" for n in range(1, 12)),
    "deep aliases": "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 100)),
    "five million letters": "a" * 5_000_000,
    "a million values": "a: [" + "1," * 1_000_000 + "]",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_is_one_problem(text: str) -> None:
    (problem,) = problems(text)

    assert problem.code in ("too-deep", "too-large")


def test_an_alias_stands_for_what_it_names() -> None:
    root = composed("a: &x [1, 2]\nb: *x")

    assert isinstance(root, Mapping) and root.entries[0][1] == root.entries[1][1]


@given(st.text(st.sampled_from("ab:-[]{}&*!|>'\"#%@`,? \n\t~.0\x00\udcff\u2028")))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        composed(text)
        line = 1
    except BrokenTextError as broken:
        line = broken.problem.line

    assert 1 <= line <= text.count("\n") + 1


def test_a_file_that_is_not_utf_8_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "definition.yaml"
    file.write_bytes(b"definition: trial\ntitle: \xff\n")

    with pytest.raises(DefinitionError, match="line 2: this is not UTF-8 text"):
        read(file)


def test_a_byte_order_mark_is_nothing() -> None:
    with pytest.raises(DefinitionError) as refused:
        load("\ufeffdefinition: trial")

    assert {problem.code for problem in refused.value.problems} == {"missing", "no-gate"}
