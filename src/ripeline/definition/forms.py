"""Facts that have one form: what is compared with them must be written in it, else it never matches."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from ripeline.criteria.condition import Condition, Leaf
from ripeline.criteria.equals import Equals
from ripeline.criteria.one_of import OneOf
from ripeline.definition.drafts import Draft
from ripeline.events.country import country_code
from ripeline.events.domains import site_domain
from ripeline.events.names import folded
from ripeline.events.phone_number import phone_number
from ripeline.translation import translated


class Form(NamedTuple):
    """How the values of a fact are written: as `read` gives them, case apart. `sample` is for who wrote otherwise."""

    read: Callable[[Any], Any]
    message: Callable[[], str]
    sample: str


def check_forms(read: Draft, conditions: Iterable[Condition]) -> None:
    """Notes each value that a fact of one form is compared with and can never be equal to."""
    for leaf in (leaf for condition in conditions for leaf in condition.leaves()):
        form = _FORMS.get(folded(leaf.field))
        for value in _values(leaf) if form is not None else ():
            found = form.read(value) if form is not None else None
            if form is None or (type(found) is type(value) and _same(found, value)):
                continue
            sample = form.sample if found is None else f"`{found}`"
            hint = translated("write it like this: {sample}", sample=sample)
            read.findings.add(
                read.findings.place_of(leaf), form.message(), "never-matches", found=str(value), hint=hint
            )


def _values(leaf: Leaf) -> Iterator[Any]:
    if isinstance(leaf, Equals):
        yield leaf.value
    elif isinstance(leaf, OneOf):
        yield from leaf.values


def _same(one: Any, other: Any) -> bool:
    return bool(one.casefold() == other.casefold() if isinstance(one, str) else one == other)


def _mail_domain(value: Any) -> str | None:
    """`{email_domain: free_mail}` looks like a list that we do not have, and no domain is without a dot."""
    return value if isinstance(value, str) and "." in value else None


def _no_domain() -> str:
    return translated("no domain is written like this, so it never matches")


def _no_country() -> str:
    return translated("no country code is written like this, so it never matches")


def _no_number() -> str:
    return translated("no number is written like this, so it never matches")


def _no_truth() -> str:
    return translated("this is either true or false, so it never matches")


_TRUTH = Form(lambda value: value if isinstance(value, bool) else None, _no_truth, "`true`")
_COUNTRY = Form(country_code, _no_country, "`SE`")
_FORMS = {
    "emaildomain": Form(_mail_domain, _no_domain, "`[gmail.com, outlook.com]`"),
    "companydomain": Form(site_domain, _no_domain, "`[firm.example, rival.example]`"),
    "countrycode": _COUNTRY,
    "company.countrycode": _COUNTRY,
    "phonenumber": Form(phone_number, _no_number, "`+46812345678`"),
    "freemail": _TRUTH,
    "disposablemail": _TRUTH,
}
