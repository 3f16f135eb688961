"""Who is who, by the rules alone: slow, from all events at once, the judge of the incremental way."""

from collections.abc import Iterable
from datetime import datetime

from ripeline.events.event import Event

Id = tuple[str, str]
Moment = tuple[datetime, str, str]


def persons(history: Iterable[Event]) -> set[frozenset[str]]:
    """The message ids of each person."""
    events = sorted(history, key=moment)
    groups, marks, holders = strong_groups(events), identifications(events), first_holders(events)

    def person(id: Id) -> object:
        if id[0] == "email" and id[1] in holders:
            return groups[holders[id[1]]]
        return groups.get(id, id)

    def owner(event: Event) -> object:
        anchor = anchor_of(event)
        if anchor is not None:
            return person(anchor)
        if event.anonymous_id is None:
            return person(("email", str(event.hints["email"])))
        identified = marks.get(event.anonymous_id, [])
        before = [anchor for at, anchor in identified if at <= event.occurred_at]
        first = identified[0][1] if identified else ("anonymous", event.anonymous_id)
        return person(before[-1] if before else first)

    found: dict[object, set[str]] = {}
    for event in events:
        found.setdefault(owner(event), set()).add(event.message_id)
    return {frozenset(messages) for messages in found.values()}


def first_holders(events: Iterable[Event]) -> dict[str, Id]:
    """Who stated an e-mail address first, of those who said who they are."""
    holders: dict[str, Id] = {}
    for event in events:
        stated, strong = stated_email(event), strong_ids(event)
        if stated and strong:
            holders.setdefault(stated, strong[0])
    return holders


def identifications(events: Iterable[Event]) -> dict[str, list[tuple[datetime, Id]]]:
    """When who was identified on each anonymous id, in order."""
    marks: dict[str, list[tuple[datetime, Id]]] = {}
    for event in events:
        anchor = anchor_of(event)
        for anonymous in (event.anonymous_id, event.previous_id if event.kind == "alias" else None):
            if anchor is not None and anonymous is not None:
                marks.setdefault(anonymous, []).append((event.occurred_at, anchor))
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


def strong_groups(events: Iterable[Event]) -> dict[Id, object]:
    """Ids that were ever named by one event, directly or by way of others, share a group."""
    groups: dict[Id, frozenset[Id]] = {}
    for event in events:
        ids = strong_ids(event)
        joined = frozenset(ids).union(*(groups.get(id, frozenset()) for id in ids))
        groups |= dict.fromkeys(joined, joined)
    return dict(groups)
