"""Accounts: the page of one, and what a lead's page says of theirs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ripeline.server.leads import happenings, profile
from ripeline.server.leads.profile import Fact
from ripeline.server.leads.rows import row
from ripeline.server.leads.why import gate_of
from ripeline.server.log import queries
from ripeline.server.log.queries import AccountRecord, LeadRecord, LeadRow
from ripeline.server.times import moment

PER_PAGE = 50
EVENTS = 20
FACTS_ON_A_CARD = 6
OTHERS_ON_A_CARD = 5
_IN_THE_HEAD = ("id", "name", "domain", "website", "companydomain")


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """What a lead's page says of their company. `likely` is an account of the same domain, while they have none."""

    account: AccountRecord | None = None
    since: datetime | None = None
    since_words: str = ""
    facts: list[Fact] = []
    others: list[LeadRow] = []
    more: int = 0
    likely: AccountRecord | None = None


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """Something a member did."""

    lead: int
    who: str
    icon: str
    title: str
    details: str
    at: datetime
    moment: str


def card(record: LeadRecord, facts: Mapping[str, Any], *, as_of: datetime, is_past: bool) -> Card:
    """The account that a lead belonged to at `as_of`; on a past day without what is known of it and others today."""
    member = queries.membership(record.id, as_of=as_of)
    if member is None:
        return Card(likely=queries.account_with_domain(str(facts.get("companydomain") or "")))
    known = Card(account=member.account, since=member.since, since_words=moment(member.since, now=as_of))
    if is_past:
        return known
    found = queries.leads(account=member.account.id, per_page=OTHERS_ON_A_CARD + 1)
    others = [lead for lead in found.items if lead.id != record.id][:OTHERS_ON_A_CARD]
    is_among = record.account == member.account.id
    return msgspec.structs.replace(
        known,
        facts=profile.lines(member.account.facts, without=_IN_THE_HEAD)[:FACTS_ON_A_CARD],
        others=others,
        more=found.total - is_among - len(others),
    )


@require_safe
def account(request: HttpRequest, id: int) -> HttpResponse:
    """One account: what is known of it, who belongs to it and what they did lately."""
    record = queries.account(id)
    if record is None:
        raise Http404(_("There is no account %(id)s.") % {"id": id})
    asked = request.GET.get("page", "")
    page = int(asked) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 7 else 1
    found = queries.leads(account=id, page=page, per_page=PER_PAGE)
    return render(request, "leads/account.html", _context(record, found, now=timezone.now()))


def _context(record: AccountRecord, found: queries.Page, *, now: datetime) -> dict[str, object]:
    version = queries.current_version()
    gate = gate_of(queries.definition(version.number)) if version else None
    return {
        "account": record,
        "facts": profile.lines(record.facts, without=_IN_THE_HEAD),
        "found": found,
        "rows": [row(lead, gate=gate, now=now) for lead in found.items],
        "before": f"?page={found.number - 1}" if found.number > 1 else "",
        "after": f"?page={found.number + 1}" if found.number < found.pages else "",
        "lines": _lines(record, now=now),
    }


def _lines(record: AccountRecord, *, now: datetime) -> list[Line]:
    return [
        Line(
            lead=told.lead,
            who=told.who,
            icon=happenings.icon(told.event),
            title=happenings.title(told.event),
            details=happenings.details(told.event),
            at=told.event.occurred_at,
            moment=moment(told.event.occurred_at, now=now),
        )
        for told in queries.account_events(record.id, limit=EVENTS)
    ]
