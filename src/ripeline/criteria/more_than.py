"""`more_than`: the number is more than another."""

from typing import ClassVar, Self

from ripeline.criteria.comparing import is_number, one_number
from ripeline.criteria.condition import Complaint, Leaf, Naming, Scalar
from ripeline.criteria.words import field_name
from ripeline.criteria.words import number as in_words
from ripeline.translation import translated


class MoreThan(Leaf, frozen=True, tag="more_than"):
    """The value is a number above `number`; text that looks like a number does not match.

    >>> large = MoreThan("company.employees", 50)
    >>> large.holds({"company.employees": 51}), large.holds({"company.employees": 50})
    (True, False)
    >>> large.holds({"company.employees": "51"})
    False
    """

    number: float

    keyword: ClassVar[str] = "more_than"
    example: ClassVar[str] = "{company.employees: {more_than: 50}}"

    @classmethod
    def read(cls, field: str, arguments: tuple[Scalar, ...], *, exact: bool = False) -> Self | Complaint:
        number = one_number(cls.keyword, arguments, exact=exact)
        return number if isinstance(number, Complaint) else cls(field, number)

    def matches_one(self, value: Scalar) -> bool:
        return is_number(value) and value > self.number

    def sentence(self, named: Naming = field_name) -> str:
        return translated("{field} is more than {number}", field=named(self.field), number=in_words(self.number))

    def denial(self, named: Naming = field_name) -> str:
        return translated("{field} is not more than {number}", field=named(self.field), number=in_words(self.number))
