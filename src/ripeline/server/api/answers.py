"""What the API answers: shapes that `openapi` describes and a test holds against it."""

from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

import msgspec

Item = TypeVar("Item")
Whole = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]  # an id or an instant, as the log can hold it


class Items(msgspec.Struct, Generic[Item]):
    """A page of a list. `next` is the address of the following page, null on the last."""

    items: list[Item]
    next: str | None


class LeadLine(msgspec.Struct, kw_only=True):
    """A lead in a list. Its score is as of `scored_at`."""

    id: int
    name: str
    title: str
    company: str
    email: str
    stage: str
    owner: str
    score: float
    sub_scores: dict[str, float]
    grade: str
    scored_at: datetime
    last_event_at: datetime


class Contribution(msgspec.Struct, kw_only=True):
    """What one event or fact gives under one criterion; or, by its `kind`, what a cap, floor or reset takes.

    `points` is what is left of `given`; the points of all contributions add up to the score as it is shown. `counted`
    is false where the criterion's limit left a match out.
    """

    kind: str
    group: str
    criterion: str
    sentence: str
    points: float
    given: float
    age_weight: float
    channel: str
    counted: bool
    occurred_at: datetime | None
    message_id: str
    note: str


class Transition(msgspec.Struct, kw_only=True):
    """A recorded move from stage to stage. `by` is empty where the definition moved the lead."""

    id: int
    cycle: int
    from_stage: str
    to_stage: str
    crossed_at: datetime
    moved_at: datetime
    version: int
    cause: str
    by: str
    reason: str
    undone: bool


class Identity(msgspec.Struct, kw_only=True):
    """An id by which the lead is known: `kind` is user, external, email or anonymous."""

    kind: str
    value: str
    since: datetime | None
    until: datetime | None


class Consent(msgspec.Struct, kw_only=True):
    """What holds for one purpose, since `at`. The purpose `*` is everything that was not agreed to later.

    `wording` is what the person was shown; `stated` says that they made a choice, else it stood beside what they did.
    """

    purpose: str
    given: bool
    wording: str
    at: datetime
    source: str
    stated: bool


class Account(msgspec.Struct, kw_only=True):
    """The company a lead speaks for, as far as it is known.

    `id`, `group_id` (as group calls name it) and `since` are null where no group call made the lead a member: name and
    domain are then what they say themselves.
    """

    id: int | None
    group_id: str | None
    name: str
    domain: str
    since: datetime | None


class Clock(msgspec.Struct, kw_only=True):
    """The latest SLA on the lead, running or stopped."""

    stage: str
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    stopped_as: str
    breached_at: datetime | None


class Merged(msgspec.Struct, kw_only=True):
    """Another lead that turned out to be this one. `by` is empty where events showed it; `parted_at` if it is over."""

    lead: int
    merged_at: datetime
    by: str
    reason: str
    parted_at: datetime | None


class Doubt(msgspec.Struct, kw_only=True):
    """Leads who may be one person: they share an e-mail address, or (`noticed_at` is null) a phone number."""

    kind: Literal["email", "phone"]
    value: str
    leads: list[int]
    noticed_at: datetime | None


class Ruled(msgspec.Struct, kw_only=True):
    """The ids leads go by after a decision. `seq` is its place in the log: an undo names it."""

    leads: list[int]
    seq: int


class LeadDetail(msgspec.Struct, kw_only=True):
    """A lead, its score computed at the request (`as_of`) under the version in force (0: none is)."""

    id: int
    name: str
    title: str
    company: str
    email: str
    phone: str
    stage: str
    owner: str
    facts: dict[str, Any]
    account: Account | None
    score: float
    sub_scores: dict[str, float]
    grade: str
    version: int
    as_of: datetime
    contributions: list[Contribution]
    transitions: list[Transition]
    identities: list[Identity]
    consents: list[Consent]
    merged: list[Merged]
    clock: Clock | None


class EventLine(msgspec.Struct, kw_only=True):
    """An event of a lead. `message_id` is the client's id; `facts` are what it states about the person."""

    message_id: str
    source: str
    kind: str
    name: str
    occurred_at: datetime
    received_at: datetime
    user_id: str | None
    anonymous_id: str | None
    facts: dict[str, Any]
    properties: dict[str, Any]
    context: dict[str, Any]


class Moved(msgspec.Struct, kw_only=True):
    """Where a lead stands after what was done. `seq` is the act's place in the log: an undo names it."""

    lead: int
    stage: str
    owner: str
    cycle: int
    seq: int


class RefusedLine(msgspec.Struct, kw_only=True):
    """A message that is no event, why, and its text (bytes that are no UTF-8 are shown as �).

    In a list, `body` is the beginning of what has `size` bytes. `kind` is the path it came by, null within a batch.
    `settled_as` is empty until it is `replayed` or `discarded`; a replayed one was stored as `stored` events, the first
    of them under `message_id`, which `lead` did.
    """

    id: int
    source: str
    kind: str | None
    reason: str
    detail: str
    received_at: datetime
    size: int
    body: str
    settled_as: str
    settled_at: datetime | None
    settled_by: str
    stored: int
    message_id: str
    lead: int | None


class Replayed(msgspec.Struct, kw_only=True):
    """What came of a replay: events stored for the first time, there already, and messages of it refused again."""

    id: int
    stored: int
    duplicates: int
    refused: int
    lead: int | None


class Signature(msgspec.Struct, kw_only=True):
    """Who signed for a team."""

    team: str
    name: str


class DefinitionLine(msgspec.Struct, kw_only=True):
    """A published version. `mode`: `now` (each lead from its next happening on) or `replay`."""

    version: int
    key: str
    title: str
    fingerprint: str
    signatures: list[Signature]
    mode: str
    published_at: datetime
    in_force: bool
    text: str


class Error(msgspec.Struct, kw_only=True):
    """What went wrong: `code` is stable, `message` for people. An act that is refused also says `why`; a conflict
    by whom, when, and the stage.
    """

    code: str
    message: str
