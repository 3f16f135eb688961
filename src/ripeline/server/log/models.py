"""The tables of `ripeline.db`, for migrations and reading. The writer's SQL is in `store`; instants are microseconds.

Hot tables have no second index: an event adds one row to the log, one narrow row to `message` and rewrites one `state`.
"""

from django.db import models


class Source(models.Model):
    """Where events come from: the name of a write key, of a file, or our own."""

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

    seq = models.BigAutoField(primary_key=True)
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
    """What was no event, with its bytes and the reason."""

    id = models.BigAutoField(primary_key=True)
    source = models.IntegerField()
    kind = models.TextField(null=True)  # noqa: DJ001 - absent is not empty: the path said nothing
    reason = models.TextField()
    detail = models.TextField()
    received_at = models.BigIntegerField()
    body = models.BinaryField()

    class Meta:
        db_table = "refused"


class Identity(models.Model):
    """An id that somebody has. `kind` is user, external, email, anonymous or lead; anonymous ids go by `Interval`.

    `lead` is whose it is; for an anonymous id, of whom nobody was identified on it.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField()
    value = models.TextField()
    lead = models.BigIntegerField()

    class Meta:
        db_table = "identity"
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="identity_once")]
        indexes = [models.Index(fields=["lead"], name="identity_of_lead")]


class Interval(models.Model):
    """From `from_at` on, what comes under the anonymous id belongs to the person who has the id `anchor`.

    Before the first interval it belongs to the first one's person. `mark` orders identifications of one instant.
    """

    pk = models.CompositePrimaryKey("identity", "from_at")
    identity = models.BigIntegerField()
    from_at = models.BigIntegerField()
    anchor = models.BigIntegerField()
    mark = models.TextField()

    class Meta:
        db_table = "interval"
        indexes = [models.Index(fields=["anchor"], name="interval_of_anchor")]


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

    id = models.BigAutoField(primary_key=True)
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

    id = models.BigAutoField(primary_key=True)
    created_at = models.BigIntegerField()
    merged_into = models.BigIntegerField(null=True)
    reachable = models.BooleanField(default=False)
    name = models.TextField(default="")
    title = models.TextField(default="")
    company = models.TextField(default="")
    email = models.TextField(default="")
    phone = models.TextField(default="")
    facts = models.BinaryField(default=b"{}")

    class Meta:
        db_table = "lead"


class Chain(models.Model):
    """A further chain of events in which a lead's own are found, after a merge or a change of intervals."""

    pk = models.CompositePrimaryKey("lead", "head")
    lead = models.BigIntegerField()
    head = models.BigIntegerField()

    class Meta:
        db_table = "chain"


class Merge(models.Model):
    """Two leads turned out to be one person."""

    id = models.BigAutoField(primary_key=True)
    lead = models.BigIntegerField()
    into = models.BigIntegerField()
    merged_at = models.BigIntegerField()
    seq = models.BigIntegerField()

    class Meta:
        db_table = "merge"
        indexes = [models.Index(fields=["into"], name="merge_into")]


class State(models.Model):
    """Where a lead stands under a definition, cycle and model, and the fold that says so.

    `head` is the newest event of the lead's chain, `version` the one that folded it; `fold` is None in a past cycle.
    """

    id = models.BigAutoField(primary_key=True)
    lead = models.BigIntegerField()
    definition = models.IntegerField()
    cycle = models.IntegerField()
    model = models.IntegerField()
    version = models.IntegerField()
    stage = models.TextField()
    owner = models.TextField(default="")
    total = models.FloatField()
    sub_scores = models.TextField(default="{}")
    grade = models.TextField(default="")
    scored_at = models.BigIntegerField()
    newest_at = models.BigIntegerField()
    head = models.BigIntegerField(null=True)
    fold = models.BinaryField(null=True)

    class Meta:
        db_table = "state"
        constraints = [
            models.UniqueConstraint(fields=["lead", "definition", "model", "cycle"], name="state_once"),
        ]
        indexes = [
            models.Index(
                fields=["stage"], name="state_open", condition=models.Q(stage__in=["mql", "sal", "sql", "opportunity"])
            ),
        ]


class Checkpoint(models.Model):
    """An earlier fold of a lead, holding every event of its chain up to `seq`: what is late starts again from it."""

    pk = models.CompositePrimaryKey("lead", "definition", "model", "age")
    lead = models.BigIntegerField()
    definition = models.IntegerField()
    model = models.IntegerField()
    age = models.IntegerField()  # 0 the younger, 1 the older
    version = models.IntegerField()
    cycle = models.IntegerField()
    seq = models.BigIntegerField()
    newest_at = models.BigIntegerField()
    fold = models.BinaryField()

    class Meta:
        db_table = "checkpoint"


class Transition(models.Model):
    """A lead moved. Never taken back: an undone one is followed by one that names it in `undoes`.

    `cause` is `gate`, `bypass`, `reachable`, `returned`, `replay`, an act, `undo` or `merge`; `by` who did it, empty for the
    definition; `event` the name of the happening.
    """

    id = models.BigAutoField(primary_key=True)
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

    class Meta:
        db_table = "transition"
        indexes = [models.Index(fields=["lead", "definition", "cycle"], name="transition_of_lead")]


class Crossing(models.Model):
    """The first moment in a cycle after which a gate held, as last computed."""

    pk = models.CompositePrimaryKey("lead", "definition", "cycle", "model", "stage")
    lead = models.BigIntegerField()
    definition = models.IntegerField()
    cycle = models.IntegerField()
    model = models.IntegerField()
    stage = models.TextField()
    crossed_at = models.BigIntegerField()
    version = models.IntegerField()

    class Meta:
        db_table = "crossing"


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
    """The time sales has for an answer. It keeps its own `due_at`; `breached_at` is the moment it was due."""

    id = models.BigAutoField(primary_key=True)
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

    class Meta:
        db_table = "clock"
        constraints = [
            models.UniqueConstraint(fields=["lead", "definition", "cycle", "stage", "assignment"], name="clock_once"),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="clock_running", condition=models.Q(stopped_at=None)),
            models.Index(fields=["started_at"], name="clock_started"),
        ]


class Due(models.Model):
    """What the worker must do, and when. The only thing it scans."""

    id = models.BigAutoField(primary_key=True)
    due_at = models.BigIntegerField()
    kind = models.TextField()
    key = models.TextField()
    body = models.TextField(default="")

    class Meta:
        db_table = "due"
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="due_once")]
        indexes = [models.Index(fields=["due_at"], name="due_first")]


class Outbox(models.Model):
    """A message to somebody. Claimed by commit before it is sent; `outcome` is sent, failed or unknown, empty before."""

    id = models.BigAutoField(primary_key=True)
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
        indexes = [models.Index(fields=["due_at"], name="outbox_waiting", condition=models.Q(outcome=""))]


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

    key = models.TextField(unique=True)

    class Meta:
        db_table = "definition"


class Version(models.Model):
    """A definition as published: text, fingerprint, who signed (JSON list), when and how. Never changed."""

    number = models.AutoField(primary_key=True)
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
    """A key's hash. `hint` is what its secret begins with, so that its owner knows it again."""

    kind = models.TextField()
    name = models.TextField()
    hash = models.BinaryField(max_length=32, unique=True)
    hint = models.TextField()
    created_at = models.BigIntegerField()
    revoked_at = models.BigIntegerField(null=True)

    class Meta:
        db_table = "key"
