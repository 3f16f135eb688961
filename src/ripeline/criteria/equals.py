"""`equals`: the value is this one."""

from typing import ClassVar, Self

from ripeline.criteria.comparing import count_of_values, same
from ripeline.criteria.condition import Complaint, Leaf, Naming, Scalar
from ripeline.criteria.words import field_name, written
from ripeline.translation import translated


class Equals(Leaf, frozen=True, tag="equals"):
    """The value is `value`.

    Text is compared without regard to case unless `exact`; types are never turned into one another.

    >>> sweden = Equals("country", "SE")
    >>> sweden.holds({"country": "se"}), sweden.holds({"country": "NO"}), sweden.holds({})
    (True, False, False)
    >>> Equals("seats", 7).holds({"seats": "7"})
    False
    """

    value: Scalar
    exact: bool = False

    keyword: ClassVar[str] = "equals"
    example: ClassVar[str] = "{country: PL}"

    @classmethod
    def read(cls, field: str, arguments: tuple[Scalar, ...], *, exact: bool = False) -> Self | Complaint:
        if len(arguments) != 1:
            return Complaint(
                message=translated("a value equals one value"),
                code="wrong-shape",
                found=count_of_values(len(arguments)),
                hint="`{one_of: [one, two]}`",
            )
        return cls(field, arguments[0], exact)

    # Python's 1 equals its True; two conditions that differ in this are two.
    def __eq__(self, other: object) -> bool:
        return isinstance(other, Equals) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def _identity(self) -> tuple[str, bool, Scalar, bool]:
        return self.field, isinstance(self.value, bool), self.value, self.exact

    def matches_one(self, value: Scalar) -> bool:
        return same(self.value, value, field=self.field, exact=self.exact)

    def sentence(self, named: Naming = field_name) -> str:
        return translated("{field} is {value}", field=named(self.field), value=written(self.value))

    def denial(self, named: Naming = field_name) -> str:
        return translated("{field} is not {value}", field=named(self.field), value=written(self.value))
