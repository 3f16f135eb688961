"""Whose the events of a file are (DESIGN §3, Identity), so that the same rows make the same persons in any order.

A person is a set of ids. A `lead`, user ids and external ids named by one row belong together; but two leads that the
file keeps apart stay apart. An e-mail address belongs to the identified person who stated it first, else it is a person
by itself. What comes under an anonymous id belongs to whoever was identified on it most recently before, else first
after; until somebody was, the id is a visitor by itself.
"""

from array import array
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ripeline.batch.owners import ALWAYS, Owners
from ripeline.events import facts
from ripeline.events.event import Event

I8 = NDArray[np.int64]
Texts = Callable[[I8], list[tuple[str, str]]]


class Named(NamedTuple):
    """Owners whose leads are places in `labels`."""

    owners: Owners
    labels: list[str]


class Holder(NamedTuple):
    """Who stated an e-mail address when; the least of them has it."""

    at: int
    source: str
    message_id: str
    identity: int


class Identities:
    """The ids a file names.

    Memory grows with the ids, and by 32 bytes for each row that identifies somebody on an anonymous id.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], int] = {}
        self._parent: list[int] = []
        self._is_lead: list[bool] = []  # of an id's person, where the id is its root: a `lead` among its ids
        self._first_at = array("q")  # when each id was first seen
        self._holder: dict[int, Holder] = {}
        self._points = array("q")  # anonymous id, instant, row number, identified id: four by four

    def under(self, lead: str | None, event: Event, at: int, seq: int) -> int:
        """The id that `event`, of instant `at` and row `seq`, comes under; learns from it whose ids are whose."""
        anonymous = event.anonymous_id
        if lead is None and event.user_id is None and not event.facts and not event.external_ids and anonymous:
            return self._identity("anonymous", anonymous, at)
        strong = self._strong(lead, event, at)
        stated = facts.stated_email(event)
        address = stated or (facts.email(event) if anonymous is None else None)
        if strong is not None:
            anchor = strong
            if stated:
                self._hold(self._identity("email", stated, at), Holder(at, event.source, event.message_id, strong))
        elif address is None:
            return self._identity("anonymous", anonymous or "", at)
        else:
            anchor = self._identity("email", address, at)
        if anonymous is not None:
            self._points.extend((self._identity("anonymous", anonymous, at), at, seq, anchor))
        if event.kind == "alias" and event.previous_id is not None:
            self._points.extend((self._identity("anonymous", event.previous_id, at), at, seq, anchor))
        return anchor

    def named(self, texts: Texts) -> Named:
        """Whose each id is. `texts` gives source and message id of rows, for identifications of one instant."""
        points = self._sorted_points(texts)
        person = self._persons()
        roots = np.unique(person[self._visible(points)])
        labels = self._labels(person)
        place = np.full(len(person), -1, np.int64)
        place[roots] = np.arange(len(roots))
        plain = np.setdiff1d(np.arange(len(person)), points[:, 0])
        plain = plain[place[person[plain]] >= 0]
        rows = np.stack((plain, np.full(len(plain), ALWAYS), place[person[plain]]), axis=1)
        spans = np.stack((points[:, 0], points[:, 1], place[person[points[:, 3]]]), axis=1)
        leads = [place[person[identity]] for (kind, _), identity in self._known.items() if kind == "lead"]
        owners = Owners(np.concatenate((rows, spans)), reachable=[int(lead) for lead in leads])
        return Named(owners, [labels[root] for root in roots.tolist()])

    def _visible(self, points: I8) -> I8:
        """The ids that stand for a person: not anonymous ones on which somebody was identified, nor held addresses."""
        hidden = np.zeros(len(self._parent), bool)
        hidden[points[:, 0]] = True
        hidden[list(self._holder)] = True
        return np.flatnonzero(~hidden)

    def _persons(self) -> I8:
        """The root of each id's person."""
        for address, holder in self._holder.items():
            self._parent[address] = self._root(holder.identity)
        return np.array([self._root(identity) for identity in range(len(self._parent))], np.int64)

    def _labels(self, person: I8) -> dict[int, str]:
        """A name for each person: its lead, else the oldest of its user ids, external ids, addresses, anonymous ids."""
        ranks = ("lead", "user", "external", "email", "anonymous")
        best: dict[int, tuple[int, int, str]] = {}
        for (kind, value), identity in self._known.items():
            told = (ranks.index(kind), self._first_at[identity], value)
            root = int(person[identity])
            if root not in best or told < best[root]:
                best[root] = told
        return {root: value for root, (_, _, value) in best.items()}

    def _sorted_points(self, texts: Texts) -> I8:
        """Identifications by anonymous id and time, of which only those are left that change whose it is."""
        points = np.frombuffer(self._points, np.int64).reshape(-1, 4) if self._points else np.empty((0, 4), np.int64)
        points = points[np.lexsort((points[:, 1], points[:, 0]))]
        same = (points[1:, :2] == points[:-1, :2]).all(axis=1)
        if (same & (points[1:, 3] != points[:-1, 3])).any():
            points = _ordered_by_text(points, texts)
        changes = np.ones(len(points), bool)
        changes[1:] = (points[1:, 0] != points[:-1, 0]) | (points[1:, 3] != points[:-1, 3])
        return points[changes]

    def _strong(self, lead: str | None, event: Event, at: int) -> int | None:
        """The first of the ids that tell who it is; the others belong to the same person from now on."""
        keys = [("lead", lead), ("user", event.user_id), *(("external", each) for each in event.external_ids)]
        if event.kind == "alias" and event.user_id is not None:
            keys.append(("user", event.previous_id))
        found = [self._identity(kind, value, at) for kind, value in keys if value is not None]
        for other in found[1:]:
            self._join(found[0], other)
        return found[0] if found else None

    def _hold(self, address: int, holder: Holder) -> None:
        self._holder[address] = min(holder, self._holder.get(address, holder))

    def _identity(self, kind: str, value: str, at: int) -> int:
        identity = self._known.get((kind, value))
        if identity is None:
            identity = self._known[kind, value] = len(self._parent)
            self._parent.append(identity)
            self._is_lead.append(kind == "lead")
            self._first_at.append(at)
        elif at < self._first_at[identity]:
            self._first_at[identity] = at
        return identity

    def _join(self, one: int, other: int) -> None:
        one, other = sorted((self._root(one), self._root(other)))
        if one != other and not (self._is_lead[one] and self._is_lead[other]):
            self._parent[other] = one
            self._is_lead[one] |= self._is_lead[other]

    def _root(self, identity: int) -> int:
        while self._parent[identity] != identity:
            self._parent[identity] = self._parent[self._parent[identity]]
            identity = self._parent[identity]
        return identity


def _ordered_by_text(points: I8, texts: Texts) -> I8:
    told = texts(points[:, 2])
    order = sorted(range(len(points)), key=lambda place: (*points[place, :2].tolist(), told[place]))
    return points[order]
