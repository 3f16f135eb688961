"""Which of two leads' stages stands when they turn out to be one person."""

from typing import NamedTuple

# The further open stage wins. A closed one yields to any later open one; disqualified yields only to what a person won.
_FURTHER = (
    "visitor", "lead", "recycled", "lost", "mql", "disqualified", "sal", "sql", "opportunity", "customer",
)  # fmt: skip


class Stood(NamedTuple):
    """Where a lead stood, and since when (any number that rises with time)."""

    lead: int
    stage: str
    since: int


def winner(one: Stood, other: Stood) -> Stood:
    """The lead whose stage and owner stand; between equals the one that reached it first.

    >>> winner(Stood(1, "lead", 5), Stood(2, "sal", 9)).lead
    2
    >>> winner(Stood(1, "disqualified", 5), Stood(2, "mql", 9)).lead
    1
    >>> winner(Stood(1, "disqualified", 5), Stood(2, "sal", 9)).lead
    2
    """
    return min(one, other, key=lambda stood: (-_FURTHER.index(stood.stage), stood.since, stood.lead))
