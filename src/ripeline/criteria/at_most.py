"""`at_most`: the number is at most another."""

from typing import ClassVar, Self

from ripeline.criteria.comparing import is_number, one_number
from ripeline.criteria.condition import Complaint, Leaf, Naming, Scalar
from ripeline.criteria.words import field_name
from ripeline.criteria.words import number as in_words
from ripeline.translation import translated


class AtMost(Leaf, frozen=True, tag="at_most"):
    """The value is a number of at most `number`; text that looks like a number does not match.

    >>> small = AtMost("seats", 5)
    >>> small.holds({"seats": 5}), small.holds({"seats": 6}), small.holds({"seats": True})
    (True, False, False)
    """

    number: float

    keyword: ClassVar[str] = "at_most"
    example: ClassVar[str] = "{seats: {at_most: 5}}"

    @classmethod
    def read(cls, field: str, arguments: tuple[Scalar, ...], *, exact: bool = False) -> Self | Complaint:
        number = one_number(cls.keyword, arguments, exact=exact)
        return number if isinstance(number, Complaint) else cls(field, number)

    def matches_one(self, value: Scalar) -> bool:
        return is_number(value) and value <= self.number

    def sentence(self, named: Naming = field_name) -> str:
        return translated("{field} is at most {number}", field=named(self.field), number=in_words(self.number))

    def denial(self, named: Naming = field_name) -> str:
        return translated("{field} is not at most {number}", field=named(self.field), number=in_words(self.number))
