"""Running the example leads that stand beside a definition."""

from collections.abc import Iterator
from typing import TypeGuard

from ripeline.criteria.words import number
from ripeline.definition.cases import Case
from ripeline.definition.model import Definition
from ripeline.scoring.acts import Act
from ripeline.scoring.explain import Explanation, explain
from ripeline.translation import translated

# Scores are compared as they are shown, with one decimal.
TOLERANCE = 0.05


def run(definition: Definition, case: Case) -> list[str]:
    """What speaks against a case, a sentence each; nothing if it holds."""
    acts = [Act(at=act.at, act=act.act, reason=act.reason, by=act.by) for act in case.acts]
    told = explain(definition, case.events, as_of=case.as_of, acts=acts)
    return list(_against(case, told))


def _against(case: Case, told: Explanation) -> Iterator[str]:
    found: dict[str, object] = {
        **told.score.sub_scores,
        "total": told.score.total,
        "stage": told.score.stage,
        "grade": told.score.grade,
        "qualifies": told.score.qualifies,
        "why_not": told.missing,
        "excluded": told.score.excluded,
    }
    for what, expected in case.expect.items():
        if not _agrees(expected, found[what]):
            yield translated(
                "{what} is {found}, expected {expected}", what=what, found=_said(found[what]), expected=_said(expected)
            )


def _agrees(expected: object, found: object) -> bool:
    if _is_number(expected) and _is_number(found):
        return abs(expected - found) < TOLERANCE
    if isinstance(expected, tuple) and isinstance(found, tuple):
        return sorted(map(str, expected)) == sorted(map(str, found))
    return expected == found


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _said(value: object) -> str:
    if isinstance(value, bool):
        return translated("yes") if value else translated("no")
    if isinstance(value, (int, float)):
        return number(round(value, 6))
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or translated("nothing")
    return str(value) or translated("nothing")
