"""Names of events and facts are stored as sent and matched without regard to case, blanks, `_` and `-`."""

_IGNORED = str.maketrans("", "", " _-\t\n\u00a0")

# Of an event, a fact or a property, dotted ones whole. Senders choose them: a longer one is nobody's to read.
LONGEST_NAME = 255

_MOST_REMEMBERED = 65_536


class _Folded(dict[str, str]):
    def __missing__(self, name: str) -> str:
        form = name.translate(_IGNORED).casefold()
        if len(name) <= LONGEST_NAME:
            if len(self) >= _MOST_REMEMBERED:
                self.clear()
            self[name] = form
        return form


_folded = _Folded()


def folded(name: str) -> str:
    """The form in which two spellings of one name are equal.

    >>> folded("Demo Requested") == folded("demo_requested") == folded("DEMO-requested")
    True
    >>> folded("company.Employee Count")
    'company.employeecount'
    """
    return _folded[name]
