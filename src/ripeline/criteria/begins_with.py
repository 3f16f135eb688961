"""`begins_with`: the text begins with another."""

from typing import ClassVar, Self

from ripeline.criteria.comparing import comparable, some_texts
from ripeline.criteria.condition import Complaint, Leaf, Naming, Scalar
from ripeline.criteria.words import either, field_name, written
from ripeline.translation import translated


class BeginsWith(Leaf, frozen=True, tag="begins_with"):
    """The value is text that begins with one of `texts`, without regard to case unless `exact`.

    >>> pricing = BeginsWith("path", ("/pricing", "/plans"))
    >>> pricing.holds({"path": "/Pricing/team"}), pricing.holds({"path": "/about"}), pricing.holds({})
    (True, False, False)
    """

    texts: tuple[str, ...]
    exact: bool = False

    keyword: ClassVar[str] = "begins_with"
    example: ClassVar[str] = "{path: {begins_with: [/pricing, /plans]}}"

    @classmethod
    def read(cls, field: str, arguments: tuple[Scalar, ...], *, exact: bool = False) -> Self | Complaint:
        texts = some_texts(cls.keyword, arguments)
        return texts if isinstance(texts, Complaint) else cls(field, texts, exact)

    def matches_one(self, value: Scalar) -> bool:
        if not isinstance(value, str):
            return False
        whole = comparable(value, field=self.field, exact=self.exact)
        return any(whole.startswith(comparable(text, field=self.field, exact=self.exact)) for text in self.texts)

    def sentence(self, named: Naming = field_name) -> str:
        texts = either([*map(written, self.texts)])
        return translated("{field} begins with {texts}", field=named(self.field), texts=texts)

    def denial(self, named: Naming = field_name) -> str:
        texts = either([*map(written, self.texts)])
        return translated("{field} does not begin with {texts}", field=named(self.field), texts=texts)
