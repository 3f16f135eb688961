"""What `queries` answers: frozen values. Instants are aware and UTC."""

from datetime import date, datetime, timedelta
from typing import Any, Literal

import msgspec

from ripeline.events.demand import NOTHING, Demand
from ripeline.events.event import Event
from ripeline.server.log.commands import KeyKind, Mode, Signature


class Queued(msgspec.Struct, frozen=True, kw_only=True):
    """A place in the inbox: `due_at` of its clock, and `since` when that runs or the lead is on offer."""

    lead: int
    total: float
    due_at: datetime | None
    since: datetime | None


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A lead in the inbox. `due_at` and `started_at` are None for one on offer: it has no clock.

    `breached_at` is the deadline, once it has passed.
    """

    lead: int
    name: str
    title: str
    company: str
    stage: str
    total: float
    sub_scores: dict[str, float]
    grade: str
    due_at: datetime | None
    started_at: datetime | None
    breached_at: datetime | None
    owner: str
    owner_name: str
    offered: bool


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """An SLA on a lead. `stopped_as` is accepted, rejected, merged, reassigned…, empty while it runs."""

    stage: str
    cycle: int
    assignment: int
    rep: str
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    stopped_as: str
    breached_at: datetime | None


class LeadRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A lead as it stands. `facts` by folded field; scores as of `scored_at`, under `version` (0: none published yet).

    `clock` is the latest one, running or stopped. `offered` says that it waits in the inbox without one.
    """

    id: int
    name: str
    title: str
    company: str
    email: str
    phone: str
    facts: dict[str, Any]
    account: int | None
    reachable: bool
    stage: str
    cycle: int
    owner: str
    owner_name: str
    total: float
    sub_scores: dict[str, float]
    grade: str
    version: int
    scored_at: datetime
    newest_at: datetime
    created_at: datetime
    clock: Clock | None
    offered: bool


class AccountRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A company: `key` is the id its group calls gave it, `facts` what they state of it, by folded field.

    `name` is what it is called: its key where no call told a name.
    """

    id: int
    key: str
    name: str
    domain: str
    facts: dict[str, Any]


class Membership(msgspec.Struct, frozen=True, kw_only=True):
    """The account of a lead, and since when they belong to it; earlier ones are not told."""

    account: AccountRecord
    since: datetime


class AccountEvent(msgspec.Struct, frozen=True, kw_only=True):
    """What a member of an account did; `who` is what the lead is called."""

    lead: int
    who: str
    event: Event


class LeadRow(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the list of leads; scores as of `scored_at`."""

    id: int
    name: str
    title: str
    company: str
    email: str
    stage: str
    owner: str
    owner_name: str
    total: float
    sub_scores: dict[str, float]
    grade: str
    scored_at: datetime
    newest_at: datetime


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One page of leads: `total` counts all that match, `number` counts from 1."""

    items: list[LeadRow]
    total: int
    number: int
    pages: int


class Place(msgspec.Struct, frozen=True):
    """Where a lead stands in a list: by its rank, and by its id among those of the same rank."""

    rank: int | float | str
    lead: int


class Transition(msgspec.Struct, frozen=True, kw_only=True):
    """A recorded move. `by` is empty where the definition moved the lead; `undoes` names the move taken back."""

    id: int
    cycle: int
    from_stage: str
    to_stage: str
    crossed_at: datetime
    moved_at: datetime
    version: int
    cause: str
    event: str
    by: str
    by_name: str
    reason: str
    undoes: int | None
    undone: bool
    seq: int


class ActRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What a person did with a lead: accept, reject, take, reassign, won, lost, undo."""

    seq: int
    act: str
    at: datetime
    by: str
    by_name: str
    reason: str
    note: str
    amount: float | None
    currency: str
    undone: bool


class IdentityRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An id of a lead: `kind` is user, external, email or anonymous. An anonymous one may be theirs for a time only."""

    kind: str
    value: str
    since: datetime | None
    until: datetime | None


class MergeRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Another lead, `lead`, turned out to be this one. `by` is who decided so, empty where events showed it.

    `parted_at` and `parted_by` say when they were parted again, and by whom.
    """

    lead: int
    survivor: int
    merged_at: datetime
    by: str
    by_name: str
    reason: str
    parted_at: datetime | None
    parted_by: str


class Parting(msgspec.Struct, frozen=True, kw_only=True):
    """What parting a merged lead from `survivor` would do: the ids that go with it, and how many acts stay behind.

    `first` is the lead that has to be parted before, None where nothing is in the way.
    """

    lead: int
    survivor: int
    merged_at: datetime
    ids: list[IdentityRecord]
    acts: int
    first: int | None


class RulingRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody decided that this lead is none of `others`."""

    seq: int
    others: tuple[int, ...]
    at: datetime
    by: str
    by_name: str
    reason: str


class Biography(msgspec.Struct, frozen=True, kw_only=True):
    """What the log holds of a lead, oldest first."""

    events: list[Event]
    transitions: list[Transition]
    acts: list[ActRecord]
    merges: list[MergeRecord]


class RefusedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """What the door could not take, with its bytes: `size` of them, in a list only the first few thousand.

    `sent_at`, `settled_as` and what follows are those of `models.Refused`; `lead` is whose the first of the events is
    by now that it has become.
    """

    id: int
    source: str
    kind: str | None
    reason: str
    detail: str
    received_at: datetime
    body: bytes
    size: int
    sent_at: datetime | None = None
    settled_as: str = ""
    settled_at: datetime | None = None
    settled_by: str = ""
    stored: int = 0
    message_id: str = ""
    lead: int | None = None


class RefusedCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many of one source were refused for one reason, and when the latest came."""

    source: str
    reason: str
    count: int
    latest_at: datetime


class Resumption(msgspec.Struct, frozen=True, kw_only=True):
    """Refused events that are replayed or discarded (`act`) in parts; under way until `done_at`.

    Of `total` as many are `settled`, and as many `refused` again as they were.
    """

    id: int
    act: str
    by: str
    asked_at: datetime
    source: str
    reason: str
    since: datetime | None
    until: datetime | None
    last: int
    reached: int
    total: int
    settled: int
    refused: int
    done_at: datetime | None


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """A published definition."""

    number: int
    key: str
    title: str
    fingerprint: str
    text: str
    signatures: tuple[Signature, ...]
    mode: Mode
    published_at: datetime


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """A key without its secret. `hint` is what the secret begins with; a write key's name is the source's.

    `used_at`: when something last came under a write key (to the minute is enough); None if nothing ever did, and for
    API tokens, whose use the API itself notes.
    """

    id: int
    kind: KeyKind
    name: str
    hint: str
    created_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None = None
    demand: Demand = NOTHING


class ConsentRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for one purpose: given or not, since when (`at`), by which source, and what the person was shown.

    `stated` says that they made a choice then; else it stood beside what they did. The purpose `*` is everything: a no
    to it holds for each purpose that was not agreed to later.
    """

    purpose: str
    given: bool
    wording: str
    at: datetime
    source: str
    stated: bool


class SourceRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What came under a write key, so far and lately.

    `last_minute` is a rate, from the present minute and the one before; `refused` are counts by reason, the largest
    first, and `stored` the events, both of the `refused_since` day on. `lag` is how long the latest event took to come.
    `last_lead` did it; all of it is None or 0 before the first event.
    """

    key: Key
    events: int
    first_at: datetime | None
    last_at: datetime | None
    lag: timedelta | None
    last_event: str
    last_lead: int | None
    last_lead_name: str
    last_minute: float
    last_hour: int
    last_day: int
    stored: int
    refused: dict[str, int]
    refused_since: date


class Rep(msgspec.Struct, frozen=True, kw_only=True):
    """A person leads are given to."""

    key: str
    name: str
    email: str
    takes_leads: bool


class SlaShare(msgspec.Struct, frozen=True, kw_only=True):
    """Of the answers due in a time: given in time, given late, and overdue still."""

    in_time: int
    late: int
    overdue: int

    @property
    def share(self) -> float | None:
        """In time over all that were due; None while none was."""
        due = self.in_time + self.late + self.overdue
        return self.in_time / due if due else None


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """A message about a lead. `outcome` is sent, failed or unknown (claimed when the process died), empty before."""

    recipient: str
    subject: str
    written_at: datetime
    due_at: datetime
    settled_at: datetime | None
    outcome: str
    detail: str


class Doubt(msgspec.Struct, frozen=True, kw_only=True):
    """Leads who may be one person, for they share `value`: an e-mail address that several stated, or a phone number.

    `leads` are those of whom at least one other is still in question, the first to state it first. `noticed_at` is None
    of a phone number, which is only a hint.
    """

    kind: Literal["email", "phone"]
    value: str
    leads: tuple[int, ...]
    noticed_at: datetime | None
