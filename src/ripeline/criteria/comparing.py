"""How values are compared: text case-folded unless exact, names of events by their folded form, types never mixed."""

import math
from typing import TypeGuard

from ripeline.criteria.condition import Complaint, Scalar
from ripeline.events.names import folded
from ripeline.translation import counted, translated


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


def one_number(keyword: str, arguments: tuple[Scalar, ...], *, exact: bool) -> float | Complaint:
    """The single finite number a comparison by size takes, or what is wrong with `arguments`."""
    if exact:
        return Complaint(message=translated("only text can be exact"), code="unknown-key", found="exact")
    if len(arguments) != 1:
        message, found = translated("compares with one number"), count_of_values(len(arguments))
        return Complaint(message=message, code="not-a-number", found=found, hint=f"`{{{keyword}: 50}}`")
    value = arguments[0]
    if not is_number(value):
        return Complaint(
            message=translated("compares with a number, and text is never turned into one"),
            code="not-a-number",
            found=as_written(value),
            hint=_unquoted(keyword, value),
        )
    if not math.isfinite(value):
        return Complaint(message=translated("compares with a finite number"), code="not-finite", found=str(value))
    return value


def some_texts(keyword: str, arguments: tuple[Scalar, ...]) -> tuple[str, ...] | Complaint:
    """The texts a comparison of text takes: at least one, none of them empty; or what is wrong with `arguments`."""
    if not arguments:
        return nothing_to_match(keyword)
    wrong = [as_written(value) for value in arguments if not isinstance(value, str)]
    if wrong:
        return Complaint(
            message=translated("compares with text, and a number is never turned into text"),
            code="not-text",
            found=wrong[0],
            hint=f'`{{{keyword}: "{wrong[0]}"}}`',
        )
    if "" in arguments:
        return Complaint(
            message=translated("every text has an empty part, so every text matches"),
            code="matches-everything",
            found='""',
            hint=translated("use `exists`"),
        )
    return tuple(value for value in arguments if isinstance(value, str))


def nothing_to_match(keyword: str) -> Complaint:
    message = translated("an empty list matches nothing")
    return Complaint(message=message, code="empty-list", found="[]", hint=f"`{{{keyword}: [one, two]}}`")


def count_of_values(count: int) -> str:
    return counted("{count} value", "{count} values", count)


def as_written(value: Scalar) -> str:
    """A value as a definition writes it: `true`, `"50"`, `50`."""
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def _unquoted(keyword: str, value: Scalar) -> str:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    sample = f"{number:g}" if isinstance(value, str) and math.isfinite(number) else "50"
    return f"`{{{keyword}: {sample}}}`"
