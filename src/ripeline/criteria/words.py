"""How fields and values are written in a sentence."""

import re

from ripeline.events.names import folded
from ripeline.translation import translated

_PLAIN = re.compile(r"[\w/.@:%&?=+#-]+")


def field_name(field: str) -> str:
    """A field as people call it.

    >>> field_name("first_name"), field_name("companyEmployees"), field_name("utm_source")
    ('first name', 'company employees', 'UTM source')
    """
    known = _known_fields().get(folded(field))
    if known is not None:
        return known
    apart = re.sub(r"(?<=[a-zа-я])(?=[A-ZА-Я])", " ", field)
    words = re.split(r"[\s_.-]+", apart)
    return " ".join(word if word.isupper() else word.lower() for word in words if word)


def fact_name(field: str) -> str:
    """A fact known of a lead as people call it; a page has a title too, but it is no job title.

    >>> fact_name("title"), fact_name("company.employees"), fact_name("first_name")
    ('job title', 'number of employees', 'first name')
    """
    known = {"title": translated("job title"), "company.employees": translated("number of employees")}
    return known.get(folded(field)) or field_name(field)


def _known_fields() -> dict[str, str]:
    return {
        "email": translated("e-mail"),
        "emaildomain": translated("e-mail domain"),
        "companydomain": translated("company domain"),
        "countrycode": translated("country code"),
        "company.countrycode": translated("country code of the company"),
        "freemail": translated("free e-mail address"),
        "disposablemail": translated("disposable e-mail address"),
        "url": translated("address"),
        "utmsource": translated("UTM source"),
        "utmmedium": translated("UTM medium"),
        "utmcampaign": translated("UTM campaign"),
        "utmterm": translated("UTM term"),
        "utmcontent": translated("UTM content"),
        "clickid": translated("click id"),
        "mql": "MQL",
    }


def number(value: float) -> str:
    """A number without needless digits, with a real minus.

    >>> number(8.0), number(-0.5), number(1250)
    ('8', '−0.5', '1,250')
    """
    text = f"{value:,.6f}".rstrip("0").rstrip(".") if abs(value) < 1e15 else f"{value:g}"
    return text.replace("-", "−")


def points(value: float) -> str:
    """Points with their sign.

    >>> points(8), points(-20), points(0)
    ('+8', '−20', '0')
    """
    return f"+{number(value)}" if value > 0 else number(value)


def written(value: str | float | int | bool) -> str:
    """A value in a sentence; text with blanks is quoted.

    >>> written("/pricing"), written("Head of Sales"), written(50), written(True)
    ('/pricing', '“Head of Sales”', '50', 'yes')
    """
    if isinstance(value, bool):
        return translated("yes") if value else translated("no")
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) else translated("“{text}”", text=value)
    return number(value)


def either(parts: list[str]) -> str:
    """Alternatives.

    >>> either(["PL", "SE", "NO"])
    'PL, SE or NO'
    """
    return _joined(parts, translated("{first} or {last}"))


def both(parts: list[str]) -> str:
    """Things that are all meant.

    >>> both(["first name", "company"])
    'first name and company'
    """
    return _joined(parts, translated("{first} and {last}"))


def _joined(parts: list[str], pattern: str) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return pattern.format(first=", ".join(parts[:-1]), last=parts[-1])
