"""Names of events and facts are stored as sent and matched without regard to case, blanks, `_` and `-`."""

_IGNORED = str.maketrans("", "", " _-\t\n\u00a0")

# Senders choose the names: what is remembered of them is bounded in number and in length.
_MOST_REMEMBERED = 65_536
_LONGEST_REMEMBERED = 255


class _Folded(dict[str, str]):
    def __missing__(self, name: str) -> str:
        form = name.translate(_IGNORED).casefold()
        if len(name) <= _LONGEST_REMEMBERED:
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
