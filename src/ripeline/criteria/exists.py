"""`exists`: the value is known."""

import math
from typing import ClassVar, Self

from ripeline.criteria.condition import Complaint, Leaf, Naming, Scalar
from ripeline.criteria.words import field_name
from ripeline.translation import translated


class Exists(Leaf, frozen=True, tag="exists"):
    """Something is known: a number, yes or no, or text that is not blank.

    Forms send blank text for an empty field. `{exists: false}` is its `not`.


    >>> reachable = Exists("phone")
    >>> reachable.holds({"phone": "+48 22 000 00 00"}), reachable.holds({"phone": " "}), reachable.holds({})
    (True, False, False)
    """

    keyword: ClassVar[str] = "exists"
    example: ClassVar[str] = "{phone: {exists: true}}"

    @classmethod
    def read(cls, field: str, arguments: tuple[Scalar, ...], *, exact: bool = False) -> Self | Complaint:
        if exact or len(arguments) != 1 or arguments[0] is not True:
            message = translated("whether something is known is written `exists: true` or `exists: false`")
            return Complaint(message=message, code="wrong-shape", hint="`{exists: true}`")
        return cls(field)

    def matches_one(self, value: Scalar) -> bool:
        if isinstance(value, str):
            return bool(value.strip())
        return not (isinstance(value, float) and math.isnan(value))

    def sentence(self, named: Naming = field_name) -> str:
        return translated("{field} is known", field=named(self.field))

    def denial(self, named: Naming = field_name) -> str:
        return translated("{field} is not known", field=named(self.field))
