"""What a lead still lacks to pass the gate, in words: points first, then the profile, then the rest."""

import math
from collections.abc import Iterator

from ripeline.criteria.at_least import AtLeast
from ripeline.criteria.combine import All, Any
from ripeline.criteria.condition import Condition, Leaf, Reading
from ripeline.criteria.more_than import MoreThan
from ripeline.criteria.words import number
from ripeline.definition.criterion_wording import name_of
from ripeline.definition.model import Definition
from ripeline.definition.profile import missing
from ripeline.definition.wording import gate_sentence
from ripeline.translation import counted, translated


def why_not(definition: Definition, reading: Reading) -> list[str]:
    """What keeps a lead from the MQL gate; empty if it holds, or if only a named act opens it.

    `reading` answers `total`, group keys and facts, as it does for the gate itself.

    >>> from ripeline.definition.load import load
    >>> trial = load('''
    ... definition: trial
    ... minimum_profile: [first_name, company]
    ... scores: {engagement: {criteria: {demo: {on: Demo Requested, points: 20}}}}
    ... stages: {mql: {when: {all: [minimum_profile, {total: {at_least: 65}}]}}}
    ... ''')
    >>> why_not(trial, {"total": 64.0, "company": "Nordhavn"})
    ['1 point short', 'first_name']
    """
    if definition.mql.when is None:
        return []
    reasons = list(_reasons(definition, definition.mql.when, reading))
    return [words for _, words in sorted(reasons, key=lambda reason: reason[0])]


def _reasons(definition: Definition, condition: Condition, reading: Reading) -> Iterator[tuple[int, str]]:
    """Pairs of order and words: 0 points, 1 the profile, 2 anything else."""
    if condition.holds(reading):
        return
    if condition == definition.minimum_profile:
        yield from ((1, field) for field in missing(condition, reading))
    elif isinstance(condition, All):
        for part in condition.conditions:
            yield from _reasons(definition, part, reading)
    elif isinstance(condition, Leaf) and condition.field in _scores(definition):
        yield 0, _shortfall(definition, condition, reading)
    elif isinstance(condition, Any):
        yield from _alternatives(definition, condition, reading)
    else:
        yield 2, gate_sentence(definition, condition)


def _alternatives(definition: Definition, condition: Any, reading: Reading) -> Iterator[tuple[int, str]]:
    """Each way to pass, said whole, joined by “or”."""
    ways = [list(_reasons(definition, part, reading)) for part in condition.conditions]
    words = [", ".join(dict.fromkeys(text for _, text in sorted(way, key=lambda reason: reason[0]))) for way in ways]
    order = min((rank for way in ways for rank, _ in way), default=2)
    yield order, translated(" or ").join(dict.fromkeys(words))


def _scores(definition: Definition) -> set[str]:
    return {"total", *(group.key for group in definition.groups)}


def _shortfall(definition: Definition, leaf: Leaf, reading: Reading) -> str:
    value = reading.get(leaf.field)
    if not isinstance(leaf, (AtLeast, MoreThan)) or not isinstance(value, (int, float)):
        return gate_sentence(definition, leaf)
    lacking = leaf.number - value
    if lacking <= 0:  # exactly on a threshold that has to be passed
        return gate_sentence(definition, leaf)
    # Rounded up to a tenth: nobody is told they are 0 points short.
    tenths = float(math.ceil(round(lacking * 10, 5))) / 10
    count = int(tenths) if tenths.is_integer() else 2  # the plural of 0.4 is that of some
    if leaf.field == "total":
        return counted("{points} point short", "{points} points short", count, points=number(tenths))
    return counted(
        "{points} point short in {group}",
        "{points} points short in {group}",
        count,
        points=number(tenths),
        group=name_of(leaf.field),
    )
