"""Who is who, by the rules alone: slow, from all events at once, the judge of the incremental way."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import combinations, product
from typing import NamedTuple

from ripeline.events.event import Event

Id = tuple[str, str]
Moment = tuple[datetime, str, str]


class Decision(NamedTuple):
    """Somebody decided that ids of different sides are one person (`same`), or are not."""

    same: bool
    sides: tuple[tuple[Id, ...], ...]


def persons(history: Iterable[Event], decisions: Sequence[Decision] = ()) -> set[frozenset[str]]:
    """The message ids of each person. Of `decisions` a later one counts more than those it contradicts."""
    events = sorted(history, key=moment)
    joined, apart = standing(decisions)
    groups = all_groups(events, joined, apart)
    marks = identifications(events)

    def person(id: Id) -> frozenset[Id]:
        return groups.get(id, frozenset([id]))

    def counting(anonymous: str) -> list[tuple[datetime, Id]]:
        id = ("anonymous", anonymous)
        return [mark for mark in marks.get(anonymous, []) if not any({id, other} in apart for other in person(mark[1]))]

    def first(anonymous: str) -> frozenset[Id]:
        own = person(("anonymous", anonymous))
        if any(kind != "anonymous" for kind, _ in own):
            return own
        mine = [
            (at, anchor)
            for at, anchor, id in all_marks(events)
            if ("anonymous", id) in own and (at, anchor) in counting(id)
        ]
        return person(mine[0][1]) if mine else own

    def owner(event: Event) -> object:
        anchor = anchor_of(event)
        if anchor is not None:
            return person(anchor)
        if event.anonymous_id is None:
            return person(("email", str(event.hints["email"])))
        before = [anchor for at, anchor in counting(event.anonymous_id) if at <= event.occurred_at]
        return person(before[-1]) if before else first(event.anonymous_id)

    found: dict[object, set[str]] = {}
    for event in events:
        found.setdefault(owner(event), set()).add(event.message_id)
    return {frozenset(messages) for messages in found.values()}


def standing(decisions: Sequence[Decision]) -> tuple[list[set[Id]], list[set[Id]]]:
    """The pairs of ids that belong together, and those that are kept apart."""
    joined: list[set[Id]] = []
    parted: list[tuple[set[Id], set[Id]]] = []
    for decision in decisions:
        for one, other in combinations(map(set, decision.sides), 2):
            across = [{a, b} for a, b in product(sorted(one), sorted(other))]
            if decision.same:
                parted = [(a, b) for a, b in parted if not ((a & one and b & other) or (a & other and b & one))]
                joined += [pair for pair in across if pair not in joined]
            else:
                joined = [pair for pair in joined if pair not in across]
                parted.append((one, other))
    return joined, [{a, b} for one, other in parted for a, b in product(one, other)]


def all_groups(events: Sequence[Event], joined: Sequence[set[Id]], apart: Sequence[set[Id]]) -> dict[Id, frozenset[Id]]:
    """Ids of one person share a group: those joined by a decision, named by one event, an address and its holder."""
    groups: dict[Id, frozenset[Id]] = {}

    def join(one: Id, other: Id) -> bool:
        both = groups.get(one, frozenset([one])) | groups.get(other, frozenset([other]))
        if any(pair <= both for pair in apart):
            return False
        groups.update(dict.fromkeys(both, both))
        return True

    for pair in joined:
        join(min(pair), max(pair))
    for ids in map(strong_ids, events):
        for other in ids[1:]:
            join(ids[0], other)
    statements = [(stated_email(event), strong_ids(event)) for event in events]
    stating = [(("email", email), strong[0]) for email, strong in statements if email and strong]
    for address in dict.fromkeys(address for address, _ in stating):
        if not any(kind in ("user", "external") for kind, _ in groups.get(address, ())):
            next((holder for told, holder in stating if told == address and join(address, holder)), None)
    return groups


def all_marks(events: Iterable[Event]) -> list[tuple[datetime, Id, str]]:
    """Who was identified when on which anonymous id, in order."""
    return [
        (event.occurred_at, anchor, anonymous)
        for event in events
        for anonymous in (event.anonymous_id, event.previous_id if event.kind == "alias" else None)
        if (anchor := anchor_of(event)) is not None and anonymous is not None
    ]


def identifications(events: Iterable[Event]) -> dict[str, list[tuple[datetime, Id]]]:
    """The same by anonymous id."""
    marks: dict[str, list[tuple[datetime, Id]]] = {}
    for at, anchor, anonymous in all_marks(events):
        marks.setdefault(anonymous, []).append((at, anchor))
    return marks


def moment(event: Event) -> Moment:
    return (event.occurred_at, event.source, event.message_id)


def strong_ids(event: Event) -> list[Id]:
    ids = [("user", event.user_id)] if event.user_id else []
    if ids and event.kind == "alias" and event.previous_id:
        ids.append(("user", event.previous_id))
    return ids + [("external", external) for external in event.external_ids]


def stated_email(event: Event) -> str | None:
    return event.facts.get("email") if event.kind == "identify" else None


def anchor_of(event: Event) -> Id | None:
    strong, stated = strong_ids(event), stated_email(event)
    return strong[0] if strong else ("email", stated) if stated else None
