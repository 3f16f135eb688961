"""What an unquoted word of YAML means: the core scalars of YAML 1.2 and nothing else.

So `NO` is a country, `1:30` and `2026-03-02` are text, `yes` is text; `true`, `~` and `0.5` are what they look like.
"""

import re

# Longer digits than any count or amount has; `int` refuses 4,300 of them and gets slow long before.
LONGEST_NUMBER = 40

_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


def meaning(text: str) -> str | int | float | bool | None:
    """The value of a plain scalar.

    >>> meaning("NO"), meaning("1:30"), meaning("~"), meaning("true"), meaning("010"), meaning("1e3")
    ('NO', '1:30', None, True, 10, 1000.0)
    """
    if text in _NULL:
        return None
    if text in _TRUTH:
        return _TRUTH[text]
    if text[0] not in "+-.0123456789" or len(text) > LONGEST_NUMBER:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _BASED.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _INFINITE.fullmatch(text):
        return float(text.replace(".", "", 1))
    return text
