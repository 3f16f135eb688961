"""How values are compared: text case-folded unless exact, names of events by their folded form, types never mixed."""

import math
from typing import TypeGuard

from ripeline.criteria.condition import Complaint, Scalar
from ripeline.events.names import folded


def comparable(text: str, *, field: str, exact: bool) -> str:
    """The form in which `text`, a value of `field`, is compared.

    >>> comparable("Demo Requested", field="event", exact=False)
    'demorequested'
    >>> comparable("Head of Sales", field="title", exact=False)
    'head of sales'
    """
    if exact:
        return text
    return folded(text) if folded(field) == "event" else text.casefold()


def same(left: Scalar, right: Scalar, *, field: str, exact: bool) -> bool:
    """Whether two values are equal: 7 is 7.0, but neither "7" nor true.

    >>> same(7, 7.0, field="size", exact=False), same(7, "7", field="size", exact=False)
    (True, False)
    """
    if isinstance(left, str) and isinstance(right, str):
        return comparable(left, field=field, exact=exact) == comparable(right, field=field, exact=exact)
    if isinstance(left, str) or isinstance(right, str) or isinstance(left, bool) != isinstance(right, bool):
        return False
    return left == right


def is_number(value: Scalar) -> TypeGuard[int | float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def one_number(keyword: str, arguments: tuple[Scalar, ...]) -> float | Complaint:
    """The single finite number a comparison by size takes, or what is wrong with `arguments`."""
    if len(arguments) != 1:
        return Complaint(
            message="compares with one number",
            code="not-a-number",
            found=f"{len(arguments)} values",
            hint=f"`{{{keyword}: 50}}`",
        )
    value = arguments[0]
    if isinstance(value, (str, bool)):
        return Complaint(
            message="compares with a number, and text is never turned into one",
            code="not-a-number",
            found=f'"{value}"' if isinstance(value, str) else str(value).lower(),
            hint=_unquoted(keyword, value),
        )
    if not math.isfinite(value):
        return Complaint(message="compares with a finite number", code="not-finite", found=str(value))
    return value


def _unquoted(keyword: str, value: str | bool) -> str:
    try:
        number = float(value) if isinstance(value, str) else None
    except ValueError:
        number = None
    return f"without quotes: `{{{keyword}: {number:g}}}`" if number is not None else f"`{{{keyword}: 50}}`"


def some_texts(keyword: str, arguments: tuple[Scalar, ...]) -> tuple[str, ...] | Complaint:
    """The texts a comparison of text takes: at least one, none of them empty; or what is wrong with `arguments`."""
    if not arguments:
        return Complaint(
            message="an empty list matches nothing", code="empty-list", hint=f"`{{{keyword}: [one, two]}}`"
        )
    texts = tuple(value for value in arguments if isinstance(value, str))
    if len(texts) < len(arguments):
        wrong = next(value for value in arguments if not isinstance(value, str))
        found = str(wrong).lower() if isinstance(wrong, bool) else str(wrong)
        return Complaint(
            message="compares with text, and a number is never turned into text",
            code="not-text",
            found=found,
            hint=f'`{{{keyword}: "{found}"}}`, if the value arrives as text',
        )
    if "" in texts:
        return Complaint(
            message="every text has an empty beginning and an empty part, so every text matches",
            code="matches-everything",
            found='""',
            hint="use `exists`",
        )
    return texts
