"""`at_least`: the number is at least another."""

from typing import ClassVar, Self

from ripeline.criteria.comparing import is_number, one_number
from ripeline.criteria.condition import Complaint, Leaf, Naming, Scalar
from ripeline.criteria.words import field_name
from ripeline.criteria.words import number as in_words
from ripeline.translation import translated


class AtLeast(Leaf, frozen=True, tag="at_least"):
    """The value is a number of at least `number`; text that looks like a number does not match.

    >>> watched = AtLeast("share", 0.5)
    >>> watched.holds({"share": 0.5}), watched.holds({"share": 0.49})
    (True, False)
    """

    number: float

    keyword: ClassVar[str] = "at_least"
    example: ClassVar[str] = "{share: {at_least: 0.5}}"

    @classmethod
    def read(cls, field: str, arguments: tuple[Scalar, ...], *, exact: bool = False) -> Self | Complaint:
        number = one_number(cls.keyword, arguments, exact=exact)
        return number if isinstance(number, Complaint) else cls(field, number)

    def matches_one(self, value: Scalar) -> bool:
        return is_number(value) and value >= self.number

    def sentence(self, named: Naming = field_name) -> str:
        return translated("{field} is at least {number}", field=named(self.field), number=in_words(self.number))

    def denial(self, named: Naming = field_name) -> str:
        return translated("{field} is not at least {number}", field=named(self.field), number=in_words(self.number))
