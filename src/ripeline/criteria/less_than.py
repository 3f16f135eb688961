"""`less_than`: the number is less than another."""

from typing import ClassVar, Self

from ripeline.criteria.comparing import is_number, one_number
from ripeline.criteria.condition import Complaint, Leaf, Naming, Scalar
from ripeline.criteria.words import field_name
from ripeline.criteria.words import number as in_words
from ripeline.translation import translated


class LessThan(Leaf, frozen=True, tag="less_than"):
    """The value is a number below `number`; text that looks like a number does not match.

    >>> small = LessThan("company.employees", 10)
    >>> small.holds({"company.employees": 9.5}), small.holds({"company.employees": 10}), small.holds({})
    (True, False, False)
    """

    number: float

    keyword: ClassVar[str] = "less_than"
    example: ClassVar[str] = "{company.employees: {less_than: 10}}"

    @classmethod
    def read(cls, field: str, arguments: tuple[Scalar, ...], *, exact: bool = False) -> Self | Complaint:
        number = one_number(cls.keyword, arguments, exact=exact)
        return number if isinstance(number, Complaint) else cls(field, number)

    def matches_one(self, value: Scalar) -> bool:
        return is_number(value) and value < self.number

    def sentence(self, named: Naming = field_name) -> str:
        return translated("{field} is less than {number}", field=named(self.field), number=in_words(self.number))

    def denial(self, named: Naming = field_name) -> str:
        return translated("{field} is not less than {number}", field=named(self.field), number=in_words(self.number))
