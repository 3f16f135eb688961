"""What people decide about leads: legal or not, written into the log with its author, and what follows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

import msgspec

from ripeline.events.instants import MICROSECOND, instant, micros
from ripeline.scoring.acts import LEADS_TO, LEGAL_FROM, Transition
from ripeline.server.log import consequences, folding
from ripeline.server.log.commands import (
    UNDO_WITHIN,
    Accept,
    Conflict,
    Moved,
    NotAllowed,
    Outcome,
    Reassign,
    Reject,
    Take,
    Undo,
    UnknownLead,
)
from ripeline.server.log.session import OUR_SOURCE, Log
from ripeline.server.log.store import events as rows
from ripeline.server.log.store import identities, lifecycle, outbox
from ripeline.server.log.store.events import EventRow
from ripeline.server.log.store.lifecycle import NEW, ActRow, ClockRow, OfferRow, TransitionRow
from ripeline.server.log.store.standings import NEVER
from ripeline.server.log.touched import Touched
from ripeline.translation import translated

NAMES = {
    "accept": "Lead Accepted",
    "reject": "Lead Rejected",
    "take": "Lead Taken",
    "reassign": "Lead Reassigned",
    "won": "Deal Won",
    "lost": "Deal Lost",
    "undo": "Decision Undone",
}
WAIT = "wait"  # the due row at the end of a recycled lead's wait


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """An act as the log keeps it, in the body of its event."""

    act: str
    by: str
    reason: str = ""
    note: str = ""
    amount: float | None = None
    currency: str = ""
    to: str = ""  # the new owner
    owner_before: str = ""
    offers: tuple[OfferRow, ...] = ()  # what was withdrawn by it


def accept(log: Log, command: Accept) -> Moved:
    lead, brought = standing(log, command.lead)
    deed = Deed(act="accept", by=command.by, note=command.note)
    return _decided(log, lead, brought, deed, to=LEADS_TO["accept"], at=command.at)


def reject(log: Log, command: Reject) -> Moved:
    lead, brought = standing(log, command.lead)
    reasons = {reason.key: reason for reason in log.definition.reject_reasons} if log.version else {}
    if command.reason not in reasons:
        raise NotAllowed(
            translated(
                "“{reason}” is no reason to reject a lead; the definition has {reasons}.",
                reason=command.reason,
                reasons=", ".join(reasons) or translated("none"),
            )
        )
    deed = Deed(act="reject", by=command.by, reason=command.reason, note=command.note)
    return _decided(log, lead, brought, deed, to=reasons[command.reason].stage, at=command.at)


def take(log: Log, command: Take) -> Moved:
    lead, brought = standing(log, command.lead)
    deed = Deed(act="take", by=command.by, note=command.note)
    return _decided(log, lead, brought, deed, to=LEADS_TO["take"], at=command.at)


def outcome(log: Log, command: Outcome) -> Moved:
    lead, brought = standing(log, command.lead)
    deed = Deed(
        act=command.outcome, by=command.by, reason=command.reason, amount=command.amount, currency=command.currency
    )
    return _decided(log, lead, brought, deed, to=LEADS_TO[command.outcome], at=command.at)


def reassign(log: Log, command: Reassign) -> Moved:
    """The owner changes, the stage does not. A running clock becomes the new owner's, with its old deadline."""
    lead, brought = standing(log, command.lead)
    reps = {rep.key for rep in lifecycle.reps(log.db)}
    if command.to not in reps:
        raise NotAllowed(translated("Leads cannot be given to “{rep}”: nobody has this name.", rep=command.to))
    at = moment(log, lead, command.at)
    deed = Deed(act="reassign", by=command.by, note=command.note, to=command.to, owner_before=_owner(brought))
    seq = write_act(log, lead, brought, deed, at=at)
    for clock in consequences.stop_clocks(log, lead, at=at, stopped_as="reassigned"):
        consequences.start_clock(
            log, lead, cycle=clock.cycle, stage=clock.stage, rep=command.to, at=at, due_at=clock.due_at
        )
    brought.owner = command.to
    return _folded(log, lead, brought, seq)


def undo(log: Log, command: Undo) -> Moved:
    """Takes back the newest act: the stage is folded without it, its mails go, its clock resumes with its deadline."""
    lead, brought = standing(log, command.lead)
    act = lifecycle.last_act(log.db, lead)
    if act is None or act.by != command.by or log.at - act.at > UNDO_WITHIN // MICROSECOND:
        raise _not_undone(log, brought, act, command.by)
    deed = _deed(log, act.seq)
    at = moment(log, lead, command.at)
    seq = write_act(log, lead, brought, Deed(act="undo", by=command.by, owner_before=_owner(brought)), at=at)
    lifecycle.undo_act(log.db, act.seq, undone=seq)
    undone = lifecycle.transition(log.db, act.seq)
    if undone is not None:
        record(log, lead, brought, undone.from_stage, cause="undo", by=command.by, at=at, undoes=undone.id)
    _resume(log, lead, act)
    outbox.withdraw(log.db, act.seq)
    lifecycle.drop_due(log.db, WAIT, str(lead))
    for offer in deed.offers:
        lifecycle.offer(log.db, offer)
    brought.owner, brought.again = deed.owner_before, True
    return _folded(log, lead, brought, seq)


def standing(log: Log, id: int) -> tuple[int, Touched]:
    """The lead that has this id now, and where it stands. Raises UnknownLead."""
    lead = identities.resolved(log.db, id)
    brought = folding.touch(log, [lead])[lead] if lead is not None else None
    if lead is None or brought is None or brought.state is None:
        raise UnknownLead(translated("There is no lead {id}.", id=id))
    return lead, brought


def moment(log: Log, lead: int, at: datetime) -> int:
    """When an act of now counts as done: not before the lead's newest move, which may have been made while it waited.

    A move is dated by the writer's clock, an act by the page it was sent from. What is decided here is decided about the
    lead as it stands here; dated earlier, it would be overruled by that move whenever the lead is folded again.
    """
    moves = lifecycle.standing_transitions(log.db, lead, log.definition_number)
    return max(micros(min(at, log.now)), *(move.moved_at for move in moves), NEVER)


def write_act(log: Log, lead: int, brought: Touched, deed: Deed, *, at: int, received_at: int | None = None) -> int:
    """The act is an event of the lead, and a row of its own to be found again."""
    seq = append_own(log, lead, brought, kind="act", name=NAMES[deed.act], body=deed, at=at, received_at=received_at)
    lifecycle.keep_act(
        log.db,
        ActRow(seq, lead, deed.act, at, deed.by, deed.reason, deed.note, deed.amount, deed.currency, None),
    )
    return seq


def append_own(
    log: Log, lead: int, brought: Touched, *, kind: str, name: str, body: Any, at: int, received_at: int | None = None
) -> int:
    """An event of ours enters the lead's chain; the fold does not read it. History is received when it happened."""
    seq = log.new_seq()
    entry = log.identities.acting(lead)
    log.identities.written()
    row = EventRow(
        seq, entry.id, None, lead, brought.head, at, log.at if received_at is None else received_at,
        log.source(OUR_SOURCE), kind, name, str(uuid4()), msgspec.json.encode(body),
    )  # fmt: skip
    rows.append(log.db, [row])
    brought.head = seq
    return seq


def _decided(log: Log, lead: int, brought: Touched, deed: Deed, *, to: str, at: datetime) -> Moved:
    """An act that moves the lead, if it is legal from its stage."""
    instant_of_act = moment(log, lead, at)
    stage = _stage(brought)
    if stage not in LEGAL_FROM[deed.act]:
        return _again_or_conflict(log, lead, brought, deed)
    offers = tuple(lifecycle.withdraw_offer(log.db, lead))
    deed = msgspec.structs.replace(deed, owner_before=_owner(brought), offers=offers)
    seq = write_act(log, lead, brought, deed, at=instant_of_act)
    consequences.stop_clocks(log, lead, at=instant_of_act, stopped_as=STOPPED_AS[deed.act])
    if to != stage:
        record(log, lead, brought, to, cause=deed.act, by=deed.by, at=instant_of_act, reason=deed.reason)
        brought.transitions = [Transition(to=to, moved_at=instant(instant_of_act), reason=deed.reason)]
    if to == LEADS_TO["accept"]:
        brought.owner = deed.by
    if to == "recycled":
        _wait(log, lead, deed.reason, at=instant_of_act)
    return _folded(log, lead, brought, seq)


STOPPED_AS = {"accept": "accepted", "reject": "rejected", "take": "taken", "won": "won", "lost": "lost"}


def _again_or_conflict(log: Log, lead: int, brought: Touched, deed: Deed) -> Moved:
    """The same wish of the same person twice is granted once; another's decision before it is a conflict."""
    last = lifecycle.last_act(log.db, lead)
    state = brought.state
    if last is None or state is None:
        raise NotAllowed(
            translated("This lead cannot be {what}: it is {stage}.", what=STOPPED_AS[deed.act], stage=_stage(brought))
        )
    if (last.act, last.by, last.reason) == (deed.act, deed.by, deed.reason):
        return Moved(lead=lead, stage=state.stage, owner=state.owner, cycle=state.cycle, seq=last.seq)
    raise _conflict(log, last, state.stage)


def _conflict(log: Log, last: ActRow, stage: str) -> Conflict:
    names = {rep.key: rep.name for rep in lifecycle.reps(log.db)}
    when = instant(last.at)
    text = translated(
        "{who} decided first, on {day} at {time} UTC: {what}. The lead is now {stage}.",
        who=names.get(last.by) or last.by,
        day=f"{when:%Y-%m-%d}",
        time=f"{when:%H:%M}",
        what=NAMES[last.act],
        stage=stage,
    )
    return Conflict(text, who=last.by, when=when, stage=stage)


def _not_undone(log: Log, brought: Touched, act: ActRow | None, by: str) -> Conflict | NotAllowed:
    if act is None:
        return NotAllowed(translated("There is nothing to undo."))
    if act.by != by:
        return _conflict(log, act, _stage(brought))
    seconds = int(UNDO_WITHIN.total_seconds())
    return NotAllowed(translated("A decision can be undone for {seconds} seconds, not later.", seconds=seconds))


def record(  # noqa: PLR0913 - a row has many columns
    log: Log,
    lead: int,
    brought: Touched,
    to: str,
    *,
    cause: str,
    by: str,
    at: int,
    reason: str = "",
    undoes: int | None = None,
) -> None:
    state = brought.state
    lifecycle.record(
        log.db,
        TransitionRow(
            id=NEW, lead=lead, definition=log.definition_number, cycle=state.cycle if state is not None else 1,
            from_stage=_stage(brought), to_stage=to, crossed_at=at, moved_at=at, version=log.version_number,
            cause=cause, event=NAMES[cause], by=by, reason=reason, undoes=undoes, seq=brought.head or 0,
        ),
    )  # fmt: skip


def _folded(log: Log, lead: int, brought: Touched, seq: int) -> Moved:
    folding.fold(log, {lead: brought})
    log.inbox = True
    state = brought.state
    assert state is not None
    return Moved(lead=lead, stage=state.stage, owner=state.owner, cycle=state.cycle, seq=seq)


def _wait(log: Log, lead: int, reason: str, *, at: int) -> None:
    """At the end of the wait the lead may qualify again; its page says so then."""
    wait = next(known.wait for known in log.definition.reject_reasons if known.key == reason)
    if wait:
        lifecycle.put_due(log.db, at=at + wait // MICROSECOND, kind=WAIT, key=str(lead))


def _resume(log: Log, lead: int, act: ActRow) -> None:
    """Clocks that the act stopped run again with their old deadlines; those it started never ran."""
    clocks: Sequence[ClockRow] = lifecycle.clocks_of(log.db, lead, log.definition_number)
    for clock in clocks:
        if clock.stopped_at is None and clock.started_at == act.at and act.act == "reassign":
            lifecycle.drop_due(log.db, consequences.BREACH, str(clock.id))
            lifecycle.drop_clock(log.db, clock.id)
    for clock in clocks:
        if clock.stopped_at == act.at and clock.stopped_as != "merged":
            lifecycle.resume_clock(log.db, clock.id, seq=log.newest_seq)
            if clock.breached_at is None:
                lifecycle.put_due(log.db, at=clock.due_at, kind=consequences.BREACH, key=str(clock.id))


def _deed(log: Log, seq: int) -> Deed:
    return msgspec.json.decode(rows.body(log.db, seq), type=Deed)


def _stage(brought: Touched) -> str:
    return brought.state.stage if brought.state is not None else folding.FIRST_STAGE


def _owner(brought: Touched) -> str:
    return brought.state.owner if brought.state is not None else ""
