"""How far scores can go under a definition, so that a gate nobody can pass is found before it is published."""

import math
from collections.abc import Iterator

import msgspec

from ripeline.criteria.at_least import AtLeast
from ripeline.criteria.at_most import AtMost
from ripeline.criteria.combine import All, Any, Not
from ripeline.criteria.condition import Condition, Leaf
from ripeline.criteria.equals import Equals
from ripeline.criteria.exists import Exists
from ripeline.criteria.less_than import LessThan
from ripeline.criteria.more_than import MoreThan
from ripeline.criteria.one_of import OneOf
from ripeline.definition.model import Criterion, Definition, Group


class Range(msgspec.Struct, frozen=True):
    """All values a score can have lie between `low` and `high`; either may be infinite."""

    low: float
    high: float


def ranges(definition: Definition, *, shaky: frozenset[str]) -> dict[str, Range]:
    """The range of each group and of the total; a group in `shaky` may have any value."""
    weights = [channel.weight for channel in definition.channels]
    heaviest = max(1.0, *weights) if weights else 1.0
    found = {
        group.key: Range(-math.inf, math.inf) if group.key in shaky else _range_of(group, heaviest)
        for group in definition.groups
    }
    low, high = sum(each.low for each in found.values()), sum(each.high for each in found.values())
    return {**found, "total": Range(low, high)}


def _range_of(group: Group, heaviest: float) -> Range:
    """What the criteria can add up to, clamped by cap and floor."""
    shares = [_most_of(criterion, heaviest) for criterion in group.criteria]
    low, high = sum(min(share, 0.0) for share in shares), sum(max(share, 0.0) for share in shares)
    floor = -math.inf if group.floor is None else group.floor
    cap = math.inf if group.cap is None else group.cap
    return Range(min(max(low, floor), cap), max(min(high, cap), floor))


def _most_of(criterion: Criterion, heaviest: float) -> float:
    """The largest share a criterion can have: without a limit for ever, events may come again and again."""
    if criterion.on is None:
        return criterion.points * heaviest
    if criterion.limit is None or criterion.limit.per != "ever":
        return math.copysign(math.inf, criterion.points) if criterion.points else 0.0
    return criterion.points * heaviest * criterion.limit.count


def blocked(condition: Condition, reach: dict[str, Range], *, denied: bool = False) -> Iterator[Leaf]:
    """The comparisons of scores that can never hold where they must (or, within a `not`, never fail)."""
    if isinstance(condition, Not):
        yield from blocked(condition.condition, reach, denied=not denied)
    elif isinstance(condition, (All, Any)):
        for part in condition.conditions:
            yield from blocked(part, reach, denied=denied)
    elif isinstance(condition, Leaf) and condition.field in reach:
        may_hold, may_fail = _possible(condition, reach[condition.field])
        if not (may_fail if denied else may_hold):
            yield condition


def _possible(leaf: Leaf, span: Range) -> tuple[bool, bool]:
    """Whether `leaf` can hold, and whether it can fail, for a number within `span`."""
    match leaf:
        case AtLeast(number=number):
            return span.high >= number, span.low < number
        case MoreThan(number=number):
            return span.high > number, span.low <= number
        case AtMost(number=number):
            return span.low <= number, span.high > number
        case LessThan(number=number):
            return span.low < number, span.high >= number
        case Equals(value=value):
            return _within((value,), span), True
        case OneOf(values=values):
            return _within(values, span), True
        case Exists():
            return True, False
    return True, True


def _within(values: tuple[object, ...], span: Range) -> bool:
    numbers = [value for value in values if isinstance(value, (int, float)) and not isinstance(value, bool)]
    return any(span.low <= value <= span.high for value in numbers)
