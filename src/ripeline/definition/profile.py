"""The minimum profile: what must be known of a lead, and what is still missing."""

from collections.abc import Iterator

from ripeline.criteria.combine import All, Any, Not
from ripeline.criteria.condition import Condition, Leaf, Reading
from ripeline.criteria.exists import Exists
from ripeline.criteria.words import either, fact_name
from ripeline.translation import translated


def missing(profile: Condition | None, reading: Reading) -> list[str]:
    """The fields that `profile` still asks for, as the definition writes them; alternatives joined by “or”.

    >>> profile = All((Exists("first_name"), Exists("company"), Any((Exists("email"), Exists("phone")))))
    >>> missing(profile, {"first_name": "Ada"})
    ['company', 'email or phone']
    """
    return [] if profile is None else list(_missing(profile, reading))


def _missing(condition: Condition, reading: Reading) -> Iterator[str]:
    if condition.holds(reading):
        return
    if isinstance(condition, All):
        for part in condition.conditions:
            yield from _missing(part, reading)
    elif isinstance(condition, Any):
        yield either([translated(" and ").join(_missing(part, reading)) for part in condition.conditions])
    elif isinstance(condition, Exists):
        yield condition.field
    elif isinstance(condition, (Leaf, Not)):
        yield condition.sentence(fact_name)
