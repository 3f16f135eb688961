"""A country as people write it, by name in any language or by code, as its two letters (ISO 3166-1)."""

import gettext
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

LONGEST = 100

# What people call countries and no translation of ISO 3166 does. Kosovo's code is in use everywhere and assigned by
# nobody.
_EVERYDAY = {
    "GB": ("UK", "Great Britain", "Britain", "England", "Scotland", "Wales", "Northern Ireland", "Großbritannien"),
    "US": ("America",),
    "KR": ("Korea", "한국"),
    "TR": ("Turkey",),
    "RU": ("Россия", "Rusia"),
    "AE": ("UAE",),
    "TH": ("ประเทศไทย",),
    "CD": ("DRC",),
    "CV": ("Cape Verde",),
    "BA": ("Bosnia",),
    "MK": ("Macedonia",),
    "IE": ("Republic of Ireland",),
    "PS": ("Palestine",),
    "XK": ("XK", "XKX", "Kosovo", "Kosova"),
}


@lru_cache(maxsize=4096)
def _read(text: str) -> str | None:
    last, _, first = text.partition(",")
    names = [_spelled(text), _spelled(f"{first} {last}")]  # lists sort by it: Korea, South
    known = (names_of.get(name) for names_of in (_own_names(), _names_in_all_languages()) for name in names)
    return next(filter(None, known), None)


def country_code(value: object) -> str | None:
    """The two letters of the country that `value` names; None where it is none, or several languages disagree.

    >>> [country_code(name) for name in ("Sverige", "SE", "swe", " sweden ", "The Netherlands", "U.S.A.", "UK")]
    ['SE', 'SE', 'SE', 'SE', 'NL', 'US', 'GB']
    >>> country_code("Atlantis"), country_code(46), country_code("")
    (None, None, None)
    """
    return _read(value) if isinstance(value, str) and len(value) <= LONGEST else None


@lru_cache(maxsize=1)
def _own_names() -> dict[str, str]:
    """Codes, English names and those of every day."""
    import pycountry

    found: dict[str, str] = {}
    for country in pycountry.countries:
        for name in (country.alpha_2, country.alpha_3, *_called(country)):
            found.setdefault(_spelled(name), country.alpha_2)
    for code, names in _EVERYDAY.items():
        for name in names:
            found.setdefault(_spelled(name), code)
    return found


@lru_cache(maxsize=1)
def _names_in_all_languages() -> dict[str, str]:
    """Names that mean one country only, in whichever languages. A quarter of a second, for who needs it first."""
    import pycountry

    called = [(name, country.alpha_2) for country in pycountry.countries for name in _called(country)]
    found: dict[str, str | None] = {}
    for names in _catalogues(Path(pycountry.LOCALES_DIR)):
        for english, code in called:
            name = _spelled(names.gettext(english))
            if found.setdefault(name, code) != code:
                found[name] = None
    return {name: code for name, code in found.items() if code is not None}


def _catalogues(folder: Path) -> Iterator[gettext.GNUTranslations]:
    for path in sorted(folder.glob("*/LC_MESSAGES/iso3166-1.mo")):
        with path.open("rb") as stored:
            yield gettext.GNUTranslations(stored)


def _called(country: object) -> list[str]:
    names = (getattr(country, field, None) for field in ("name", "common_name", "official_name"))
    return [name for name in names if name]


def _spelled(name: str) -> str:
    """Letters alone, without accents and case; an article before it is no part of the name."""
    apart = unicodedata.normalize("NFKD", name).casefold().strip().removeprefix("the ")
    return "".join(letter for letter in apart if _counts(letter))


@lru_cache(maxsize=4096)
def _counts(letter: str) -> bool:
    # The marks of Indic scripts tell names apart; accents do not, and are left out by many.
    return letter.isalnum() or (unicodedata.category(letter)[0] == "M" and not "\u0300" <= letter <= "\u036f")
