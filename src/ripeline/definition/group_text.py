"""A named sub-score as text: its criteria, cap, floor, default age and grades."""

import msgspec

from ripeline.criteria.age import Age
from ripeline.definition.criterion_text import age_of, criterion
from ripeline.definition.findings import Findings
from ripeline.definition.model import Band, Criterion, Group
from ripeline.definition.places import Place
from ripeline.definition.values import entries, is_empty, key_of, number, settings
from ripeline.translation import translated

SETTINGS = {
    "cap": "the sub-score is never read as more than this; what lies behind is not lost",
    "floor": "the sub-score is never read as less than this",
    "half_life": "the half-life of every criterion below that says nothing about its age",
    "window": "the same for a window",
    "criteria": "the lines of the agreement, each under a name of its own that no other group has",
    "grades": "names for bands of the sub-score, the best first, each with the points from which it is given; "
    "`~` is for what is left, as in `{A: 50, B: 35, C: ~}`",
}
LATER = ("stop_above", "decay", "settle")

# Words with a meaning of their own beside group keys: in a gate, in a result row, in a case.
RESERVED = (
    "total",
    "score",
    "lead",
    "grade",
    "stage",
    "qualifies",
    "qualified_at",
    "cycles",
    "excluded",
    "why_not",
    "minimum_profile",
    "all",
    "any",
    "not",
)


class GroupText(msgspec.Struct, frozen=True):
    """A group as far as it could be read; `whole` unless something in it could not."""

    group: Group
    place: Place
    whole: bool


def groups(place: Place, findings: Findings) -> list[GroupText]:
    """The groups under `scores`."""
    found = entries(place, findings)
    if not found:
        findings.add(place, translated("no group of criteria"), "missing", hint="`fit: {criteria: …}`")
    taken: dict[str, Place] = {}
    return [_group(key, each, findings, taken) for key, each in found.items()]


def _group(key: str, place: Place, findings: Findings, taken: dict[str, Place]) -> GroupText:
    before = findings.count
    _name(key, place, findings)
    found = settings(place, findings, SETTINGS, later=LATER)
    default_age = age_of(found, findings, default=Age())
    lines = _criteria(key, found, findings, default_age or Age(), taken)
    cap, floor = (number(found[name], findings) if name in found else None for name in ("cap", "floor"))
    if cap is not None and floor is not None and cap < floor:
        hint = translated("the floor is {floor}", floor=found["floor"].written)
        findings.add(found["cap"], translated("a cap below the floor"), "cap-below-floor", hint=hint)
    grades = _grades(found["grades"], findings) if "grades" in found else ()
    group = Group(key=key, criteria=lines, cap=cap, floor=floor, grades=grades, line=place.line)
    return GroupText(group, place, whole=findings.count == before)


def _name(key: str, place: Place, findings: Findings) -> None:
    if key in RESERVED:
        message = translated("a group cannot have this name: it means something else already")
        findings.add(place, message, "reserved-name", found=key)
    else:
        key_of(place, key, findings)


def _criteria(
    group: str, found: dict[str, Place], findings: Findings, default_age: Age, taken: dict[str, Place]
) -> tuple[Criterion, ...]:
    if "criteria" not in found:
        return ()
    lines = []
    for key, place in entries(found["criteria"], findings).items():
        if key in taken:
            hint = translated("it stands in line {line} already", line=taken[key].line)
            findings.add(place, translated("two criteria of one name"), "duplicate-key", found=key, hint=hint)
        taken.setdefault(key, place)
        lines.append(criterion(key, group, place, findings, default_age=default_age))
    return tuple(line for line in lines if line is not None)


def _grades(place: Place, findings: Findings) -> tuple[Band, ...]:
    """Bands from the best down; `~` is for what is left."""
    bands: list[Band] = []
    for grade, each in entries(place, findings).items():
        at_least = None if is_empty(each) else number(each, findings)
        if at_least is None and not is_empty(each):
            continue
        above = bands[-1] if bands else None
        if above is not None and (above.at_least is None or (at_least is not None and at_least >= above.at_least)):
            message = translated("grades go from the best down, so nobody gets this one")
            findings.add(each, message, "grade-never-given", found=f"{grade}: {each.written}")
        bands.append(Band(grade=grade, at_least=at_least))
    return tuple(bands)
