"""What people type to find a lead, kept to a length that the store can answer."""

MOST_LETTERS = 200
MOST_WORDS = 20


def sought(typed: str) -> str:
    """What is searched for: the words of `typed`, without those beyond the bounds.

    >>> sought("  Ada   Lovelace ")
    'Ada Lovelace'
    """
    return " ".join(typed[:MOST_LETTERS].split()[:MOST_WORDS])


def is_too_much(typed: str) -> bool:
    """Whether something of `typed` would not be searched for."""
    return sought(typed) != " ".join(typed.split())
