"""A merge is taken back: what each lead had before is its own again (docs/decisions/merging-and-parting.md).

Moves and acts of before the merge return with the ids they were recorded under; those made while the two were one stay
with the survivor, and the other lead keeps a note of the acts.
"""

from collections.abc import Iterable, Sequence

from ripeline.events.instants import instant, micros
from ripeline.lifecycle import clocks
from ripeline.server.log import consequences, decisions, folding
from ripeline.server.log.decisions import Deed
from ripeline.server.log.session import Log
from ripeline.server.log.store import before as kept
from ripeline.server.log.store import identities, lifecycle
from ripeline.server.log.store.before import Before
from ripeline.server.log.store.identities import MergeRow
from ripeline.server.log.store.lifecycle import ActRow, ClockRow
from ripeline.server.log.touched import Touched

_BEFORE_SALES = ("visitor", "lead", "recycled")


def before(log: Log, merge: MergeRow) -> Before:
    """What parting gives back. An earlier release kept nothing: then the ids that events of the lead came under."""
    if merge.before is not None:
        return kept.read(merge.before)
    own = {row.identity for row in log.reader.rows(merge.survivor) if row.lead == merge.lead and row.seq < merge.seq}
    rest = [entry.id for entry in log.identities.of(merge.survivor) if entry.id not in own and entry.kind != "lead"]
    return Before(sorted(own), rest, "", "", [], [])


def part(log: Log, merge: MergeRow, *, seq: int) -> dict[int, Touched]:
    """Parts two leads, whose ids have been given back already; returns both, to be folded again."""
    then, lead, survivor = before(log, merge), merge.lead, merge.survivor
    united = _acts_of_both(log, merge)
    owner = _survivors_owner(log, merge, then, united)
    following = _following(log, survivor, lead)
    identities.part(log.db, merge, seq=seq)
    _return_records(log, merge, then)
    for other in following:
        identities.follow(log.db, other, lead)
        _return_records(log, other._replace(lead=lead), before(log, other))
    lifecycle.give_undos(log.db, survivor, lead)
    _return_clocks(log, merge, then)
    _return_offers(log, merge, then)
    touched = folding.touch(log, [lead, survivor])
    touched[lead].owner, touched[survivor].owner = then.owner, owner
    for act in united:
        _note(log, lead, touched[lead], act)
    for id, brought in touched.items():
        brought.again = True
        decisions.keep_wait(log, id, after=log.at)
    return touched


def wait_again(log: Log, touched: Iterable[int]) -> None:
    """An MQL whose clock the other lead's was, and who is still to be answered, is waited for from now on."""
    gate = log.definition.mql if log.version is not None else None
    if gate is None or gate.answer_within is None:
        return
    for lead, brought in folding.touch(log, touched).items():
        if decisions.stage_of(brought) != gate.opens or lifecycle.running_clocks(log.db, [lead]) or not brought.state:
            continue
        due_at = micros(clocks.started(at=instant(log.at), answer_within=gate.answer_within).due_at)
        consequences.start_clock(
            log, lead, cycle=brought.state.cycle, stage=gate.opens, rep=decisions.owner_of(brought), at=log.at,
            due_at=due_at,
        )  # fmt: skip


def _acts_of_both(log: Log, merge: MergeRow) -> list[ActRow]:
    """What people did while the two were one, and did not take back."""
    own = log.identities.known("lead", str(merge.survivor))
    acts = lifecycle.acts_under(log.db, merge.survivor, own.id) if own is not None else []
    return [act for act in acts if act.seq >= merge.seq and act.undone is None and act.act not in lifecycle.TELLING]


def _survivors_owner(log: Log, merge: MergeRow, then: Before, united: Sequence[ActRow]) -> str:
    """Who owned the survivor before, unless it was its stage that stood, or something was done since."""
    state = folding.touch(log, [merge.survivor])[merge.survivor]
    present = decisions.owner_of(state)
    moved = any(row.id > merge.transition for row in _standing(log, merge.survivor))
    return present if merge.kept == merge.survivor or united or moved or present != then.owner else then.survivors_owner


def _standing(log: Log, lead: int) -> list[lifecycle.TransitionRow]:
    return lifecycle.standing_transitions(log.db, lead, log.definition_number)


def _following(log: Log, survivor: int, lead: int) -> list[MergeRow]:
    """Leads that were merged into the survivor later, but by ids which have gone with `lead`."""
    found = []
    for merge in identities.merges_with(log.db, survivor):
        named = [log.identities.entry(id) for id in before(log, merge).ids]
        named = [entry for entry in named if entry.kind in ("user", "external", "email")]
        if merge.lead != lead and named and all(entry.lead == lead for entry in named):
            found.append(merge)
    return found


def _return_records(log: Log, merge: MergeRow, then: Before) -> None:
    """Ids under which people acted on the lead are its own again, and with them those acts."""
    for id in then.ids:
        entry = log.identities.entry(id)
        if entry.kind == "lead" and entry.lead == merge.survivor:
            log.identities.give(entry, merge.lead)
            acts = lifecycle.acts_under(log.db, merge.survivor, id)
            lifecycle.give_acts(log.db, [act.seq for act in acts], merge.lead)
        elif entry.kind == "anonymous" and entry.lead == merge.survivor and id not in log.identities.ruled_ids:
            log.identities.give(entry, merge.lead)


def _return_clocks(log: Log, merge: MergeRow, then: Before) -> None:
    """A clock that runs goes on where its stage is; those that the merge stopped run on, if there is time left."""
    for id in then.clocks:
        clock = lifecycle.clock(log.db, id)
        ended_together = clock is not None and clock.stopped_at is not None and clock.stopped_at > merge.merged_at
        if clock is not None and clock.lead == merge.survivor and not ended_together:
            lifecycle.move_clock(log.db, clock, merge.lead, seq=log.next_seq)
    for lead in (merge.lead, merge.survivor):
        moves = _standing(log, lead)
        stage = moves[-1].to_stage if moves else folding.FIRST_STAGE
        for clock in lifecycle.running_clocks(log.db, [lead]):
            if clock.stage != stage:
                lifecycle.stop_clock(log.db, clock.id, at=log.at, stopped_as="merged", seq=log.next_seq)
                lifecycle.drop_due(log.db, consequences.BREACH, str(clock.id))
        _resume(log, lead, merge, stage)


def _resume(log: Log, lead: int, merge: MergeRow, stage: str) -> None:
    if lifecycle.running_clocks(log.db, [lead]):
        return
    for clock in lifecycle.clocks_of(log.db, lead, log.definition_number):
        stopped = (clock.stopped_as, clock.stopped_at) == ("merged", merge.merged_at)
        if stopped and clock.stage == stage and _has_time(log, clock):
            lifecycle.resume_clock(log.db, clock.id, seq=log.next_seq)
            if clock.breached_at is None:
                lifecycle.put_due(log.db, at=clock.due_at, kind=consequences.BREACH, key=str(clock.id))
            return


def _has_time(log: Log, clock: ClockRow) -> bool:
    return clock.due_at > log.at or clock.breached_at is not None


def _return_offers(log: Log, merge: MergeRow, then: Before) -> None:
    """What was on offer is again, unless its lead has gone to sales since."""
    lifecycle.withdraw_offer(log.db, merge.survivor)
    for offer in then.offers:
        moves = _standing(log, offer.lead)
        if not moves or moves[-1].to_stage in _BEFORE_SALES:
            lifecycle.offer(log.db, offer)


def _note(log: Log, lead: int, brought: Touched, act: ActRow) -> None:
    deed = Deed(act="note", by=act.by, reason=act.act, note=act.note, amount=act.amount, currency=act.currency)
    decisions.write_act(log, lead, brought, deed, at=act.at)
