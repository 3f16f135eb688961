"""Numbers as they are shown: rounded to tenths so that parts add up to their total, and never across a gate."""

import math
from collections.abc import Sequence

from ripeline.criteria.condition import Leaf
from ripeline.definition.model import Definition

STEPS = 10  # what is shown has one decimal


def shown_total(definition: Definition, total: float) -> float:
    """`total` to one decimal; on which side of a threshold of the gate it is can still be seen.

    >>> from ripeline.criteria.at_least import AtLeast
    >>> from ripeline.definition.model import Gate
    >>> trial = Definition(key="trial", title="", timezone="UTC", groups=(),
    ...                    mql=Gate(opens="mql", when=AtLeast("total", 65)))
    >>> shown_total(trial, 64.97), shown_total(trial, 65.0), shown_total(trial, 12.34)
    (64.9, 65.0, 12.3)
    """
    nearest = round(total, 1)
    gate = definition.mql.when
    thresholds = [leaf for leaf in gate.leaves() if leaf.field == "total"] if gate is not None else []
    if _sides(thresholds, nearest) == _sides(thresholds, round(total, 6)):
        return nearest
    return (math.floor(total * STEPS) if nearest >= total else math.ceil(total * STEPS)) / STEPS


def adding_up(parts: Sequence[float], total: float) -> list[float]:
    """`parts` in tenths that add up to `total` (in tenths too): the largest remainders are rounded up.

    >>> adding_up([1.25, 1.25, 1.25], 3.7), adding_up([5.0, -1.04], 4.0)
    ([1.3, 1.2, 1.2], [5.0, -1.0])
    """
    steps = [math.floor(round(part * STEPS, 6)) for part in parts]
    left = round(total * STEPS) - sum(steps)
    remainders = [part * STEPS - step for part, step in zip(parts, steps, strict=True)]
    order = sorted(range(len(parts)), key=lambda place: -remainders[place])
    for turn in range(abs(left)):  # more than once round only where the parts are not those of the total
        place = order[turn % len(order)] if left > 0 else order[-1 - turn % len(order)]
        steps[place] += 1 if left > 0 else -1
    return [step / STEPS for step in steps]


def _sides(thresholds: Sequence[Leaf], total: float) -> list[bool]:
    return [leaf.matches(total) for leaf in thresholds]
