"""`one_of`: the value is one of several."""

from typing import ClassVar, Self

from ripeline.criteria.comparing import nothing_to_match, same
from ripeline.criteria.condition import Complaint, Leaf, Naming, Scalar
from ripeline.criteria.words import either, field_name, written
from ripeline.translation import translated


class OneOf(Leaf, frozen=True, tag="one_of"):
    """The value is one of `values`, each compared as `equals` does.

    >>> served = OneOf("country", ("PL", "SE", "NO"))
    >>> served.holds({"country": "no"}), served.holds({"country": "DE"})
    (True, False)
    """

    values: tuple[Scalar, ...]
    exact: bool = False

    keyword: ClassVar[str] = "one_of"
    example: ClassVar[str] = "{country: [PL, SE, NO]}"

    @classmethod
    def read(cls, field: str, arguments: tuple[Scalar, ...], *, exact: bool = False) -> Self | Complaint:
        if not arguments:
            return nothing_to_match(cls.keyword)
        return cls(field, arguments, exact)

    # Python's 1 equals its True; two conditions that differ in this are two.
    def __eq__(self, other: object) -> bool:
        return isinstance(other, OneOf) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def _identity(self) -> tuple[str, tuple[tuple[bool, Scalar], ...], bool]:
        return self.field, tuple((isinstance(value, bool), value) for value in self.values), self.exact

    def matches_one(self, value: Scalar) -> bool:
        return any(same(own, value, field=self.field, exact=self.exact) for own in self.values)

    def sentence(self, named: Naming = field_name) -> str:
        return translated("{field} is {values}", field=named(self.field), values=either([*map(written, self.values)]))

    def denial(self, named: Naming = field_name) -> str:
        values = either([*map(written, self.values)])
        return translated("{field} is not {values}", field=named(self.field), values=values)
