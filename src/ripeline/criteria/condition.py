"""A condition: does this event, or this lead, match? One file a kind, each with all of its readings."""

from collections.abc import Callable, Iterator
from typing import ClassVar, Protocol, Self

import msgspec

from ripeline.criteria.words import field_name

# What a condition can read. Text, number and truth are never turned into one another; None is absent.
Scalar = str | float | int | bool
Value = Scalar | tuple[Scalar, ...] | list[Scalar] | None

# How a field is called in a sentence: `path` of an event, `the job title` of a lead.
Naming = Callable[[str], str]


class Reading(Protocol):
    """Where a condition finds its values: an event, the facts known of a lead, or its sub-scores. A dict is one."""

    def get(self, field: str, /) -> Value: ...


class Complaint(msgspec.Struct, frozen=True, kw_only=True):
    """A problem a kind finds in itself; whoever knows the place adds line and path."""

    message: str
    code: str
    found: str = ""
    hint: str = ""


class Condition(msgspec.Struct, frozen=True):
    """Holds or does not hold of a reading. Conditions are values: equal texts make equal conditions."""

    keyword: ClassVar[str] = ""  # its name in a definition
    example: ClassVar[str] = ""  # how a definition writes it

    def holds(self, reading: Reading) -> bool:
        raise NotImplementedError

    def leaves(self) -> Iterator["Leaf"]:
        """The comparisons this condition is made of, left to right."""
        raise NotImplementedError

    def complaints(self) -> Iterator[Complaint]:
        return iter(())

    def sentence(self, named: Naming = field_name) -> str:
        """The condition in words, as in `path begins with /pricing`; `named` says how a field is called."""
        raise NotImplementedError

    def denial(self, named: Naming = field_name) -> str:
        """The words for its `not`, as in `path does not begin with /pricing`."""
        raise NotImplementedError

    def fields(self) -> tuple[str, ...]:
        """The fields this condition reads, each once, in order of mention."""
        return tuple(dict.fromkeys(leaf.field for leaf in self.leaves()))


class Leaf(Condition, frozen=True):
    """A comparison of one field. A list matches by its members; an absent value matches nothing."""

    field: str

    @classmethod
    def read(cls, field: str, arguments: tuple[Scalar, ...], *, exact: bool = False) -> Self | Complaint:
        """The comparison of `field` that a definition writes as `{field: {keyword: arguments}}`, or what is wrong."""
        raise NotImplementedError

    def holds(self, reading: Reading) -> bool:
        return self.matches(reading.get(self.field))

    def matches(self, value: Value) -> bool:
        """Whether the comparison holds of `value`, whichever type it has."""
        if value is None:
            return False
        if isinstance(value, (list, tuple)):
            return any(self.matches_one(member) for member in value)
        return self.matches_one(value)

    def matches_one(self, value: Scalar) -> bool:
        raise NotImplementedError

    def leaves(self) -> Iterator["Leaf"]:
        yield self
