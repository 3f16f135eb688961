"""Accounts: a group call names a company by its id, states facts of it, and makes whoever sent it a member.

All of it follows from the log, in whatever order that came: facts are the latest stated, a lead belongs to the account
of their latest call, and a call under an anonymous id counts for whoever had the id at that moment.
"""

from collections.abc import Collection, Iterable, Sequence

from ripeline.events.event import Event
from ripeline.events.facts import statements
from ripeline.events.instants import micros
from ripeline.server.log import profile
from ripeline.server.log.identity import Entry, Identities
from ripeline.server.log.profile import Facts, Known
from ripeline.server.log.session import Log
from ripeline.server.log.store import accounts as rows
from ripeline.server.log.store import events, lifecycle
from ripeline.server.log.store.accounts import AccountRow, MemberRow

CATCH_UP = "accounts"  # the due row of a log that is older than its accounts
AT_ONCE = 20_000  # events looked through in a transaction
_COMPANY = "company."


def take_in(log: Log, grouped: Iterable[tuple[Event, Entry]]) -> None:
    """Group calls, each with the id it came under, make accounts and their members."""
    calls = []
    leads = set()
    for key, of_account in _by_key(grouped).items():
        account = _told(log, key, [event for event, _ in of_account])
        for event, entry in of_account:
            at = micros(event.occurred_at)
            calls.append(MemberRow(entry.id, at, _mark(event), account))
            leads.add(log.identities.lead_of(entry, at))
    rows.keep_members(log.db, calls)
    _place(log, leads)


def settle(log: Log, leads: Collection[int]) -> None:
    """Events changed hands among `leads`: whose members they are is found anew."""
    if rows.exist(log.db):
        _place(log, leads)


def catch_up(log: Log, body: str) -> None:
    """Takes in the next events of a log that is older than its accounts; `body` is the last one done."""
    after, newest = int(body), log.newest_seq
    through = min(after + AT_ONCE, newest)
    found = events.groups_between(log.db, after, through)
    told = [(log.reader.event(row), log.identities.entry(row.identity)) for row in found]
    take_in(log, [(event, entry) for event, entry in told if event.group_id is not None])
    if through < newest:
        lifecycle.put_due(log.db, at=log.at, kind=CATCH_UP, key="log", body=str(through))


def memberships(identities: Identities, calls: Iterable[MemberRow], lead: int) -> list[MemberRow]:
    """Those of `calls` that are the lead's, the earliest first; of each run of one account its first."""
    own = [call for call in calls if identities.lead_of(identities.entry(call.identity), call.at) == lead]
    own.sort(key=lambda call: (call.at, call.mark))
    return [call for place, call in enumerate(own) if place == 0 or own[place - 1].account != call.account]


def _place(log: Log, leads: Collection[int]) -> None:
    calls = rows.calls(log.db, leads)
    found: list[tuple[int | None, int]] = []
    for lead in leads:
        own = memberships(log.identities, calls, lead) if calls else []
        found.append((own[-1].account if own else None, lead))
    rows.place(log.db, found)


def _by_key(grouped: Iterable[tuple[Event, Entry]]) -> dict[str, list[tuple[Event, Entry]]]:
    found: dict[str, list[tuple[Event, Entry]]] = {}
    for event, entry in grouped:
        if event.group_id is not None:
            found.setdefault(event.group_id, []).append((event, entry))
    return found


def _told(log: Log, key: str, calls: Sequence[Event]) -> int:
    """The account's row, with what `calls` state of it."""
    before = rows.named(log.db, key)
    facts: Facts = {} if before is None else profile.read(before.facts)
    news = [_keep(facts, event) for event in calls]
    if before is not None and not any(news):
        return before.id
    profile.forget_oldest(facts)
    id = rows.newest(log.db) + 1 if before is None else before.id
    known = profile.values(facts)
    name, domain = (profile.one_line(str(known.get(field) or "")) for field in ("name", "companydomain"))
    sought = " ".join(filter(None, (name, key, domain))).casefold()
    rows.keep(log.db, AccountRow(id, key, name, domain, sought, profile.written(facts)))
    return id


def _keep(facts: Facts, event: Event) -> bool:
    """What the call states of the company, by its field alone: `company.employees` is `employees` here."""
    at, changed = micros(event.occurred_at), False
    for field, value in statements(event):
        if field.startswith(_COMPANY) or field == "companydomain":
            changed |= profile.keep(facts, field.removeprefix(_COMPANY), Known(value, at, _mark(event)))
    return changed


def _mark(event: Event) -> str:
    return f"{event.source}\0{event.message_id}"
