"""The page about the definition is what the code says, and leaves nothing out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ripeline.criteria.combine import All, Any, Not
from ripeline.criteria.condition import Condition
from ripeline.criteria.kinds import COMBINATIONS, COMPARISONS
from ripeline.definition import case_text, channel_text, criterion_text, drafts, group_text, stage_text
from ripeline.definition.check import checked_node
from ripeline.definition.codes import CODES
from ripeline.definition.model import Definition
from ripeline.definition.nodes import Mapping, Node, Scalar, Sequence, composed
from ripeline.definition.reference import reference

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = [
    *drafts.SETTINGS,
    *group_text.SETTINGS,
    *criterion_text.SETTINGS,
    *channel_text.SETTINGS,
    *(name for settings in stage_text.SETTINGS.values() for name in settings),
    *case_text.SETTINGS,
]


def test_the_page_is_printed_from_the_code() -> None:
    written = (ROOT / "docs" / "reference" / "definition.md").read_text("utf-8")

    assert written == reference(), "python -m ripeline.definition.reference > docs/reference/definition.md"


@pytest.mark.parametrize("keyword", [*COMPARISONS, *COMBINATIONS])
def test_every_kind_has_its_section(keyword: str) -> None:
    section = reference().split(f"### `{keyword}`\n")[1].split("\n#")[0]

    assert section.count("```yaml") == 1 and "In words: " in section


@pytest.mark.parametrize("setting", [*SETTINGS, *CODES])
def test_every_setting_and_code_is_explained(setting: str) -> None:
    assert f"- `{setting}`: " in reference()


@pytest.fixture(scope="module")
def kinds_in_conformance() -> set[str]:
    """The kinds of condition that the cases for all scorers use."""
    roots = [composed(path.read_text("utf-8")) for path in (ROOT / "conformance").glob("**/*.yaml")]
    definitions = [definition for root in roots for definition in definitions_in(root)]
    return {kind for definition in definitions for condition in conditions_of(definition) for kind in kinds(condition)}


def definitions_in(node: Node | None) -> Iterator[Definition]:
    if isinstance(node, Sequence):
        for item in node.items:
            yield from definitions_in(item)
    if isinstance(node, Mapping):
        for key, value in node.entries:
            is_definition = isinstance(key, Scalar) and key.text == "definition" and isinstance(value, Mapping)
            yield from [checked_node(value).definition] if is_definition else definitions_in(value)


def conditions_of(definition: Definition) -> Iterator[Condition]:
    found = [
        definition.minimum_profile,
        definition.mql.when,
        *(line.when for line in definition.criteria),
        *(row.when for row in definition.channels),
        *(each.when for each in definition.excluded),
    ]
    yield from (condition for condition in found if condition is not None)


def kinds(condition: Condition) -> Iterator[str]:
    yield condition.keyword
    if isinstance(condition, Not):
        yield from kinds(condition.condition)
    if isinstance(condition, (All, Any)):
        for part in condition.conditions:
            yield from kinds(part)


@pytest.mark.parametrize("keyword", [*COMPARISONS, *COMBINATIONS])
def test_every_kind_has_a_conformance_case(keyword: str, kinds_in_conformance: set[str]) -> None:
    assert keyword in kinds_in_conformance
