"""Names of events and facts are stored as sent and matched without regard to case, blanks, `_` and `-`."""

from functools import lru_cache

_IGNORED = str.maketrans("", "", " _-\t\n\u00a0")


@lru_cache(maxsize=65_536)
def folded(name: str) -> str:
    """The form in which two spellings of one name are equal.

    >>> folded("Demo Requested") == folded("demo_requested") == folded("DEMO-requested")
    True
    >>> folded("company.Employee Count")
    'company.employeecount'
    """
    return name.translate(_IGNORED).casefold()
