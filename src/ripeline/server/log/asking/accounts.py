"""Companies: what is known of them, who belongs to one and what its members did lately."""

from datetime import datetime
from itertools import islice

from ripeline.events.domains import is_disposable, is_free
from ripeline.events.event import Event
from ripeline.events.instants import instant, micros
from ripeline.server.log import profile
from ripeline.server.log.accounts import memberships
from ripeline.server.log.asking.connection import database, reader, rows
from ripeline.server.log.asking.standing import NAME, PRESENT, shown_name
from ripeline.server.log.identity import Identities
from ripeline.server.log.reading import OURS, Reader
from ripeline.server.log.records import AccountEvent, AccountRecord, Membership
from ripeline.server.log.store import accounts as stored
from ripeline.server.log.store import events as log
from ripeline.server.log.store import standings
from ripeline.server.log.store.accounts import MemberRow
from ripeline.server.log.store.connection import can_be_a_row

MEMBERS_LOOKED_AT = 10
_ACCOUNT = "SELECT id, key, name, domain, facts FROM account"
_LATELY = f"""
SELECT lead.id AS lead, {NAME} AS name FROM lead JOIN state ON state.lead = lead.id
WHERE lead.account = :account AND {PRESENT}
ORDER BY state.newest_at DESC LIMIT :limit
"""


def account(id: int) -> AccountRecord | None:
    """The account with this id; None if there is none."""
    return _account(f"{_ACCOUNT} WHERE id = :value", id) if can_be_a_row(id) else None


def account_with_domain(domain: str) -> AccountRecord | None:
    """An account that has this domain, the oldest if several have; none has one where everybody can have an address."""
    if not domain or is_free(domain) or is_disposable(domain):
        return None
    return _account(f"{_ACCOUNT} WHERE domain = :value ORDER BY id LIMIT 1", domain)


def membership(lead_id: int, *, as_of: datetime) -> Membership | None:
    """The account that the lead who has this id now belonged to at `as_of`, by what is known now; None if to none."""
    calls = [call for call in stored.calls(database(), [lead_id]) if call.at <= micros(as_of)]
    call = _latest(Identities(database()), calls, lead_id)
    found = None if call is None else account(call.account)
    return None if call is None or found is None else Membership(account=found, since=instant(call.at))


def account_events(id: int, *, limit: int) -> list[AccountEvent]:
    """The latest events of the members of an account who did something last, since they belong to it, newest first."""
    events, identities = reader()
    members = rows(_LATELY, {"account": id, "limit": MEMBERS_LOOKED_AT})
    calls = stored.calls(database(), [row["lead"] for row in members])
    found: list[AccountEvent] = []
    for row in members:
        lead, who = row["lead"], shown_name(row["name"], row["lead"])
        call = _latest(identities, calls, lead)
        if call is not None and call.account == id:
            told = _lately(events, identities, lead, call, limit)
            found += [AccountEvent(lead=lead, who=who, event=event) for event in told]
    found.sort(key=lambda told: (told.event.occurred_at, told.event.source, told.event.message_id), reverse=True)
    return found[:limit]


def _account(query: str, value: int | str) -> AccountRecord | None:
    row = next(iter(rows(query, {"value": value})), None)
    if row is None:
        return None
    facts = profile.values(profile.read(row["facts"]))
    return AccountRecord(
        id=row["id"], key=row["key"], name=row["name"] or row["key"], domain=row["domain"], facts=facts
    )


def _latest(identities: Identities, calls: list[MemberRow], lead: int) -> MemberRow | None:
    """The first call of the lead's last run of calls that named one account."""
    own = memberships(identities, calls, lead)
    return own[-1] if own else None


def _lately(events: Reader, identities: Identities, lead: int, call: MemberRow, limit: int) -> list[Event]:
    found: dict[int, Event] = {}
    for head in standings.heads(database(), lead):
        for row in islice(log.chain(database(), head), limit):
            is_theirs = identities.lead_of(identities.entry(row.identity), row.occurred_at) == lead
            if row.kind not in OURS and row.occurred_at >= call.at and is_theirs:
                found[row.seq] = events.event(row)
    return list(found.values())
