"""Whose events are whose: a small table beside the lake, given when a question is asked.

Merging or parting leads changes this table and no file of the lake.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

ALWAYS = int(np.iinfo(np.int64).min)  # a `from_at` before every instant
_ALL = (0, int(np.iinfo(np.int64).max))  # every number of a transition


class Owned(NamedTuple):
    """From `from_at` on (microseconds), what came under `identity` belongs to `lead`."""

    identity: int
    from_at: int
    lead: int


class Merged(NamedTuple):
    """`lead` became `survivor`. Of their transitions up to number `through` those of `kept`, one of them, stand."""

    lead: int
    survivor: int
    kept: int
    through: int


class Owners:
    """Intervals of identities and the leads they belong to; before its first interval an identity is the first's.

    `reachable` are leads whom one can reach by other means than the facts `email` and `phone`; `merges`, in the order
    in which they came about, lead from ids that acts and transitions were recorded under to those that survived.
    """

    def __init__(
        self,
        rows: Iterable[Owned] | NDArray[np.int64],
        *,
        reachable: Iterable[int] = (),
        merges: Sequence[Merged] = (),
    ) -> None:
        self._merged = {each.lead: each.survivor for each in merges}
        self._standing = _standing(merges)
        table = rows if isinstance(rows, np.ndarray) else np.array(list(rows), np.int64).reshape(-1, 3)
        table = table[np.lexsort((table[:, 1], table[:, 0]))]
        identity, from_at, lead = table.T
        first = np.concatenate(([True], identity[1:] != identity[:-1]))[: len(identity)]
        self._starts = np.flatnonzero(first)
        self._identity = identity[self._starts]
        self._from_at = from_at
        self._lead = lead
        self._often = np.diff(np.append(self._starts, len(identity))) > 1  # identities with several owners
        self.reachable = np.array(sorted(set(reachable)), np.int64)
        self._leads, self._low, self._high = _spans(identity, lead)

    def leads(self, identity: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[np.int64]:
        """The lead of each row. Raises LookupError for an identity that is in no interval."""
        places = np.minimum(np.searchsorted(self._identity, identity), len(self._identity) - 1)
        if len(identity) and (not len(self._identity) or (self._identity[places] != identity).any()):
            raise LookupError("the lake holds events of identities that the table of owners does not know")
        found = self._lead[self._starts[places]] if len(identity) else np.empty(0, np.int64)
        for row in np.flatnonzero(self._often[places]) if len(identity) else ():
            found[row] = self._lead_at(int(places[row]), int(at[row]))
        return found

    def _lead_at(self, place: int, at: int) -> int:
        start = self._starts[place]
        end = self._starts[place + 1] if place + 1 < len(self._starts) else len(self._lead)
        nth = int(np.searchsorted(self._from_at[start:end], at, side="right")) - 1
        return int(self._lead[start + max(nth, 0)])

    def within(self, leads: NDArray[np.int64], low: int, high: int) -> NDArray[np.bool_]:
        """Which of `leads` have all their identities from `low` to below `high`."""
        if not len(self._leads):
            return np.zeros(len(leads), bool)
        places = np.minimum(np.searchsorted(self._leads, leads), len(self._leads) - 1)
        known = self._leads[places] == leads  # else something was decided about a lead who has lost every id since
        return np.asarray(known & (self._low[places] >= low) & (self._high[places] < high))

    def can_be_reached(self, leads: NDArray[np.int64]) -> NDArray[np.uint8]:
        """1 for each of `leads` that is `reachable`; of length 0 when nobody is."""
        if not len(self.reachable):
            return np.empty(0, np.uint8)
        places = np.minimum(np.searchsorted(self.reachable, leads), len(self.reachable) - 1)
        return np.asarray(self.reachable[places] == leads, np.uint8)

    def present(self, leads: NDArray[np.int64]) -> NDArray[np.int64]:
        """The ids that `leads` go by now."""
        return np.array([self._survivor(lead) for lead in leads.tolist()], np.int64)

    def stands(self, lead: int, transition: int) -> bool:
        """Whether the transition of this number, recorded of `lead`, makes the stage of the lead they are now."""
        after, through = self._standing.get(lead, _ALL)
        return after < transition <= through

    def _survivor(self, lead: int) -> int:
        while lead in self._merged:
            lead = self._merged[lead]
        return lead


def _standing(merges: Sequence[Merged]) -> dict[int, tuple[int, int]]:
    """Which transitions stand of leads that were merged: those above one number, up to another."""
    into: dict[int, list[Merged]] = defaultdict(list)
    for each in merges:
        into[each.survivor].append(each)
    found = {each.lead: (0, 0) for each in merges}
    for survivor in into.keys() - found.keys():
        lead, (after, through), going = survivor, _ALL, True
        while going:
            before = (each for each in reversed(into[lead]) if each.kept != lead and each.through <= through)
            lost = next(before, None)
            found[lead] = (after if lost is None else lost.through, through)
            going = lost is not None
            lead, through = (lead, through) if lost is None else (lost.lead, lost.through)
    return found


def _spans(
    identity: NDArray[np.int64], lead: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Each lead with its lowest and highest identity."""
    if not len(lead):
        nothing = np.empty(0, np.int64)
        return nothing, nothing, nothing
    by_lead = np.lexsort((identity, lead))
    lead, identity = lead[by_lead], identity[by_lead]
    starts = np.flatnonzero(np.concatenate(([True], lead[1:] != lead[:-1])))
    ends = np.append(starts[1:], len(lead)) - 1
    return lead[starts], identity[starts], identity[ends]
