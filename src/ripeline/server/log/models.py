"""The tables of `ripeline.db`, for migrations and reading. The writer's SQL is in `store`; instants are microseconds.

Hot tables have no second index: an event adds one row to the log, one narrow row to `message` and rewrites one `state`.
"""

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    WholeNumber = models.BigIntegerField[int, int]
else:
    WholeNumber = models.BigIntegerField


class RowId(WholeNumber):
    """A key that is the row's own place, given by the writer: SQLite's rowid, without AUTOINCREMENT's bookkeeping."""

    def __init__(self) -> None:
        super().__init__(primary_key=True)

    def deconstruct(self) -> tuple[str, str, list[object], dict[str, object]]:
        name, path, arguments, _ = super().deconstruct()
        return name, path, list(arguments), {}

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "integer" if connection.vendor == "sqlite" else "bigint"


class Source(models.Model):
    """Where events come from: the name of a write key, of a file, or our own."""

    id = RowId()
    name = models.TextField(unique=True)

    class Meta:
        db_table = "source"


class Message(models.Model):
    """What makes a message count once: its source and the sixteen bytes of its id, in a table of nothing else."""

    pk = models.CompositePrimaryKey("source", "id")
    source = models.IntegerField()
    id = models.BinaryField(max_length=16)

    class Meta:
        db_table = "message"


class Event(models.Model):
    """What happened, as it came, in the order of arrival.

    `identity` is the row of the id it came under, `anonymous` that of an anonymous id beside it. `lead` is whose it was
    when written; whose it is now, identity and time say. `prev` is the lead's event before it: a lead's history is read
    along this chain, without an index.
    """

    seq = RowId()
    identity = models.BigIntegerField()
    anonymous = models.BigIntegerField(null=True)
    lead = models.BigIntegerField()
    prev = models.BigIntegerField(null=True)
    occurred_at = models.BigIntegerField()
    received_at = models.BigIntegerField()
    source = models.IntegerField()
    kind = models.TextField()
    name = models.TextField()
    message_id = models.TextField()
    body = models.BinaryField()

    class Meta:
        db_table = "event"


class Refused(models.Model):
    """What was no event, with its bytes and the reason.

    `sent_at` is when its request was sent by its sender's clock, where a header or a batch said so. `settled_as` is
    empty while nobody has done anything about it, then `replayed` or `discarded`. A replayed one was `stored` as so
    many events, the first of them at `seq` under `message_id`; none where it had come before, or was to be skipped.
    """

    id = RowId()
    source = models.IntegerField()
    kind = models.TextField(null=True)  # noqa: DJ001 - absent is not empty: the path said nothing
    reason = models.TextField()
    detail = models.TextField()
    received_at = models.BigIntegerField()
    body = models.BinaryField()
    sent_at = models.BigIntegerField(null=True)
    settled_as = models.TextField(default="")
    settled_at = models.BigIntegerField(null=True)
    settled_by = models.TextField(default="")
    stored = models.IntegerField(default=0)
    seq = models.BigIntegerField(null=True)
    message_id = models.TextField(default="")

    class Meta:
        db_table = "refused"
        # The bodies lie before what is counted, and are not to be read for it.
        indexes: ClassVar = [
            models.Index(fields=["settled_as", "reason", "source", "received_at"], name="refused_counted"),
            models.Index(fields=["settled_as", "received_at"], name="refused_listed"),
        ]


class Resumption(models.Model):
    """Many refused events that are replayed or discarded (`act`) one part after the other, from the oldest on.

    Those of `source` and `reason` received from `since` until `until` (each may be absent), none newer than `last`;
    done as far as `reached`. It is under way until `done_at`.
    """

    id = RowId()
    act = models.TextField()
    by = models.TextField()
    asked_at = models.BigIntegerField()
    source = models.IntegerField(null=True)
    reason = models.TextField(default="")
    since = models.BigIntegerField(null=True)
    until = models.BigIntegerField(null=True)
    last = models.BigIntegerField()
    total = models.BigIntegerField()
    reached = models.BigIntegerField(default=0)
    settled = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    done_at = models.BigIntegerField(null=True)

    class Meta:
        db_table = "resumption"


class RefusedDay(models.Model):
    """How many messages of a source were refused on a day, by reason; where not `kept`, that is all there is of them.

    `day` counts from 1970, in UTC.
    """

    pk = models.CompositePrimaryKey("day", "source", "reason", "kept")
    day = models.IntegerField()
    source = models.IntegerField()
    reason = models.TextField()
    kept = models.BooleanField()
    count = models.BigIntegerField()

    class Meta:
        db_table = "refused_day"


class Arrival(models.Model):
    """How many events of a source were stored in a minute (counted from 1970), for two days."""

    pk = models.CompositePrimaryKey("source", "minute")
    source = models.IntegerField()
    minute = models.BigIntegerField()
    events = models.BigIntegerField()

    class Meta:
        db_table = "arrival"


class Seen(models.Model):
    """How many events a source has sent, the first and the latest: when it was received, how long it took, its seq."""

    source = RowId()
    events = models.BigIntegerField()
    first_at = models.BigIntegerField()
    last_at = models.BigIntegerField()
    lag = models.BigIntegerField()
    seq = models.BigIntegerField()

    class Meta:
        db_table = "seen"


class Consent(models.Model):
    """Consent given or withheld, as an event said it, in the order of nothing: which holds follows from the moments.

    `identity` is the row of the id the event came under, so that the statement is whosever the event is. What was
    chosen has its moment as `slot`. What merely stands on every event is kept once a day (`slot` its midnight, `stated`
    false): from its first moment to its last.
    """

    pk = models.CompositePrimaryKey("identity", "purpose", "slot", "given", "source")
    identity = models.BigIntegerField()
    purpose = models.TextField()  # folded
    slot = models.BigIntegerField()
    given = models.BooleanField()
    source = models.IntegerField()
    first_at = models.BigIntegerField()
    last_at = models.BigIntegerField()
    stated = models.BooleanField()
    title = models.TextField()  # the purpose as it was sent
    wording = models.TextField()

    class Meta:
        db_table = "consent"
        indexes: ClassVar = [
            models.Index(fields=["identity"], name="consent_to_nothing", condition=models.Q(purpose="*")),
        ]


class Identity(models.Model):
    """An id that somebody has. `kind` is user, external, email, anonymous or lead; anonymous ids go by `Interval`.

    `lead` is whose it is; for an anonymous id, of whom nobody was identified on it.
    """

    id = RowId()
    kind = models.TextField()
    value = models.TextField()
    lead = models.BigIntegerField()

    class Meta:
        db_table = "identity"
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "value"], name="identity_once")]
        indexes: ClassVar = [models.Index(fields=["lead"], name="identity_of_lead")]


class Interval(models.Model):
    """From `from_at` on, what comes under the anonymous id belongs to the person who has the id `anchor`.

    Before the first interval it belongs to the first one's person. `mark` orders identifications of one instant.
    """

    pk = models.CompositePrimaryKey("identity", "from_at", "mark")
    identity = models.BigIntegerField()
    from_at = models.BigIntegerField()
    mark = models.TextField()
    anchor = models.BigIntegerField()

    class Meta:
        db_table = "interval"
        indexes: ClassVar = [models.Index(fields=["anchor"], name="interval_of_anchor")]


class Holder(models.Model):
    """An e-mail address as stated by an identified person, at the earliest such statement: who has it is the first."""

    pk = models.CompositePrimaryKey("email", "strong")
    email = models.BigIntegerField()
    strong = models.BigIntegerField()
    stated_at = models.BigIntegerField()
    mark = models.TextField()

    class Meta:
        db_table = "holder"


class Doubt(models.Model):
    """One e-mail address, several identified persons: a person decides whether they are one."""

    id = RowId()
    email = models.BigIntegerField(unique=True)
    noticed_at = models.BigIntegerField()
    settled_at = models.BigIntegerField(null=True)
    settled_by = models.TextField(default="")

    class Meta:
        db_table = "doubt"


class Lead(models.Model):
    """A person, known or not, and what is known of them (`facts`: JSON, field to value, when stated and how).

    `merged_into` leads on to the id that survived; the columns beside the facts are copies for lists and search.
    """

    id = RowId()
    created_at = models.BigIntegerField()
    merged_into = models.BigIntegerField(null=True)
    name = models.TextField(default="")
    title = models.TextField(default="")
    company = models.TextField(default="")
    email = models.TextField(default="")
    phone = models.TextField(default="")
    sought = models.TextField(default="")  # what search looks through: case-folded, for every alphabet
    facts = models.BinaryField(default=b"{}")
    account = models.BigIntegerField(null=True)  # whose member they are now, by `Member`

    class Meta:
        db_table = "lead"
        indexes: ClassVar = [
            models.Index(fields=["account"], name="lead_of_account", condition=models.Q(account__isnull=False)),
            models.Index(fields=["phone"], name="lead_phone", condition=~models.Q(phone="")),
        ]


class Account(models.Model):
    """A company that group calls named by `key`, and what they state of it (`facts`, as of a lead)."""

    id = RowId()
    key = models.TextField(unique=True)
    name = models.TextField(default="")
    domain = models.TextField(default="")
    sought = models.TextField(default="")
    facts = models.BinaryField(default=b"{}")

    class Meta:
        db_table = "account"
        indexes: ClassVar = [models.Index(fields=["domain"], name="account_of_domain")]


class Member(models.Model):
    """A group call: whoever had the id `identity` at that instant belongs to the account from then on.

    The latest call of a lead counts; `mark` orders those of one instant.
    """

    pk = models.CompositePrimaryKey("identity", "at", "mark")
    identity = models.BigIntegerField()
    at = models.BigIntegerField()
    mark = models.TextField()
    account = models.BigIntegerField()

    class Meta:
        db_table = "member"


class Chain(models.Model):
    """A further chain of events in which a lead's own are found, after a merge or a change of intervals."""

    pk = models.CompositePrimaryKey("lead", "head")
    lead = models.BigIntegerField()
    head = models.BigIntegerField()

    class Meta:
        db_table = "chain"


class Merge(models.Model):
    """Two leads turned out to be one person.

    `kept` is the one of them whose stage won: its transitions up to `transition` stand, the other's do not. `ruling` is
    the decision that joined them, None where events did; `parted` that by which they were parted again. `before` (JSON,
    see `merging.Before`) is what parting gives back; None in merges of an earlier release.
    """

    id = RowId()
    lead = models.BigIntegerField()
    survivor = models.BigIntegerField()
    kept = models.BigIntegerField()
    transition = models.BigIntegerField()
    merged_at = models.BigIntegerField()
    seq = models.BigIntegerField()
    ruling = models.BigIntegerField(null=True)
    parted = models.BigIntegerField(null=True)
    before = models.BinaryField(null=True)

    class Meta:
        db_table = "merge"
        indexes: ClassVar = [models.Index(fields=["survivor"], name="merge_of_survivor")]


class Ruling(models.Model):
    """Somebody decided that ids are one person (`same`) or that they are not; `seq` is its event in the log.

    `undone` is the event that took it back. A later ruling takes the place of what it contradicts in earlier ones.
    """

    seq = RowId()
    same = models.BooleanField()
    at = models.BigIntegerField()
    by = models.TextField()
    reason = models.TextField(default="")
    undone = models.BigIntegerField(null=True)

    class Meta:
        db_table = "ruling"


class RuledId(models.Model):
    """An id that a ruling is about; ids of different `side`s are those it joins or keeps apart."""

    pk = models.CompositePrimaryKey("ruling", "identity")
    ruling = models.BigIntegerField()
    side = models.IntegerField()
    identity = models.BigIntegerField()

    class Meta:
        db_table = "ruled_id"
        indexes: ClassVar = [models.Index(fields=["identity"], name="ruled_id_of_identity")]


class State(models.Model):
    """Where a lead stands under a definition, cycle and model, and the fold that says so.

    `head` is the newest event of the lead's chain; `fold` holds all up to there, by `version` (0: none was published),
    and is None in a past cycle. `sub_scores` is a JSON list in the definition's order of groups. `reachable` says that
    a way to reach them is known beside the facts. `crossed_at` is the cycle's crossing of the MQL gate, `qualified_at`
    the first ever. No index holds what every event changes.
    """

    id = RowId()
    lead = models.BigIntegerField()
    definition = models.IntegerField()
    cycle = models.IntegerField()
    model = models.IntegerField()
    version = models.IntegerField()
    stage = models.TextField()
    owner = models.TextField(default="")
    reachable = models.BooleanField(default=False)
    excluded = models.BooleanField(default=False)
    qualifies = models.BooleanField(default=False)
    crossed_at = models.BigIntegerField(null=True)
    qualified_at = models.BigIntegerField(null=True)
    total = models.FloatField()
    sub_scores = models.BinaryField(default=b"[]")
    grade = models.TextField(default="")
    scored_at = models.BigIntegerField()
    newest_at = models.BigIntegerField()
    head = models.BigIntegerField(null=True)
    fold = models.BinaryField(null=True)

    class Meta:
        db_table = "state"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lead", "definition", "model", "cycle"], name="state_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["stage"], name="state_open", condition=models.Q(stage__in=["mql", "sal", "sql", "opportunity"])
            ),
        ]


class Checkpoint(models.Model):
    """Earlier folds of a lead, packed; `state` is the row of the present one. What is late starts again from them."""

    state = RowId()
    folds = models.BinaryField()

    class Meta:
        db_table = "checkpoint"


class Transition(models.Model):
    """A lead moved. Never taken back: an undone one is followed by one that names it in `undoes`.

    `cause` is how the definition moved it (`reachable`, `points`, `at_once`, `returns`), the act of a person, or
    `undo`; `by` is who did it, empty for the definition; `event` the name of the happening.
    """

    id = RowId()
    lead = models.BigIntegerField()
    definition = models.IntegerField()
    cycle = models.IntegerField()
    from_stage = models.TextField()
    to_stage = models.TextField()
    crossed_at = models.BigIntegerField()
    moved_at = models.BigIntegerField()
    version = models.IntegerField()
    cause = models.TextField()
    event = models.TextField(default="")
    by = models.TextField(default="")
    reason = models.TextField(default="")
    undoes = models.BigIntegerField(null=True)
    seq = models.BigIntegerField()
    change = models.BigIntegerField()

    class Meta:
        db_table = "transition"
        indexes: ClassVar = [
            models.Index(fields=["lead", "definition", "cycle"], name="transition_of_lead"),
            models.Index(fields=["change"], name="transition_changed"),
        ]


class Act(models.Model):
    """What a person did with a lead, a reading of the log: `seq` is its event. `undone` is the undo's."""

    seq = RowId()
    lead = models.BigIntegerField()
    act = models.TextField()
    at = models.BigIntegerField()
    by = models.TextField()
    reason = models.TextField(default="")
    note = models.TextField(default="")
    amount = models.FloatField(null=True)
    currency = models.TextField(default="")
    undone = models.BigIntegerField(null=True)
    change = models.BigIntegerField()

    class Meta:
        db_table = "act"
        indexes: ClassVar = [
            models.Index(fields=["lead"], name="act_of_lead"),
            models.Index(fields=["change"], name="act_changed"),
        ]


class Offer(models.Model):
    """A lead that qualifies by what happened too long ago to be handed over: it waits without a clock until taken."""

    pk = models.CompositePrimaryKey("lead", "definition", "cycle")
    lead = models.BigIntegerField()
    definition = models.IntegerField()
    cycle = models.IntegerField()
    crossed_at = models.BigIntegerField()
    offered_at = models.BigIntegerField()
    event = models.TextField(default="")

    class Meta:
        db_table = "offer"


class Clock(models.Model):
    """The time sales has for an answer. It keeps its own `due_at`; `breached_at` is the moment it was due.

    `seq` is the event with which it last changed.
    """

    id = RowId()
    lead = models.BigIntegerField()
    definition = models.IntegerField()
    cycle = models.IntegerField()
    stage = models.TextField()
    assignment = models.IntegerField()
    rep = models.TextField(default="")
    started_at = models.BigIntegerField()
    due_at = models.BigIntegerField()
    stopped_at = models.BigIntegerField(null=True)
    stopped_as = models.TextField(default="")
    breached_at = models.BigIntegerField(null=True)
    seq = models.BigIntegerField()
    change = models.BigIntegerField()

    class Meta:
        db_table = "clock"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lead", "definition", "cycle", "stage", "assignment"], name="clock_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="clock_running", condition=models.Q(stopped_at=None)),
            models.Index(fields=["due_at"], name="clock_due"),
            models.Index(fields=["change"], name="clock_changed"),
        ]


class DroppedClock(models.Model):
    """A clock that never ran after all, so that the lake, which may have it, hears that it is gone."""

    id = RowId()
    lead = models.BigIntegerField()
    change = models.BigIntegerField()

    class Meta:
        db_table = "dropped_clock"
        indexes: ClassVar = [models.Index(fields=["change"], name="clock_dropped")]


class Changed(models.Model):
    """The newest `change` of transitions, acts and clocks: one row. Every change of a row takes the next number.

    The mirror follows these numbers. Those of events would not do: a publish moves leads without any event.
    """

    id = RowId()
    change = models.BigIntegerField()

    class Meta:
        db_table = "changed"


class Due(models.Model):
    """What the worker must do, and when. The only thing it scans.

    What failed waits longer after each of its `attempts`; `was_due_at` keeps the moment it was due at first.
    """

    id = RowId()
    due_at = models.BigIntegerField()
    kind = models.TextField()
    key = models.TextField()
    body = models.TextField(default="")
    attempts = models.IntegerField(default=0)
    was_due_at = models.BigIntegerField(null=True)

    class Meta:
        db_table = "due"
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "key"], name="due_once")]
        indexes: ClassVar = [models.Index(fields=["due_at"], name="due_first")]


class Outbox(models.Model):
    """A message to somebody, claimed by commit before it is sent. `outcome`: sent, failed, unknown; empty before."""

    id = RowId()
    lead = models.BigIntegerField()
    seq = models.BigIntegerField()
    recipient = models.TextField()
    subject = models.TextField()
    body = models.TextField()
    written_at = models.BigIntegerField()
    due_at = models.BigIntegerField()
    claimed_at = models.BigIntegerField(null=True)
    attempts = models.IntegerField(default=0)
    settled_at = models.BigIntegerField(null=True)
    outcome = models.TextField(default="")
    detail = models.TextField(default="")

    class Meta:
        db_table = "outbox"
        indexes: ClassVar = [models.Index(fields=["due_at"], name="outbox_waiting", condition=models.Q(outcome=""))]


class Rep(models.Model):
    """A person leads are given to; `key` is the name they sign in with."""

    key = models.TextField(primary_key=True)
    name = models.TextField()
    email = models.TextField()
    takes_leads = models.BooleanField(default=True)

    class Meta:
        db_table = "rep"


class Assignment(models.Model):
    """Whose turn it was last when leads of a stage were given out."""

    pk = models.CompositePrimaryKey("definition", "stage")
    definition = models.IntegerField()
    stage = models.TextField()
    last_rep = models.TextField(default="")
    given = models.BigIntegerField(default=0)

    class Meta:
        db_table = "assignment"


class Definition(models.Model):
    """The lasting key of a definition, whatever its versions."""

    id = RowId()
    key = models.TextField(unique=True)

    class Meta:
        db_table = "definition"


class Version(models.Model):
    """A definition as published: text, fingerprint, who signed (JSON list), when and how. Never changed."""

    number = RowId()
    definition = models.IntegerField()
    title = models.TextField()
    fingerprint = models.TextField()
    text = models.TextField()
    signatures = models.TextField()
    mode = models.TextField()
    published_at = models.BigIntegerField()

    class Meta:
        db_table = "version"


class Key(models.Model):
    """A key's hash. `hint` is what its secret begins with, so that its owner knows it again.

    `purposes` (a JSON list), `given` and `signals` are what the source demands: see `events.demand`.
    """

    id = RowId()
    kind = models.TextField()
    name = models.TextField()
    hash = models.BinaryField(max_length=32, unique=True)
    hint = models.TextField()
    created_at = models.BigIntegerField()
    revoked_at = models.BigIntegerField(null=True)
    purposes = models.TextField(default="[]")
    given = models.BooleanField(default=False)
    signals = models.BooleanField(default=False)

    class Meta:
        db_table = "key"
