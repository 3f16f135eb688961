"""What people decide about leads: legal or not, written into the log with its author, and what follows."""

from collections.abc import Sequence

import msgspec

from ripeline.events.instants import MICROSECOND, instant
from ripeline.server.log import consequences, folding, letters
from ripeline.server.log.commands import (
    REPEATED_WITHIN,
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
from ripeline.server.log.decisions import (
    Deed,
    decide,
    drop_wait,
    has_counted,
    keep_wait,
    moment,
    owner_of,
    record,
    stage_of,
    stood,
    write_act,
)
from ripeline.server.log.session import Log
from ripeline.server.log.store import events as rows
from ripeline.server.log.store import identities, lifecycle, outbox
from ripeline.server.log.store.lifecycle import ActRow, ClockRow, TransitionRow
from ripeline.server.log.touched import Touched


def accept(log: Log, command: Accept) -> Moved:
    return _decided(log, command, Deed(act="accept", by=command.by, note=command.note))


def reject(log: Log, command: Reject) -> Moved:
    reasons = [reason.key for reason in log.definition.reject_reasons] if log.version else []
    if command.reason not in reasons:
        raise NotAllowed("unknown-reason", reason=command.reason, reasons=", ".join(reasons) or "–")
    return _decided(log, command, Deed(act="reject", by=command.by, reason=command.reason, note=command.note))


def take(log: Log, command: Take) -> Moved:
    return _decided(log, command, Deed(act="take", by=command.by, note=command.note))


def outcome(log: Log, command: Outcome) -> Moved:
    deed = Deed(
        act=command.outcome, by=command.by, reason=command.reason, amount=command.amount, currency=command.currency
    )
    return _decided(log, command, deed)


def reassign(log: Log, command: Reassign) -> Moved:
    """The owner changes, the stage does not. A running clock becomes the new owner's, with its old deadline."""
    lead, brought = standing(log, command.lead)
    if command.message_id and has_counted(log, command.message_id):
        return _counted(log, lead, brought, command.message_id)
    if owner_of(brought) == command.to:  # as when it is sent twice
        last = lifecycle.last_act(log.db, lead)
        return _stands(lead, brought, last.seq if last is not None else 0)
    _check_reassigned(log, lead, brought, command)
    at = moment(log, lead, command.at)
    deed = Deed(act="reassign", by=command.by, note=command.note, to=command.to, owner_before=owner_of(brought))
    seq = write_act(log, lead, brought, deed, at=at, message_id=command.message_id)
    for clock in consequences.stop_clocks(log, lead, at=at, stopped_as="reassigned"):
        consequences.start_clock(
            log, lead, cycle=clock.cycle, stage=clock.stage, rep=command.to, at=at, due_at=clock.due_at,
            runs=clock.breached_at is None, breached_at=clock.breached_at,
        )  # fmt: skip
    brought.owner = command.to
    moved = _folded(log, lead, brought, seq)
    if command.to != command.by:
        letters.tell_new_owner(log, lead, command.to, by=command.by, seq=seq)
    return moved


REASSIGNED_FROM = ("mql", "sal", "sql", "opportunity")  # sales works on it; before that a lead is taken, or on offer


def _check_reassigned(log: Log, lead: int, brought: Touched, command: Reassign) -> None:
    """Raises Conflict where the lead stands otherwise than its sender saw, NotAllowed where it cannot be given so."""
    stage, owner = stage_of(brought), owner_of(brought)
    if command.owner_seen not in (None, owner) or command.stage_seen not in (None, stage):
        raise _overtaken(log, lead, brought)
    if command.to not in {rep.key for rep in lifecycle.reps(log.db) if rep.takes_leads}:
        raise NotAllowed("takes-no-leads", rep=command.to)
    if stage not in REASSIGNED_FROM and not lifecycle.is_offered(log.db, lead, log.definition_number):
        raise NotAllowed("wrong-stage", act="reassign", stage=stage)


def _overtaken(log: Log, lead: int, brought: Touched) -> Conflict:
    """What came about since somebody looked: the newest act or move."""
    act, moves = lifecycle.last_act(log.db, lead), lifecycle.standing_transitions(log.db, lead, log.definition_number)
    if act is not None and (not moves or moves[-1].moved_at <= act.at):
        return _conflict(log, act, stage_of(brought))
    return _moved_on(moves[-1], stage_of(brought))


def undo(log: Log, command: Undo) -> Moved:
    """Takes back the newest act: the stage is folded without it, its mails go, its clock resumes with its deadline.

    Where the wish names no act, and the newest is an undo of the same person, it is the same wish again.
    """
    lead, brought = standing(log, command.lead)
    acts = [act for act in lifecycle.acts_of(log.db, lead) if act.act != "note"]
    named = next((act for act in acts if act.seq == command.act), None)
    if named is not None and named.undone is not None:
        return _stands(lead, brought, named.undone)
    if command.act is None and acts and (acts[0].act, acts[0].by) == ("undo", command.by):
        return _stands(lead, brought, acts[0].seq)
    act = next((act for act in acts if act.undone is None and act.act != "undo"), None)
    if command.act is not None and act != named:
        raise _not_undone(log, brought, act if named is not None else None, command.by)
    if act is None or act.by != command.by or log.at - act.at > UNDO_WITHIN // MICROSECOND:
        raise _not_undone(log, brought, act, command.by)
    deed = _deed(log, act.seq)
    undone = _move_of(log, lead, brought, act)
    at = moment(log, lead, command.at)
    seq = write_act(log, lead, brought, Deed(act="undo", by=command.by, owner_before=owner_of(brought)), at=at)
    lifecycle.undo_act(log.db, act.seq, undone=seq)
    if undone is not None:
        drop_wait(log, lead)
        then = stood(log, lead, brought, at=at)
        record(log, lead, brought, then, undone.from_stage, cause="undo", by=command.by, at=at, undoes=undone.id)
        keep_wait(log, lead, after=act.at)  # one that was over before the act was noted then
    _resume(log, lead, act)
    outbox.withdraw(log.db, act.seq)
    for offer in deed.offers:
        lifecycle.offer(log.db, offer)
    brought.owner, brought.again = deed.owner_before, True
    return _folded(log, lead, brought, seq)


def _move_of(log: Log, lead: int, brought: Touched, act: ActRow) -> TransitionRow | None:
    """The move an act made, None if it made none that stands. Raises Conflict where the lead has moved on since.

    Taken back then, it would bring back a stage and a clock beside those that came after it.
    """
    moves = lifecycle.standing_transitions(log.db, lead, log.definition_number)
    own = next((move for move in moves if move.seq == act.seq and move.cause == act.act), None)
    if own is not None and (last := moves[-1]) is not own:
        raise _moved_on(last, stage_of(brought))
    return own


def _moved_on(move: TransitionRow, stage: str) -> Conflict:
    return Conflict("moved-on", who=move.by, when=instant(move.moved_at), stage=stage)


def standing(log: Log, id: int) -> tuple[int, Touched]:
    """The lead that has this id now, and where it stands. Raises UnknownLead."""
    lead = identities.resolved(log.db, id)
    brought = folding.touch(log, [lead])[lead] if lead is not None else None
    if lead is None or brought is None or brought.state is None:
        raise UnknownLead("unknown-lead", lead=id)
    return lead, brought


def _decided(log: Log, command: Accept | Reject | Take | Outcome, deed: Deed) -> Moved:
    """An act that moves the lead, if it is legal from its stage."""
    lead, brought = standing(log, command.lead)
    if command.message_id and has_counted(log, command.message_id):
        return _counted(log, lead, brought, command.message_id)
    if not command.message_id and (last := _told_again(log, lead, deed)) is not None:
        return _stands(lead, brought, last.seq)
    seq = decide(log, lead, brought, deed, at=moment(log, lead, command.at), message_id=command.message_id)
    if seq is None:
        return _again_or_conflict(log, lead, brought, deed)
    return _folded(log, lead, brought, seq)


def _counted(log: Log, lead: int, brought: Touched, message_id: str) -> Moved:
    """The answer to an act that came under this id before."""
    act = lifecycle.act_under(log.db, lead, message_id)
    if act is None:
        raise NotAllowed("id-in-use", id=message_id)
    return _stands(lead, brought, act.seq)


def _told_again(log: Log, lead: int, deed: Deed) -> ActRow | None:
    """The act just before this one, if it says the very same: a retry or a second click, not another deal."""
    last = lifecycle.last_act(log.db, lead)
    if last is None or log.at - last.at > REPEATED_WITHIN // MICROSECOND:
        return None
    told = (deed.act, deed.by, deed.reason, deed.note, deed.amount, deed.currency)
    return last if told == (last.act, last.by, last.reason, last.note, last.amount, last.currency) else None


def _again_or_conflict(log: Log, lead: int, brought: Touched, deed: Deed) -> Moved:
    """The same wish of the same person twice is granted once; another's decision before it is a conflict."""
    last = lifecycle.last_act(log.db, lead)
    state = brought.state
    if last is None or state is None:
        raise NotAllowed("wrong-stage", act=deed.act, stage=stage_of(brought))
    if (last.act, last.by, last.reason) == (deed.act, deed.by, deed.reason):
        return _stands(lead, brought, last.seq)
    raise _conflict(log, last, state.stage)


def _conflict(log: Log, last: ActRow, stage: str) -> Conflict:
    names = {rep.key: rep.name for rep in lifecycle.reps(log.db)}
    name = names.get(last.by) or last.by
    return Conflict("decided-first", who=last.by, name=name, act=last.act, when=instant(last.at), stage=stage)


def _not_undone(log: Log, brought: Touched, act: ActRow | None, by: str) -> Conflict | NotAllowed:
    if act is None:
        return NotAllowed("nothing-to-undo")
    if act.by != by:
        return _conflict(log, act, stage_of(brought))
    return NotAllowed("too-late-to-undo", seconds=int(UNDO_WITHIN.total_seconds()))


def _folded(log: Log, lead: int, brought: Touched, seq: int) -> Moved:
    folding.fold(log, {lead: brought})
    log.inbox = True
    return _stands(lead, brought, seq)


def _stands(lead: int, brought: Touched, seq: int) -> Moved:
    """Where the lead stands, after the act at `seq` or whatever came since."""
    state = brought.state
    assert state is not None
    return Moved(lead=lead, stage=state.stage, owner=state.owner, cycle=state.cycle, seq=seq)


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
