"""The page about the definition is what the code says, and leaves nothing out."""

import re
from pathlib import Path

import pytest

from ripeline.criteria.kinds import COMBINATIONS, COMPARISONS
from ripeline.definition import case_text, channel_text, criterion_text, drafts, group_text, stage_text
from ripeline.definition.codes import CODES
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


@pytest.mark.parametrize("keyword", [*COMPARISONS, *COMBINATIONS])
def test_every_kind_has_a_conformance_case(keyword: str) -> None:
    text = "".join(path.read_text("utf-8") for path in (ROOT / "conformance").glob("**/*.yaml"))

    assert re.search(rf"\b{keyword}:", text)
