"""Which ids are one person, by what events say and what people decided; the order in which either came says nothing.

A person's decision goes before what events say, and a later decision before an earlier one. Among events the earliest
goes first: what would put together ids that somebody keeps apart is passed over. This is the whole rule, reckoned from
everything at once; `identity` does the same step by step where nobody ever decided anything.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations, product
from operator import itemgetter
from typing import NamedTuple

import msgspec

from ripeline.server.log.store.identities import IntervalRow
from ripeline.server.log.store.rulings import Ruling

Moment = tuple[int, str]  # an instant in microseconds, then the mark that orders events of one instant
ALWAYS = -(2**63)


class InForce(NamedTuple):
    """The decisions that no later one contradicts: ids that belong together, and for each id whom it is apart from."""

    joined: list[tuple[int, int]]
    apart: dict[int, set[int]]


class Evidence(msgspec.Struct):
    """What events say. Each saying with the moment at which it was first said."""

    named: dict[tuple[int, int], tuple[Moment, int]] = {}  # two strong ids in one event, and their place in it
    stated: dict[int, dict[int, Moment]] = {}  # an e-mail address, and the strong ids that stated it
    marks: dict[int, set[tuple[Moment, int]]] = {}  # an anonymous id, and who was identified on it when

    def name(self, one: int, other: int, at: Moment, *, place: int) -> None:
        pair = (min(one, other), max(one, other))
        self.named[pair] = min((at, place), self.named.get(pair, (at, place)))

    def state(self, email: int, strong: int, at: Moment) -> None:
        stated = self.stated.setdefault(email, {})
        stated[strong] = min(at, stated.get(strong, at))

    def mark(self, anonymous: int, anchor: int, at: Moment) -> None:
        self.marks.setdefault(anonymous, set()).add((at, anchor))


class Persons(NamedTuple):
    """`of` gives ids of one person one number; `intervals` whose each anonymous id is from which instant on."""

    of: dict[int, int]
    intervals: dict[int, list[IntervalRow]]


def in_force(rulings: Iterable[Ruling]) -> InForce:
    """What counts of all decisions. Parting two sides takes back what joined them, and the other way round.

    >>> in_force([Ruling(1, True, ((1,), (2,))), Ruling(2, False, ((1, 3), (2,)))]).joined
    []
    """
    joined: dict[frozenset[int], None] = {}
    parted: list[tuple[set[int], set[int]]] = []
    for _, same, sides in sorted(rulings):
        for one, other in combinations(sides, 2):
            left, right = set(one), set(other)
            if same:
                joined |= dict.fromkeys(map(frozenset, product(one, other)))
                parted = [(a, b) for a, b in parted if not ((left & a and right & b) or (left & b and right & a))]
            else:
                joined = dict.fromkeys(pair for pair in joined if not (pair & left and pair & right))
                parted.append((left, right))
    apart: dict[int, set[int]] = defaultdict(set)
    for left, right in parted:
        for a, b in product(left, right):
            apart[a].add(b)
            apart[b].add(a)
    return InForce([(min(pair), max(pair)) for pair in joined], dict(apart))


def persons(kinds: Mapping[int, str], evidence: Evidence, decided: InForce) -> Persons:
    """The persons among ids of these kinds; of anonymous ones those that somebody decided about."""
    groups = _Groups(kinds, decided.apart)
    for one, other in decided.joined:
        if one in kinds and other in kinds:  # else it is about other people
            groups.join(one, other)
    for (one, other), _ in sorted(evidence.named.items(), key=itemgetter(1)):
        groups.join(one, other)
    _give_addresses(groups, evidence.stated)
    of, intervals = dict(groups.of), dict[int, list[IntervalRow]]()
    for anonymous in sorted(id for id, kind in kinds.items() if kind == "anonymous"):
        intervals[anonymous], owner = _owned(groups, evidence, anonymous)
        of[anonymous] = groups.of[owner]
    return Persons(of, intervals)


class _Groups:
    """Ids put together two by two, but never those that are kept apart."""

    def __init__(self, kinds: Mapping[int, str], apart: Mapping[int, set[int]]) -> None:
        self.of = {id: id for id in kinds}
        self.members = {id: {id} for id in kinds}
        self._kinds, self._apart = kinds, apart

    def join(self, one: int, other: int) -> bool:
        """Whether they are one person now."""
        small, large = sorted((self.of[one], self.of[other]), key=lambda group: len(self.members[group]))
        if small == large:
            return True
        if self.is_apart(self.members[small], large):
            return False
        self.of.update(dict.fromkeys(self.members[small], large))
        self.members[large] |= self.members.pop(small)
        return True

    def is_apart(self, ids: Iterable[int], group: int) -> bool:
        return any(self._apart.get(id, set()) & self.members[group] for id in ids)

    def has(self, group: int, *kinds: str) -> list[int]:
        """The members of these kinds, in order."""
        return sorted(id for id in self.members[group] if self._kinds[id] in kinds)


def _give_addresses(groups: _Groups, stated: Mapping[int, Mapping[int, Moment]]) -> None:
    """An address is its first holder's, unless somebody decided otherwise."""
    for email, _ in sorted(stated.items(), key=lambda told: min(told[1].values())):
        if groups.has(groups.of[email], "user", "external"):
            continue
        for _, strong in sorted((at, strong) for strong, at in stated[email].items()):
            if groups.join(email, strong):
                break


def _owned(groups: _Groups, evidence: Evidence, anonymous: int) -> tuple[list[IntervalRow], int]:
    """The intervals of an anonymous id, and an id of whoever has what came before them all."""
    alone = groups.members[groups.of[anonymous]]
    first: int | None = next(iter(groups.has(groups.of[anonymous], "user", "external", "email")), None)
    if first is None:
        known = [mark for id in sorted(alone) for mark in _counting(groups, evidence, id)]
        first = min(known)[1] if known else None
    marks = _counting(groups, evidence, anonymous)
    found = [] if first is None or (marks and marks[0][1] == first) else [IntervalRow(ALWAYS, "", first)]
    for (at, mark), anchor in marks:
        if not found or found[-1].anchor != anchor:
            found.append(IntervalRow(at, mark, anchor))
    return found, anonymous if first is None else first


def _counting(groups: _Groups, evidence: Evidence, anonymous: int) -> list[tuple[Moment, int]]:
    """Who was identified on it when, without those who are kept apart from it."""
    marks = sorted(evidence.marks.get(anonymous, ()))
    return [mark for mark in marks if not groups.is_apart([anonymous], groups.of[mark[1]])]
