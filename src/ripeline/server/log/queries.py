"""What others may read of the log: frozen values, read through Django's alias `log`.

Instants are aware and UTC. Nothing here writes, and nothing is kept between calls but parsed definitions.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from ripeline.definition.model import Definition
from ripeline.events.event import Event
from ripeline.server.log.commands import KeyKind, Mode, Signature


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A lead in the inbox. `due_at` and `started_at` are None for one on offer: it has no clock.

    `reason_line` says in one line why they are here. `breached_at` is the deadline, once it has passed.
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
    reason_line: str
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
    """Another lead turned out to be this one."""

    lead: int
    merged_at: datetime


class RefusedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """What the door could not take, with its bytes."""

    id: int
    source: str
    kind: str | None
    reason: str
    detail: str
    received_at: datetime
    body: bytes


class RefusedCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many of one source were refused for one reason."""

    source: str
    reason: str
    count: int


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
    """A key without its secret. `hint` is what the secret begins with; a write key's name is the source's."""

    id: int
    kind: KeyKind
    name: str
    hint: str
    created_at: datetime
    revoked_at: datetime | None


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
    """One e-mail address, several identified leads: a person decides."""

    id: int
    email: str
    leads: tuple[int, ...]
    noticed_at: datetime


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What a commit changed. `cursor` is the log's newest seq; `inbox` says that a list of waiting leads is stale.

    `leads` is empty and `many` true where too many changed to name.
    """

    cursor: int
    leads: tuple[int, ...]
    inbox: bool
    many: bool = False


def waiting(*, now: datetime, owner: str | None = None) -> list[Waiting]:
    """Who waits for an answer, soonest deadline first, then the offered by score; only `owner`'s if given."""
    raise NotImplementedError


def waiting_count(*, owner: str | None = None) -> int:
    """How many `waiting` would list."""
    raise NotImplementedError


def lead(id: int) -> LeadRecord | None:
    """The lead that has this id now, also by the id of one merged into it; None if there never was one."""
    raise NotImplementedError


def leads(
    *,
    search: str = "",
    page: int = 1,
    per_page: int = 50,
    stage: str | None = None,
    email: str | None = None,
    user_id: str | None = None,
    anonymous_id: str | None = None,
    owner: str | None = None,
    order: str = "recent",
) -> Page:
    """Leads and visitors that match all that is given. `order`: recent (latest event first), score, name."""
    raise NotImplementedError


def history(lead_id: int, *, limit: int | None = None) -> list[Event]:
    """The lead's events in the order of DESIGN §3, oldest first; only the latest `limit` if given. Acts are apart."""
    raise NotImplementedError


def transitions(lead_id: int) -> list[Transition]:
    """The lead's recorded moves, oldest first, those of leads merged into it among them."""
    raise NotImplementedError


def acts(lead_id: int) -> list[ActRecord]:
    """What people did with the lead, oldest first."""
    raise NotImplementedError


def clocks(lead_id: int) -> list[Clock]:
    """The lead's clocks, oldest first."""
    raise NotImplementedError


def identities(lead_id: int) -> list[IdentityRecord]:
    """The ids by which the lead is known: user ids, external ids, e-mail addresses, then anonymous ids."""
    raise NotImplementedError


def merges(lead_id: int) -> list[MergeRecord]:
    """Leads that turned out to be this one, oldest first."""
    raise NotImplementedError


def mails(lead_id: int) -> list[Mail]:
    """Messages written about the lead, oldest first."""
    raise NotImplementedError


def refused(
    *, source: str | None = None, reason: str | None = None, before: int | None = None, limit: int = 50
) -> list[RefusedEvent]:
    """Refused events, newest first; `before` is the id of the last one of the page before."""
    raise NotImplementedError


def refused_counts() -> list[RefusedCount]:
    """How many were refused, by source and reason."""
    raise NotImplementedError


def versions() -> list[Version]:
    """Every published version, newest first."""
    raise NotImplementedError


def current_version() -> Version | None:
    """The version in force; None before the first is published."""
    raise NotImplementedError


def version(number: int) -> Version | None:
    """One published version."""
    raise NotImplementedError


def definition(number: int) -> Definition:
    """The parsed definition of a version; raises LookupError where there is none."""
    raise NotImplementedError


def sla_share(*, since: datetime, now: datetime, owner: str | None = None) -> SlaShare:
    """How many answers that were due from `since` to `now` came in time. Merged and reassigned clocks do not count."""
    raise NotImplementedError


def keys(*, kind: KeyKind | None = None) -> list[Key]:
    """Every key, revoked ones too, newest first."""
    raise NotImplementedError


def reps() -> Sequence[Rep]:
    """Everybody leads are or were given to, by name."""
    raise NotImplementedError


def doubts() -> list[Doubt]:
    """Doubtful identities that wait for a person."""
    raise NotImplementedError


def changes_since(cursor: int) -> Change:
    """What changed after `cursor`, for a reader that was away."""
    raise NotImplementedError
