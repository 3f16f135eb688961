"""How a lead's state lies in memory and in the log: fixed words, then what waits in windows, then unread facts."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ripeline.scoring import tables
from ripeline.scoring.tables import HEAD, I8, NEVER, Lead


class Layout(NamedTuple):
    """How many words each part of a state takes, in the order in which they stand behind its head."""

    bits: int
    slots: int
    aged_facts: int
    groups: int
    limits: int
    windows: int
    holders: int
    stack: int  # room to work in, not part of what is kept

    def places(self) -> dict[int, int]:
        """Where each part stands, by its place in the directory (`tables.AT_…`); `tables.SIZE`: the words kept."""
        kept = (
            (tables.AT_BITS, self.bits),
            (tables.AT_VALUE, self.slots),
            (tables.AT_SINCE, self.slots),
            (tables.AT_BORN, self.aged_facts),
            (tables.AT_MARKS, self.groups),
            (tables.AT_LIMITS, self.limits),
            (tables.AT_WAITING, self.windows),
            (tables.AT_STEADY, self.groups),
            (tables.AT_HELD, self.holders),
            (tables.AT_VALUED, self.holders),
            (tables.AT_SUMS, self.windows),
            (tables.AT_GAINS, self.windows),
        )
        behind = (
            (tables.AT_SUB, self.groups),
            (tables.AT_QUEUES, 2 * self.windows),
            (tables.AT_ZONE, 1),
            (tables.AT_ROOM, 1),
            (tables.AT_STACK, self.stack),
        )
        places, place = {}, HEAD
        for part, words in kept:
            places[part], place = place, place + words
        places[tables.SIZE] = place
        for part, words in behind:
            places[part], place = place, place + words
        return places

    def holds_points(self) -> NDArray[np.bool_]:
        """Which words of a lead at work are points."""
        places, found = self.places(), np.zeros(self.room, dtype=np.bool_)
        found[tables.HIGHEST] = True
        found[places[tables.AT_STEADY] : places[tables.AT_VALUED]] = True
        found[places[tables.AT_SUMS] : places[tables.SIZE]] = True
        found[places[tables.AT_SUB] : places[tables.AT_QUEUES]] = True
        return found

    @property
    def room(self) -> int:
        """All words of a lead at work."""
        return self.places()[tables.AT_STACK] + self.stack


def new_lead(layout: Layout, *, queue_room: int, pool_room: int) -> Lead:
    """Room to work on one lead at a time; a window holds at most `queue_room` contributions."""
    words = np.zeros(layout.room, dtype=np.int64)
    words[layout.places()[tables.AT_ROOM]] = queue_room
    queue = np.zeros(2 * layout.windows * queue_room, dtype=np.int64)
    pool = np.zeros(pool_room, dtype=np.int64)
    return Lead(words, words.view(np.float64), queue, queue.view(np.float64), pool)


def all_unknown(layout: Layout, key: int) -> I8:
    """The words kept of a lead of whom nothing is known and nothing weighed yet."""
    places = layout.places()
    words = np.zeros(places[tables.SIZE], dtype=np.int64)
    words[tables.KEY], words[tables.CYCLE] = key, 1
    for word in (tables.NEWEST, tables.FIRST, tables.CYCLE_START, tables.CROSSED, tables.QUALIFIED, tables.COOL_UNTIL):
        words[word] = NEVER
    words[places[tables.AT_SINCE] : places[tables.AT_LIMITS]] = NEVER  # since when, born when, reset when
    words.view(np.float64)[tables.HIGHEST] = np.inf
    return words
