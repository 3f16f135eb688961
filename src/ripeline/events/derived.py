"""Facts read out of what was stated: the one form of an address, a number, a country or a site. What was sent stays."""

from collections.abc import Iterator, Mapping
from typing import Any

from ripeline.events.country import country_code
from ripeline.events.domains import is_disposable, is_free, registered_domain, site_domain
from ripeline.events.mail_address import domain_of, mail_address
from ripeline.events.phone_number import phone_number

# By folded field, what each fact is read from; of several the first that can be read. `definition.reference` prints it.
READ_FROM: dict[str, tuple[str, ...]] = {
    "emaildomain": ("email",),
    "freemail": ("email",),
    "disposablemail": ("email",),
    "phonenumber": ("phone", "mobilephone", "mobile"),
    "countrycode": ("country", "address.country"),
    "company": ("company.name",),
    "companydomain": ("company.domain", "company.website"),
    "company.countrycode": ("company.country", "company.address.country"),
}


def derived(stated: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What follows from `stated` (by folded field); None where it was stated and cannot be read, or unset.

    >>> dict(derived({"country": "Sverige", "phone": "08-123 456 78"}))
    {'countrycode': 'SE', 'phonenumber': '+46812345678'}
    """
    if "email" in stated:
        yield from _of_mail(stated["email"])
    country = _first(stated, "countrycode", country_code)
    if country is not _UNSAID:
        yield "countrycode", country
    dialled_from = stated.get("countrycode") or (None if country is _UNSAID else country)
    number = _first(stated, "phonenumber", lambda told: phone_number(told, country_code(dialled_from)))
    if number is not _UNSAID:
        yield "phonenumber", number
    for field, read in (("companydomain", site_domain), ("company.countrycode", country_code)):
        found = _first(stated, field, read)
        if found is not _UNSAID:
            yield field, found
    if "company.name" in stated:
        yield "company", stated["company.name"]


def suggested_domain(mail_domain: Any) -> str | None:
    """The company's domain that the domain of an address suggests: none where everybody can have an address."""
    if not isinstance(mail_domain, str) or is_free(mail_domain) or is_disposable(mail_domain):
        return None
    return registered_domain(mail_domain)


def _of_mail(told: Any) -> Iterator[tuple[str, Any]]:
    address = mail_address(told)
    domain = None if address is None else domain_of(address)
    yield "emaildomain", domain
    yield "freemail", None if domain is None else is_free(domain)
    yield "disposablemail", None if domain is None else is_disposable(domain)


_UNSAID: Any = object()


def _first(stated: Mapping[str, Any], field: str, read: Any) -> Any:
    found = _UNSAID
    for said in READ_FROM[field]:
        if said in stated:
            found = read(stated[said])
            if found is not None:
                break
    return found
