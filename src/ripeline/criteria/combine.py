"""`all`, `any` and `not`: conditions made of conditions."""

from collections.abc import Iterator
from typing import ClassVar

from ripeline.criteria.at_least import AtLeast
from ripeline.criteria.at_most import AtMost
from ripeline.criteria.condition import Condition, Leaf, Naming, Reading
from ripeline.criteria.less_than import LessThan
from ripeline.criteria.more_than import MoreThan
from ripeline.criteria.words import both, either, field_name, number
from ripeline.translation import translated


class All(Condition, frozen=True, tag="all"):
    """Every one of `conditions` holds.

    >>> from ripeline.criteria.equals import Equals
    >>> polish_buyer = All((Equals("country", "PL"), Equals("role", "buyer")))
    >>> polish_buyer.holds({"country": "PL", "role": "buyer"}), polish_buyer.holds({"country": "PL"})
    (True, False)
    >>> polish_buyer.sentence(), polish_buyer.denial()
    ('country is PL and role is buyer', 'country is not PL or role is not buyer')
    """

    conditions: tuple[Condition, ...]

    keyword: ClassVar[str] = "all"
    example: ClassVar[str] = "{all: [{country: PL}, {role: buyer}]}"

    def holds(self, reading: Reading) -> bool:
        return all(condition.holds(reading) for condition in self.conditions)

    def leaves(self) -> Iterator[Leaf]:
        for condition in self.conditions:
            yield from condition.leaves()

    def sentence(self, named: Naming = field_name) -> str:
        return both(list(_words_of_all(self.conditions, named)))

    def denial(self, named: Naming = field_name) -> str:
        return either([bracketed(part, part.denial(named), within="or", denied=True) for part in self.conditions])


class Any(Condition, frozen=True, tag="any"):
    """At least one of `conditions` holds.

    >>> from ripeline.criteria.exists import Exists
    >>> reachable = Any((Exists("email"), Exists("phone")))
    >>> reachable.holds({"phone": "+48 22 000 00 00"}), reachable.holds({})
    (True, False)
    >>> reachable.sentence(), reachable.denial()
    ('e-mail is known or phone is known', 'e-mail is not known and phone is not known')
    """

    conditions: tuple[Condition, ...]

    keyword: ClassVar[str] = "any"
    example: ClassVar[str] = "{any: [{email: {exists: true}}, {phone: {exists: true}}]}"

    def holds(self, reading: Reading) -> bool:
        return any(condition.holds(reading) for condition in self.conditions)

    def leaves(self) -> Iterator[Leaf]:
        for condition in self.conditions:
            yield from condition.leaves()

    def sentence(self, named: Naming = field_name) -> str:
        return either([bracketed(part, part.sentence(named), within="or", denied=False) for part in self.conditions])

    def denial(self, named: Naming = field_name) -> str:
        return both([bracketed(part, part.denial(named), within="and", denied=True) for part in self.conditions])


class Not(Condition, frozen=True, tag="not"):
    """`condition` does not hold; so it holds where nothing is known. *Known and different* is `exists` and `not`.

    >>> from ripeline.criteria.equals import Equals
    >>> abroad = Not(Equals("country", "PL"))
    >>> abroad.holds({"country": "SE"}), abroad.holds({"country": "PL"}), abroad.holds({})
    (True, False, True)
    >>> abroad.sentence()
    'country is not PL'
    """

    condition: Condition

    keyword: ClassVar[str] = "not"
    example: ClassVar[str] = "{not: {country: PL}}"

    def holds(self, reading: Reading) -> bool:
        return not self.condition.holds(reading)

    def leaves(self) -> Iterator[Leaf]:
        yield from self.condition.leaves()

    def sentence(self, named: Naming = field_name) -> str:
        return self.condition.denial(named)

    def denial(self, named: Naming = field_name) -> str:
        return self.condition.sentence(named)


def _words_of_all(conditions: tuple[Condition, ...], named: Naming) -> Iterator[str]:
    """The words of each condition; two bounds of one field in one breath."""
    rest = list(conditions)
    while rest:
        part = rest.pop(0)
        span = span_sentence(part, rest[0], named) if rest else None
        if span is None:
            yield bracketed(part, part.sentence(named), within="and", denied=False)
        else:
            rest.pop(0)
            yield span


def span_sentence(low: Condition, high: Condition, named: Naming) -> str | None:
    """Two bounds of one field as a span; None if they are no such thing.

    >>> span_sentence(AtLeast("seats", 50), LessThan("seats", 1000), field_name)
    'seats is at least 50 and less than 1,000'
    """
    if not isinstance(low, (AtLeast, MoreThan)) or not isinstance(high, (LessThan, AtMost)) or low.field != high.field:
        return None
    values = {"field": named(low.field), "low": number(low.number), "high": number(high.number)}
    match low, high:
        case AtLeast(), LessThan():
            return translated("{field} is at least {low} and less than {high}", **values)
        case AtLeast(), AtMost():
            return translated("{field} is at least {low} and at most {high}", **values)
        case MoreThan(), LessThan():
            return translated("{field} is more than {low} and less than {high}", **values)
    return translated("{field} is more than {low} and at most {high}", **values)


def bracketed(part: Condition, words: str, *, within: str, denied: bool) -> str:
    """`words` of `part` in brackets if it is joined by the other word than the whole it stands within."""
    return f"({words})" if _joined_by(part, denied=denied) not in ("", within) else words


def _joined_by(part: Condition, *, denied: bool) -> str:
    if isinstance(part, Not):
        return _joined_by(part.condition, denied=not denied)
    if not isinstance(part, (All, Any)) or len(part.conditions) < 2:
        return ""
    return "and" if isinstance(part, All) != denied else "or"
