"""Leads as programs read them."""

from bisect import bisect_right
from datetime import datetime
from typing import Annotated

import msgspec
from django.http import HttpRequest
from django.utils import timezone

from ripeline.definition.model import STAGES
from ripeline.events.event import Event
from ripeline.server.api import answers, asked
from ripeline.server.api.answers import EventLine, Items, LeadDetail, LeadLine, Transition, Whole
from ripeline.server.api.errors import ApiError
from ripeline.server.api.reading import contributions_of
from ripeline.server.log import queries

ORDERS = ("recent", "score", "name", "id")


class LeadsCursor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last lead of a page, in the order in which it was read."""

    order: str
    rank: Whole | float | str
    lead: Whole


class EventsCursor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last event of a page."""

    occurred_at: Annotated[datetime, msgspec.Meta(tz=True)]
    source: str
    message_id: str


def leads(request: HttpRequest) -> Items[LeadLine]:
    """Leads and visitors, by id, stage, owner or text."""
    limit = asked.limit(request)
    order = asked.one_of(request, "order", ORDERS) or "recent"
    found = queries.leads_after(
        _place(request, order),
        order=order,
        limit=limit + 1,
        search=asked.search(request),
        stage=asked.one_of(request, "stage", STAGES),
        email=asked.text(request, "email"),
        user_id=asked.text(request, "user_id"),
        anonymous_id=asked.text(request, "anonymous_id"),
        owner=asked.text(request, "owner"),
        account=asked.number(request, "account", 0) or None,
    )
    page = found[:limit]
    following = None
    if len(found) > limit:
        last, _ = page[-1]
        following = asked.next_url(request, cursor=asked.sealed(LeadsCursor(order, last.rank, last.lead)))
    return Items([_line(row) for _, row in page], following)


def _place(request: HttpRequest, order: str) -> queries.Place | None:
    """Where the page begins. A cursor of another order is none of this one: ranks are not alike."""
    cursor = asked.cursor(request, LeadsCursor)
    if cursor is not None and cursor.order != order:
        raise ApiError(400, "wrong-cursor", asked.WRONG_CURSOR)
    return None if cursor is None else queries.Place(rank=cursor.rank, lead=cursor.lead)


def lead(request: HttpRequest, id: int) -> LeadDetail:
    """One lead, scored now."""
    record = known(id)
    now = timezone.now()
    reading = contributions_of(record, as_of=now)
    return LeadDetail(
        id=record.id,
        name=record.name,
        title=record.title,
        company=record.company,
        email=record.email,
        phone=record.phone,
        stage=record.stage,
        owner=record.owner,
        facts=record.facts,
        account=_account(record, as_of=now),
        score=reading.score,
        sub_scores=reading.sub_scores,
        grade=reading.grade,
        version=reading.version,
        as_of=now,
        contributions=reading.contributions,
        transitions=_transitions(record.id),
        identities=[
            answers.Identity(kind=one.kind, value=one.value, since=one.since, until=one.until)
            for one in queries.identities(record.id)
        ],
        consents=[_consent(told) for told in queries.consents(record.id, as_of=now)],
        merged=[
            answers.Merged(
                lead=one.lead, merged_at=one.merged_at, by=one.by, reason=one.reason, parted_at=one.parted_at
            )
            for one in queries.merges(record.id)
        ],
        clock=_clock(record.clock) if record.clock else None,
    )


def events(request: HttpRequest, id: int) -> Items[EventLine]:
    """A lead's events, oldest first."""
    record = known(id)
    limit, last = asked.limit(request), asked.cursor(request, EventsCursor)
    history = queries.history(record.id)
    after = bisect_right(history, _order(last), key=_order) if last else 0
    page = history[after : after + limit]
    return Items(
        [
            EventLine(
                message_id=event.message_id,
                source=event.source,
                kind=event.kind,
                name=event.name,
                occurred_at=event.occurred_at,
                received_at=event.received_at,
                user_id=event.user_id,
                anonymous_id=event.anonymous_id,
                facts=event.facts,
                properties=event.properties,
                context=event.context,
            )
            for event in page
        ],
        asked.next_url(request, cursor=_events_cursor(page[-1])) if after + limit < len(history) else None,
    )


def _order(event: Event | EventsCursor) -> tuple[datetime, str, str]:
    return (event.occurred_at, event.source, event.message_id)


def _events_cursor(event: Event) -> str:
    return asked.sealed(EventsCursor(*_order(event)))


def transitions(request: HttpRequest, id: int) -> Items[Transition]:
    """A lead's recorded moves, oldest first."""
    return Items(_transitions(known(id).id), None)


def known(id: int) -> queries.LeadRecord:
    """The lead that has this id now; 404 if there never was one."""
    record = queries.lead(id) if id < 2**63 else None
    if record is None:
        raise ApiError(404, "unknown-lead", f"There is no lead {id}.")
    return record


def _line(row: queries.LeadRow) -> LeadLine:
    return LeadLine(
        id=row.id,
        name=row.name,
        title=row.title,
        company=row.company,
        email=row.email,
        stage=row.stage,
        owner=row.owner,
        score=row.total,
        sub_scores=row.sub_scores,
        grade=row.grade,
        scored_at=row.scored_at,
        last_event_at=row.newest_at,
    )


def _account(record: queries.LeadRecord, *, as_of: datetime) -> answers.Account | None:
    member = queries.membership(record.id, as_of=as_of)
    if member is not None:
        told = member.account
        return answers.Account(id=told.id, group_id=told.key, name=told.name, domain=told.domain, since=member.since)
    domain = str(record.facts.get("companydomain") or "")
    if not (record.company or domain):
        return None
    return answers.Account(id=None, group_id=None, name=record.company, domain=domain, since=None)


def _transitions(lead: int) -> list[Transition]:
    fields = Transition.__struct_fields__
    return [Transition(**{name: getattr(move, name) for name in fields}) for move in queries.transitions(lead)]


def _clock(clock: queries.Clock) -> answers.Clock:
    fields = answers.Clock.__struct_fields__
    return answers.Clock(**{name: getattr(clock, name) for name in fields})


def _consent(told: queries.ConsentRecord) -> answers.Consent:
    fields = answers.Consent.__struct_fields__
    return answers.Consent(**{name: getattr(told, name) for name in fields})
