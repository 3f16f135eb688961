"""What can be asked of the writer, and what it answers: frozen values, also the lines of the control socket.

A command is carried out whole or not at all; its answer comes after the commit. Instants are aware and UTC. `by` is the
key of a person: the user name under which they sign in.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from ripeline.criteria.problem import Problem
from ripeline.events.demand import Demand
from ripeline.events.event import Event
from ripeline.events.refusal import Refusal
from ripeline.server.log.refusals import Value, sentence

Act = Literal["accept", "reject", "take", "won", "lost"]
Mode = Literal["now", "replay"]
KeyKind = Literal["write", "api"]
TEAMS = ("marketing", "sales")
UNDO_WITHIN = timedelta(seconds=10)  # until then nothing that an act causes leaves the house
REPEATED_WITHIN = timedelta(
    minutes=1
)  # the same deal told twice without an id is a retry until then, later another deal


class Command(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A wish to change what the log holds."""


class Answer(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What came of a command."""


# --- what happened ---------------------------------------------------------------------------------------------------


class Ingest(Command, frozen=True, kw_only=True):
    """Events as they came in, and what the door refused beside them. Answer: `Ingested`.

    `source` is that of the first; a batch whose messages have keys of their own brings others, and each says its own.
    `unkept` counts what was refused and of which nothing else is kept, by source and reason.
    """

    source: str
    accepted: Sequence[Event] = ()
    refused: Sequence[Refusal] = ()
    unkept: dict[str, dict[str, int]] = {}


class Ingested(Answer, frozen=True, kw_only=True):
    """How many events are on disk for the first time, were there already, and were kept aside as refused.

    `withdrawn` were not kept for want of consent that their persons had given, or because they had withdrawn it.
    """

    stored: int
    duplicates: int
    refused: int
    withdrawn: int = 0


class RecordedAct(msgspec.Struct, frozen=True, kw_only=True):
    """What a person did elsewhere or earlier, with its own moment. `user_id` names the lead as its events do.

    `reason` is needed to reject; `amount` (of `currency`) belongs to won and lost deals. It counts once under its
    `message_id`; without one, once for all that it says.
    """

    user_id: str
    act: Act
    at: datetime
    by: str = ""
    reason: str = ""
    note: str = ""
    amount: float | None = None
    currency: str = ""
    message_id: str = ""


class ImportHistory(Command, frozen=True, kw_only=True):
    """History with its recorded moments, human acts and outcomes among it. Answer: `Imported`.

    It is scored and its crossings are recorded; nobody is told and nothing is sent. Without `as_lived` the definition
    moves nobody: who qualifies at `end` and acted within `handover_within` waits among the offered. `as_lived` says
    that the definition was in force then (the demo company): leads moved at their happenings, were given out and
    answered by the acts, and an MQL nobody has answered by `end` waits in the inbox with its clock running.

    Parts of a long history may come one after the other, `end` with the last; a lived one's in time order. Where nobody
    says which part is the last, `ends_when_quiet`: the import has ended once no such part came for `importing.QUIET`.
    `known` names people, as their events or outcomes do, who can be reached though no address of theirs is known.
    `refused` is what the door kept aside beside the events, `unkept` as in `Ingest`.
    """

    events: Sequence[Event]
    known: Sequence[str] = ()
    acts: Sequence[RecordedAct] = ()
    end: datetime | None = None
    as_lived: bool = False
    ends_when_quiet: bool = False
    refused: Sequence[Refusal] = ()
    unkept: dict[str, dict[str, int]] = {}


class Imported(Answer, frozen=True, kw_only=True):
    """Events stored, events and acts already there, leads touched, transitions recorded, acts applied and acts skipped.

    Those are skipped that were not legal.
    """

    stored: int
    duplicates: int
    leads: int
    transitions: int
    acts: int
    skipped: int


class Restore(Command, frozen=True, kw_only=True):
    """The exported `folder`, on the server's own machine, becomes this workspace, in which nothing has happened yet.

    Every row comes back as it was, people's acts, transitions and clocks among them; nobody is told. Answer:
    `Restored`, or the error `CannotRestore`.
    """

    folder: str


class Restored(Answer, frozen=True, kw_only=True):
    """How many events and leads came back, and which version is in force (0: none)."""

    events: int
    leads: int
    versions: int


# --- what people do --------------------------------------------------------------------------------------------------
# An act counts once under its `message_id`, if it has one; the answer is where the lead stands by now.


class Accept(Command, frozen=True, kw_only=True):
    """Sales takes the MQL on: stops the clock, makes it an SAL. Answer: `Moved`."""

    lead: int
    by: str
    at: datetime
    note: str = ""
    message_id: str = ""


class Reject(Command, frozen=True, kw_only=True):
    """Sales gives the lead back; the reason, a key of the definition's, says where to. Answer: `Moved`."""

    lead: int
    by: str
    reason: str
    at: datetime
    note: str = ""
    message_id: str = ""


class Take(Command, frozen=True, kw_only=True):
    """Sales takes a lead nobody works on, one on offer among them: it becomes an SAL of theirs. Answer: `Moved`."""

    lead: int
    by: str
    at: datetime
    note: str = ""
    message_id: str = ""


class Reassign(Command, frozen=True, kw_only=True):
    """Gives a lead that sales works on, or that is on offer, to a rep; a clock goes on with its old deadline.

    `owner_seen` and `stage_seen` are how the lead stood when that was decided: `Conflict` where it does not any more.
    Answer: `Moved`.
    """

    lead: int
    to: str
    by: str
    at: datetime
    note: str = ""
    owner_seen: str | None = None
    stage_seen: str | None = None
    message_id: str = ""


class Outcome(Command, frozen=True, kw_only=True):
    """A deal was won or lost. Answer: `Moved`."""

    lead: int
    outcome: Literal["won", "lost"]
    by: str
    at: datetime
    amount: float | None = None
    currency: str = ""
    reason: str = ""
    message_id: str = ""


class Undo(Command, frozen=True, kw_only=True):
    """Takes back the last act on a lead, by who did it, within `UNDO_WITHIN`. A clock resumes as it was.

    `act` names it by its place in the log (`Moved.seq`), so that a second click does not take back the one before.
    Answer: `Moved`.
    """

    lead: int
    by: str
    at: datetime
    act: int | None = None


class Moved(Answer, frozen=True, kw_only=True):
    """Where the lead stands now. `lead` is the id it has now; `seq` the act's place in the log."""

    lead: int
    stage: str
    owner: str
    cycle: int
    seq: int


class SamePerson(Command, frozen=True, kw_only=True):
    """Somebody decided that leads are one person: they are merged. Answer: `Ruled`.

    `seen` is the newest decision about them that their page told of (0: none): `Conflict` where there is a newer one.
    """

    leads: tuple[int, ...]
    by: str
    at: datetime
    reason: str = ""
    seen: int | None = None


class DifferentPeople(Command, frozen=True, kw_only=True):
    """Somebody decided that leads are nobody but themselves: nothing that events say joins them. Answer: `Ruled`.

    `seen` as in `SamePerson`.
    """

    leads: tuple[int, ...]
    by: str
    at: datetime
    reason: str = ""
    seen: int | None = None


class Unmerge(Command, frozen=True, kw_only=True):
    """`lead`, which was merged into another, is one of its own again, and stays apart for good. Answer: `Ruled`."""

    lead: int
    by: str
    at: datetime
    reason: str = ""


class UndoRuling(Command, frozen=True, kw_only=True):
    """Takes back one's own decision about who is who, within `UNDO_WITHIN`. Answer: `Ruled`."""

    ruling: int
    by: str
    at: datetime


class Ruled(Answer, frozen=True, kw_only=True):
    """The ids the leads go by now; `seq` is the decision's place in the log."""

    leads: tuple[int, ...]
    seq: int


# --- what was refused ------------------------------------------------------------------------------------------------


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """What the refused event `id` has become: events, and messages refused again by themselves (of a whole batch)."""

    id: int
    accepted: Sequence[Event] = ()
    refused: Sequence[Refusal] = ()


class Replay(Command, frozen=True, kw_only=True):
    """Refused events have become events, or were found to be none that counts. Answer: `Settled`.

    One that is replayed already is left out in a `resumption`, and otherwise the error `NotAllowed`. A resumption has
    come as far as `reached`; `again` of its rows were refused once more.
    """

    rows: Sequence[Replayed]
    by: str
    at: datetime
    resumption: int | None = None
    reached: int = 0
    again: int = 0


class Discard(Command, frozen=True, kw_only=True):
    """Refused events that nobody will mend: they stay as a record. Settled ones are left out. Answer: `Settled`."""

    ids: Sequence[int]
    by: str
    at: datetime
    resumption: int | None = None
    reached: int = 0


class Settled(Answer, frozen=True, kw_only=True):
    """How many refused events were settled; the events on disk for the first time, there already, and refused again."""

    settled: int
    stored: int = 0
    duplicates: int = 0
    refused: int = 0


class Resume(Command, frozen=True, kw_only=True):
    """All refused events of a source, a reason, a time (each may be left open) are to be replayed as they are, or
    discarded, in parts. Answer: `Resumed`.
    """

    act: Literal["replay", "discard"]
    by: str
    at: datetime
    source: str = ""
    reason: str = ""
    since: datetime | None = None
    until: datetime | None = None


class Resumed(Answer, frozen=True, kw_only=True):
    """The resumption that is under way, and how many refused events it will look at."""

    id: int
    total: int


# --- the agreement, people and keys ----------------------------------------------------------------------------------


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """Who signed for a team (`marketing`, `sales`)."""

    team: str
    name: str


class Publish(Command, frozen=True, kw_only=True):
    """A definition becomes the next version. `replay` moves who qualifies; `now` waits for their next happening.

    Answer: `Published`, or the errors `NotADefinition` and `Unsigned`.
    """

    text: str
    signatures: tuple[Signature, ...]
    at: datetime
    mode: Mode = "now"
    path: str = "definition.yaml"


class Published(Answer, frozen=True, kw_only=True):
    """The new version; its leads are folded anew from here on, `leads` of them."""

    version: int
    fingerprint: str
    leads: int


class NewKey(Command, frozen=True, kw_only=True):
    """A key for a source's events (`write`) or for the API. Answer: `KeyMade`."""

    kind: KeyKind
    name: str
    at: datetime


class KeyMade(Answer, frozen=True, kw_only=True):
    """The secret, told this once: only its hash is kept."""

    id: int
    kind: KeyKind
    name: str
    secret: str


class RevokeKey(Command, frozen=True, kw_only=True):
    """The key opens nothing any more. Answer: `Done`."""

    id: int
    at: datetime


class DemandConsent(Command, frozen=True, kw_only=True):
    """What the source of a write key demands from now on. Answer: `Done`, or the errors `UnknownKey`, `NoPurpose`."""

    id: int
    demand: Demand


class KeepRep(Command, frozen=True, kw_only=True):
    """A person whom leads may be given to, as they are now. Answer: `Done`."""

    key: str
    name: str
    email: str
    takes_leads: bool = True


class Done(Answer, frozen=True, kw_only=True):
    """It is so now."""


# --- refusals --------------------------------------------------------------------------------------------------------


class CommandError(Exception):
    """The command was not carried out and nothing of it is stored. `code` is stable, the text says what now."""

    code = "not-done"


class StoreUnavailable(CommandError):
    """The disk is full or the database is busy. Nothing of the command is stored; it may be tried again."""

    code = "store-unavailable"


class Refused(CommandError):
    """A person's wish that is not granted: `why` is stable, `values` say what it is about.

    Whoever shows it words it with `refusals.sentence`, in the reader's terms; as text it names keys, and times in UTC.
    """

    def __init__(self, why: str, **values: Value) -> None:
        super().__init__(why, values)
        self.why, self.values = why, values

    def __str__(self) -> str:
        return sentence(self.why, self.values)


class UnknownLead(Refused):
    """No lead has this id."""

    code = "unknown-lead"


class UnknownRefused(Refused):
    """No refused event has this id."""

    code = "unknown-refused"


class NotAllowed(Refused):
    """The act is not legal from the lead's stage, or its reason is none of the definition's."""

    code = "not-allowed"


class Conflict(Refused):
    """The lead has changed since. `who` did it (empty: the definition), `when`; `stage` is where it stands now."""

    code = "conflict"

    def __init__(self, why: str, *, who: str, when: datetime, stage: str, **values: Value) -> None:
        super().__init__(why, **values, when=when, stage=stage)
        self.who, self.when, self.stage = who, when, stage


class NotADefinition(CommandError):
    """The text has problems, all of them in `problems`."""

    code = "not-a-definition"

    def __init__(self, message: str, *, problems: tuple[Problem, ...]) -> None:
        super().__init__(message)
        self.problems = problems


class Unsigned(CommandError):
    """A team has not signed."""

    code = "unsigned"


class CannotRestore(CommandError):
    """The folder is no whole export, or this workspace cannot become what was exported; the text says which."""

    code = "cannot-restore"


class NameTaken(CommandError):
    """A key of this name and kind is already in use."""

    code = "name-taken"


class UnknownKey(CommandError):
    """No write key in force has this id."""

    code = "unknown-key"


class NoPurpose(CommandError):
    """Consent is demanded for nothing that is named, or for too much."""

    code = "no-purpose"


# --- the worker's own ------------------------------------------------------------------------------------------------


class DoDue(Command, frozen=True, kw_only=True):
    """Does some of what is due by now. Answer: `DueDone`."""


class DueDone(Answer, frozen=True, kw_only=True):
    """How many rows were taken, how many of them failed and are tried again, and when the next one is due."""

    taken: int
    failed: int
    next_at: datetime | None


class ClaimMail(Command, frozen=True, kw_only=True):
    """Takes a message that is due, so that nobody else sends it. Answer: `Claimed`."""


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A claimed message; `attempt` counts from 1."""

    id: int
    recipient: str
    subject: str
    body: str
    attempt: int


class Claimed(Answer, frozen=True, kw_only=True):
    """A message that is to be sent now, by whoever asked; None while none is due."""

    letter: Letter | None


class SettleMail(Command, frozen=True, kw_only=True):
    """What became of a claimed message; with `again_at` it did not leave and is tried then. Answer: `Done`."""

    id: int
    outcome: Literal["sent", "failed", "unknown"]
    detail: str = ""
    again_at: datetime | None = None


class WakeUp(Command, frozen=True, kw_only=True):
    """The first command after a start: messages claimed by a process that died are given up. Answer: `Done`."""


# What may be asked from outside of the process, and what it answers.
ASKABLE = (
    Ingest
    | ImportHistory
    | Restore
    | Accept
    | Reject
    | Take
    | Reassign
    | Outcome
    | Undo
    | Publish
    | NewKey
    | RevokeKey
    | KeepRep
    | DemandConsent
    | Replay
    | Discard
    | Resume
    | SamePerson
    | DifferentPeople
    | Unmerge
    | UndoRuling
)
ANSWERS = Ingested | Imported | Restored | Moved | Ruled | Published | KeyMade | Settled | Resumed | Done
