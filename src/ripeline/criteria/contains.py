"""`contains`: the text has another in it."""

from typing import ClassVar, Self

from ripeline.criteria.comparing import comparable, some_texts
from ripeline.criteria.condition import Complaint, Leaf, Naming, Scalar
from ripeline.criteria.words import either, field_name, written
from ripeline.translation import translated


class Contains(Leaf, frozen=True, tag="contains"):
    """The value is text with one of `texts` in it, without regard to case unless `exact`.

    A list matches by its members.


    >>> sells = Contains("title", ("sales",))
    >>> sells.holds({"title": "Head of Sales"}), sells.holds({"title": ["Engineer", "Founder"]})
    (True, False)
    """

    texts: tuple[str, ...]
    exact: bool = False

    keyword: ClassVar[str] = "contains"
    example: ClassVar[str] = "{title: {contains: sales}}"

    @classmethod
    def read(cls, field: str, arguments: tuple[Scalar, ...], *, exact: bool = False) -> Self | Complaint:
        texts = some_texts(cls.keyword, arguments)
        return texts if isinstance(texts, Complaint) else cls(field, texts, exact)

    def matches_one(self, value: Scalar) -> bool:
        if not isinstance(value, str):
            return False
        whole = comparable(value, field=self.field, exact=self.exact)
        return any(comparable(text, field=self.field, exact=self.exact) in whole for text in self.texts)

    def sentence(self, named: Naming = field_name) -> str:
        texts = either([*map(written, self.texts)])
        return translated("{field} contains {texts}", field=named(self.field), texts=texts)

    def denial(self, named: Naming = field_name) -> str:
        texts = either([*map(written, self.texts)])
        return translated("{field} does not contain {texts}", field=named(self.field), texts=texts)
