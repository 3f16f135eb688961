"""Conditions on facts and points as postfix operations, for the kernels."""

import msgspec

from ripeline.criteria.at_least import AtLeast
from ripeline.criteria.at_most import AtMost
from ripeline.criteria.combine import All, Any, Not
from ripeline.criteria.condition import Condition, Leaf, Scalar
from ripeline.criteria.equals import Equals
from ripeline.criteria.exists import Exists
from ripeline.criteria.less_than import LessThan
from ripeline.criteria.more_than import MoreThan
from ripeline.criteria.one_of import OneOf
from ripeline.events.names import folded
from ripeline.scoring import tables

_BY_SIZE: dict[type[Leaf], int] = {
    AtLeast: tables.AT_LEAST,
    MoreThan: tables.MORE_THAN,
    AtMost: tables.AT_MOST,
    LessThan: tables.LESS_THAN,
}


def spelled(leaf: Leaf) -> bytes:
    """Two comparisons with the same spelling are the same; `1 == True` makes them equal values when they are not."""
    return (
        type(leaf).keyword.encode()
        + b" "
        + msgspec.json.encode(msgspec.structs.replace(leaf, field=folded(leaf.field)))
    )


class Facts:
    """The facts that something reads, each with the comparisons made of it, numbered as they come."""

    def __init__(self) -> None:
        self.fields: list[str] = []
        self.leaves: list[list[Leaf]] = []
        self._slots: dict[str, int] = {}
        self._places: dict[bytes, tuple[int, int]] = {}

    def take(self, condition: Condition, points: frozenset[str] = frozenset()) -> None:
        """Make room for every comparison of a fact in `condition`; fields in `points` are no facts."""
        for leaf in condition.leaves():
            field = folded(leaf.field)
            if field in points or spelled(leaf) in self._places:
                continue
            if field not in self._slots:
                self._slots[field] = len(self.fields)
                self.fields.append(field)
                self.leaves.append([])
            slot = self._slots[field]
            self._places[spelled(leaf)] = slot, len(self.leaves[slot])
            self.leaves[slot].append(leaf)

    def slot(self, field: str) -> int:
        return self._slots[folded(field)]

    def first_bits(self) -> list[int]:
        """The bit of each slot's first comparison, and one past the last."""
        bits = [0]
        for leaves in self.leaves:
            bits.append(bits[-1] + len(leaves))
        return bits

    def bit(self, leaf: Leaf) -> int:
        slot, place = self._places[spelled(leaf)]
        return self.first_bits()[slot] + place


class Postfix:
    """Collects the operations of many conditions. `groups` gives the number of each folded group key."""

    def __init__(self, facts: Facts, groups: dict[str, int]) -> None:
        self.operations: list[tuple[int, int]] = []
        self.comparisons: list[tuple[int, int, float]] = []
        self._facts = facts
        self._points = {"total": tables.TOTAL, **groups}

    def add(self, condition: Condition | None, *, reads_points: bool = False) -> tuple[int, int]:
        """Append a condition; where its operations begin and end. None is nothing, and never holds."""
        first = len(self.operations)
        if condition is not None:
            self._append(condition, reads_points)
        return first, len(self.operations)

    def _append(self, condition: Condition, reads_points: bool) -> None:
        if isinstance(condition, (All, Any)):
            for part in condition.conditions:
                self._append(part, reads_points)
            self.operations.append(
                (tables.ALL if isinstance(condition, All) else tables.ANY, len(condition.conditions))
            )
        elif isinstance(condition, Not):
            self._append(condition.condition, reads_points)
            self.operations.append((tables.NOT, 0))
        elif isinstance(condition, Leaf):
            which = self._points.get(folded(condition.field)) if reads_points else None
            if which is None:
                self.operations.append((tables.LEAF, self._facts.bit(condition)))
            else:
                self._compare(which, condition)
        else:
            raise TypeError(f"the fold knows no condition of kind {type(condition).__name__}")

    def _compare(self, which: int, leaf: Leaf) -> None:
        if type(leaf) in _BY_SIZE:
            self._comparison(which, _BY_SIZE[type(leaf)], leaf.number)  # type: ignore[attr-defined] # kinds by size have one
        elif isinstance(leaf, (Equals, OneOf)):
            values = (leaf.value,) if isinstance(leaf, Equals) else leaf.values
            numbers = [value for value in values if _is_number(value)]
            for number in numbers:
                self._comparison(which, tables.EQUAL, float(number))
            self.operations.append((tables.ANY, len(numbers)))
        else:  # points are always known, and never text
            self.operations.append((tables.TRUE if isinstance(leaf, Exists) else tables.FALSE, 0))

    def _comparison(self, which: int, kind: int, number: float) -> None:
        self.operations.append((tables.COMPARE, len(self.comparisons)))
        self.comparisons.append((which, kind, float(number)))


def _is_number(value: Scalar) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
