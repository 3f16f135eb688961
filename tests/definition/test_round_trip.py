"""What is written is what is read, and nothing that is written brings the reader down."""

import json
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from tests.definition_text import as_plain, written
from tests.strategies import definitions

from ripeline.definition.check import checked, problems
from ripeline.definition.fingerprint import fingerprint
from ripeline.definition.model import Definition
from ripeline.definition.wording import agreement

# A gate drawn at random may lie beyond the few criteria drawn beside it.
BEYOND_REACH = {"gate-unreachable", "gate-unfed", "unknown-group"}


@given(definitions())
def test_a_definition_survives_being_written_and_read(definition: Definition) -> None:
    draft = checked(written(definition))

    assert {problem.code for problem in draft.findings.problems()} <= BEYOND_REACH
    assert without_lines(draft.definition) == definition
    assert fingerprint(draft.definition) == fingerprint(definition)


def without_lines(definition: Definition) -> Definition:
    replace = msgspec.structs.replace
    groups = tuple(
        replace(group, line=0, criteria=tuple(replace(line, line=0) for line in group.criteria))
        for group in definition.groups
    )
    return replace(definition, groups=groups, mql=replace(definition.mql, line=0))


@given(definitions())
def test_every_criterion_and_exclusion_has_its_sentence(definition: Definition) -> None:
    lines = [line for section in agreement(definition) for line in section.lines]
    keys = {line.key for line in lines}

    assert keys >= {criterion.key for criterion in definition.criteria} | {each.key for each in definition.excluded}
    assert all(line.sentence.strip() and "{" not in line.sentence for line in lines)


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["once", "30 days"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=4,
)


def places(plain: Any) -> list[tuple[Any, Any]]:
    """Every container with each of its keys."""
    keys = list(plain) if isinstance(plain, dict) else range(len(plain)) if isinstance(plain, list) else []
    return [place for key in keys for place in [(plain, key), *places(plain[key])]]


@given(definitions(), st.data())
def test_any_part_may_be_replaced_by_anything_and_is_answered_with_problems(
    definition: Definition, data: st.DataObject
) -> None:
    plain = json.loads(json.dumps(as_plain(definition)))
    container, key = data.draw(st.sampled_from(places(plain)))
    container[key] = data.draw(anything)

    found = problems(json.dumps(plain, indent=1))

    assert all(problem.message and problem.line >= 1 for problem in found)
    assert [problem.line for problem in found] == sorted(problem.line for problem in found)
