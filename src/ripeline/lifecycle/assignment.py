"""Who gets the next lead."""

from collections.abc import Iterable


def next_in_turn(reps: Iterable[str], *, last: str) -> str | None:
    """The rep after `last` in alphabetical order, then from the top; None where there is nobody.

    It stays fair when people come and go, for it needs only the name of who was last.

    >>> next_in_turn(["ada", "bob", "cyd"], last="ada"), next_in_turn(["ada", "cyd"], last="bob")
    ('bob', 'cyd')
    >>> next_in_turn(["ada", "bob"], last="bob")
    'ada'
    """
    in_order = sorted(reps)
    return next((rep for rep in in_order if rep > last), in_order[0] if in_order else None)
