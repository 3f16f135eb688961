"""Where a text that somebody typed stops being JSON: line and column, in words."""

import json
import re

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

_PLACE = re.compile(r"\(byte (\d+)\)")
_SAYINGS = {
    "Expecting ',' delimiter": gettext_noop("a comma or the closing bracket is missing"),
    "Expecting ':' delimiter": gettext_noop("a colon is missing after the name"),
    "Expecting property name enclosed in double quotes": gettext_noop("a name in double quotes belongs here"),
    "Illegal trailing comma before end of object": gettext_noop("a comma stands before the closing bracket"),
    "Illegal trailing comma before end of array": gettext_noop("a comma stands before the closing bracket"),
    "Expecting value": gettext_noop("a value belongs here"),
    "Unterminated string starting at": gettext_noop("the text that begins here is not closed"),
    "Extra data": gettext_noop("the message has ended before this"),
}


def json_fault(text: str) -> str:
    """What is wrong, as in “Line 2, column 5: …”; empty for JSON."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return _said(error.lineno, error.colno, _saying(error.msg))
    except (RecursionError, ValueError):
        return ""  # what it means is for the door to say
    try:
        msgspec.json.decode(text.encode(errors="surrogatepass"))
    except msgspec.ValidationError:
        return ""
    except (ValueError, RecursionError) as error:  # NaN and Infinity, which only Python takes for JSON
        place = _PLACE.search(str(error))
        if place is None:
            return ""
        before = text.encode(errors="surrogatepass")[: int(place[1])].decode(errors="replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        return _said(line, column, _("a value belongs here"))
    return ""


def _saying(told: str) -> str:
    known = next((saying for start, saying in _SAYINGS.items() if told.startswith(start)), "")
    return _(known) if known else told


def _said(line: int, column: int, what: str) -> str:
    return _("Line %(line)d, column %(column)d: %(what)s.") % {"line": line, "column": column, "what": what}
