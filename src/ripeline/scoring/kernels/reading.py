"""Where things stand in the definition's tables."""

from ripeline.scoring.jit import inlined
from ripeline.scoring.tables import Tables


@inlined
def cell(t: Tables, table: int, row: int, column: int) -> int:
    return t.words[t.words[table] + row * t.words[table + 1] + column]


@inlined
def number(t: Tables, table: int, row: int, column: int) -> float:
    """A cell that holds points."""
    return t.points[t.words[table] + row * t.words[table + 1] + column]


@inlined
def length(t: Tables, table: int) -> int:
    return t.words[table + 2]
