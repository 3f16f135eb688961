"""The shape table as the kernels read it: columns that grow as shapes come."""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from ripeline.scoring import tables

T = TypeVar("T", np.int64, np.float64)


class Shape(NamedTuple):
    """One row of the shape table; its columns are named in `tables`."""

    kind: int
    happening: bool = False
    at_once: bool = False
    returns: bool = False
    hits: tuple[tuple[int, float], ...] = ()  # criterion, points × channel weight
    slot: int = 0
    hint: bool = False
    truths: tuple[int, ...] = ()
    moves_from: int = 0
    moves_to: int = 0
    wait: int = 0


class ShapeColumns:
    """Shapes in the order of their numbers. What `read` gave before stays as it was: the kernels may be reading it."""

    def __init__(self) -> None:
        self.count = 0  # shapes taken in
        self._hits = 0  # used of the columns of hits
        self._words = np.zeros(64 * tables.SHAPE_WIDTH, dtype=np.int64)
        self._criteria = np.zeros(64, dtype=np.int64)  # criteria that events hit, and comparisons that hold of facts
        self._points = np.zeros(64, dtype=np.float64)

    def add(self, shapes: Sequence[Shape]) -> None:
        """The next shapes, behind those there are."""
        words: list[int] = []
        hits: list[int] = []
        points: list[float] = []
        for shape in shapes:
            first = self._hits + len(hits)
            middle = first + len(shape.hits)
            hits += [criterion for criterion, _ in shape.hits]
            points += [earned for _, earned in shape.hits]
            hits += shape.truths
            points += [0.0] * len(shape.truths)
            words += (shape.kind, shape.happening, shape.at_once, shape.returns, first, middle, shape.slot, shape.hint)
            words += (middle, self._hits + len(hits), shape.moves_from, shape.moves_to, shape.wait)
        self._words = _behind(self._words, self.count * tables.SHAPE_WIDTH, np.array(words, dtype=np.int64))
        self._criteria = _behind(self._criteria, self._hits, np.array(hits, dtype=np.int64))
        self._points = _behind(self._points, self._hits, np.array(points, dtype=np.float64))
        self.count, self._hits = self.count + len(shapes), self._hits + len(hits)

    def read(self) -> tables.Shapes:
        """All shapes taken in by now."""
        end = self.count * tables.SHAPE_WIDTH
        return tables.Shapes(self._words[:end], self._criteria[: self._hits], self._points[: self._hits])


def _behind(column: NDArray[T], used: int, more: NDArray[T]) -> NDArray[T]:
    """`column` with `more` behind what is `used`: the same memory while there is room, else twice as much."""
    if used + len(more) > len(column):
        column = np.concatenate([column[:used], np.zeros(used + 2 * len(more), dtype=column.dtype)])
    column[used : used + len(more)] = more
    return column
