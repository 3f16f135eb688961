"""Text that people read, in the reader's language, for every floor of the house.

The server sets the language of a request; a command sets it from the environment. Below the server nothing reads
either: `translated` looks up the text in the catalogue chosen for the present context and falls back to English.
"""

import gettext
from contextvars import ContextVar
from pathlib import Path

LOCALES = Path(__file__).parent / "locale"
_catalogue: ContextVar[gettext.NullTranslations] = ContextVar("catalogue", default=gettext.NullTranslations())  # noqa: B039 - stateless
_language: ContextVar[str] = ContextVar("language", default="en")


def use_language(code: str) -> None:
    """Choose the catalogue for what runs in the present context; an unknown language reads English."""
    _language.set(code)
    _catalogue.set(gettext.translation("ripeline", LOCALES, languages=[code], fallback=True))


def language() -> str:
    """The language of the present context, as it was chosen; for what is kept in words."""
    return _language.get()


def translated(text: str, /, **values: object) -> str:
    """`text` in the present language, its `{names}` filled in.

    >>> translated("begins with “{text}”", text="/pricing")
    'begins with “/pricing”'
    """
    return _catalogue.get().gettext(text).format(**values) if values else _catalogue.get().gettext(text)


def counted(one: str, many: str, count: int, /, **values: object) -> str:
    """The form of a sentence that fits `count`, filled in.

    >>> counted("{count} lead", "{count} leads", 2)
    '2 leads'
    """
    return _catalogue.get().ngettext(one, many, count).format(count=count, **values)
