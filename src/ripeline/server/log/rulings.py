"""What people decide about who is who: written into the log with author and reason, and carried out."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from ripeline.events.instants import MICROSECOND, instant, micros
from ripeline.server.log import accounts, folding, merging, parting, reckoning
from ripeline.server.log.commands import (
    UNDO_WITHIN,
    Conflict,
    DifferentPeople,
    NotAllowed,
    Ruled,
    SamePerson,
    UndoRuling,
    UnknownLead,
    Unmerge,
)
from ripeline.server.log.decisions import append_own
from ripeline.server.log.identity import Entry
from ripeline.server.log.session import Log
from ripeline.server.log.store import identities, lifecycle
from ripeline.server.log.store import rulings as rows
from ripeline.server.log.store.identities import MergeRow
from ripeline.server.log.store.rulings import RulingRow
from ripeline.server.log.touched import Touched

SAME, APART, UNDONE = "Leads Merged", "Leads Kept Apart", "Decision On Identity Undone"


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """A ruling as the log keeps it, in the body of its event: the ids by kind and value, side by side."""

    same: bool
    by: str
    reason: str
    sides: list[list[tuple[str, str]]]
    undoes: int | None = None


def same_person(log: Log, command: SamePerson) -> Ruled:
    """Leads are merged, whatever events say of them."""
    leads = _present(log, command.leads)
    last = rows.newest_about(log.db, leads)
    if len(leads) == 1:
        return _already_one(log, leads[0], command, last)
    _check_seen(log, command, last)
    sides = [merging.strongest(log.identities.of(lead)) for lead in leads]
    _check_named(leads, sides)
    return decided(log, command, leads, sides, same=True)


def different_people(log: Log, command: DifferentPeople) -> Ruled:
    """Leads stay apart, whatever events say of them."""
    leads = _present(log, command.leads)
    last = rows.newest_about(log.db, leads)
    if len(leads) < len(set(command.leads)):
        raise _joined(log, command.leads, last)
    if last is not None and not last.same and last.by == command.by and len(leads) == 2:
        return Ruled(leads=tuple(leads), seq=last.seq)  # as when it is sent twice
    _check_seen(log, command, last)
    sides = [merging.strongest(log.identities.of(lead)) for lead in leads]
    _check_named(leads, sides)
    return decided(log, command, leads, sides, same=False)


def unmerge(log: Log, command: Unmerge) -> Ruled:
    """A merged lead is one of its own again. What parts them outweighs the evidence that joined them."""
    merge, survivor = identities.merge_of(log.db, command.lead), identities.resolved(log.db, command.lead)
    if survivor is None:
        raise UnknownLead("unknown-lead", lead=command.lead)
    if merge is None:
        return _already_parted(log, command)
    if merge.survivor != survivor:
        raise NotAllowed("part-first", lead=merge.lead, survivor=merge.survivor, present=survivor)
    then = parting.before(log, merge)
    own, others = (
        merging.strongest(entry for entry in map(log.identities.entry, ids) if entry.lead == survivor)
        for ids in (then.ids, then.others)
    )
    if not own or not others:
        raise NotAllowed("nothing-to-part", lead=command.lead)
    returning = dict.fromkeys(then.ids, merge.lead)
    return decided(log, command, [survivor], [own, others], same=False, parted=[merge], returning=returning)


def undo(log: Log, command: UndoRuling) -> Ruled:
    """The decision counts no more; what it joined is parted, and what it parted joined, as far as events say so."""
    row = rows.find(log.db, command.ruling)
    if row is None or (row.undone is not None and row.by != command.by):
        raise NotAllowed("no-such-ruling")
    ids = [id for ruling in rows.every(log.db) if ruling.seq == row.seq for side in ruling.sides for id in side]
    leads = sorted({log.identities.entry(id).lead for id in ids})
    if row.undone is not None:
        return Ruled(leads=tuple(leads), seq=row.undone)
    last = rows.newest_about(log.db, leads)
    if last is not None and last.seq != row.seq:
        raise _overruled(log, last)
    if row.by != command.by:
        raise _overruled(log, row)
    if log.at - row.at > UNDO_WITHIN // MICROSECOND:
        raise NotAllowed("too-late-to-undo", seconds=int(UNDO_WITHIN.total_seconds()))
    merges = identities.merges_by(log.db, row.seq)
    returning = {id: merge.lead for merge in merges for id in parting.before(log, merge).ids}
    seq = _written(log, leads[0], UNDONE, Body(same=row.same, by=command.by, reason="", sides=[], undoes=row.seq))
    rows.undo(log.db, row.seq, undone=seq)
    return _carried_out(log, leads, seq=seq, parted=merges[::-1], returning=returning)


def _present(log: Log, ids: Sequence[int]) -> list[int]:
    """The ids that leads go by now, the oldest first. Raises UnknownLead."""
    if len(set(ids)) < 2:
        raise NotAllowed("two-leads-needed")
    found = {id: identities.resolved(log.db, id) for id in ids}
    for id, lead in found.items():
        if lead is None:
            raise UnknownLead("unknown-lead", lead=id)
    return sorted({lead for lead in found.values() if lead is not None})


def decided(
    log: Log,
    command: SamePerson | DifferentPeople | Unmerge,
    leads: Sequence[int],
    sides: Sequence[Sequence[Entry]],
    *,
    same: bool,
    parted: Sequence[MergeRow] = (),
    returning: Mapping[int, int] = {},
) -> Ruled:
    """Writes down that the ids of different `sides` are one person or are not, and carries it out."""
    told = [[(entry.kind, entry.value) for entry in side] for side in sides]
    body = Body(same=same, by=command.by, reason=command.reason, sides=told)
    seq = _written(log, leads[0], SAME if same else APART, body)
    ids = [[entry.id for entry in side] for side in sides]
    rows.keep(log.db, RulingRow(seq, same, micros(min(command.at, log.now)), command.by, command.reason, None), ids)
    log.identities.rule([id for side in ids for id in side], leads)
    return _carried_out(log, leads, seq=seq, parted=parted, returning=returning, ruling=seq if same else None)


def _written(log: Log, lead: int, name: str, body: Body) -> int:
    """The decision is an event of the older lead's."""
    brought = folding.touch(log, [lead])[lead]
    seq = append_own(log, lead, brought, kind="act", name=name, body=body, at=log.at)
    folding.keep_head(log, lead, brought)
    return seq


def _carried_out(
    log: Log,
    leads: Iterable[int],
    *,
    seq: int,
    parted: Sequence[MergeRow],
    returning: Mapping[int, int],
    ruling: int | None = None,
) -> Ruled:
    leads = list(leads)
    back = reckoning.reckon(log, leads, returning=returning)
    again = merging.settled(log, ruling=ruling)
    parts = [merge for merge in parted if merge.lead in back]
    touched: dict[int, Touched] = {}
    for merge in parts:
        touched |= parting.part(log, merge, seq=seq)
    touched |= folding.touch(log, again - touched.keys())
    for lead in again:
        touched[lead].again = True
    folding.fold(log, touched)
    log.consents.follow((merge.survivor, merge.lead) for merge in parts)
    accounts.settle(log, touched.keys())
    parting.wait_again(log, [lead for merge in parts for lead in (merge.lead, merge.survivor)])
    log.changed.update(leads)
    log.inbox = True
    now = {identities.resolved(log.db, lead) for lead in (*leads, *(merge.lead for merge in parts))} - {None}
    return Ruled(leads=tuple(sorted(lead for lead in now if lead is not None)), seq=seq)


# --- what speaks against a wish --------------------------------------------------------------------------------------


def _check_seen(log: Log, command: SamePerson | DifferentPeople, last: RulingRow | None) -> None:
    if last is not None and command.seen is not None and last.seq > command.seen:
        raise _overruled(log, last)


def _check_named(leads: Sequence[int], sides: Sequence[Sequence[Entry]]) -> None:
    for lead, side in zip(leads, sides, strict=True):
        if not side:
            raise NotAllowed("nobody-known", lead=lead)


def _already_one(log: Log, lead: int, command: SamePerson, last: RulingRow | None) -> Ruled:
    if last is not None and last.same and last.by == command.by:
        return Ruled(leads=(lead,), seq=last.seq)
    raise _joined(log, command.leads, last)


def _already_parted(log: Log, command: Unmerge) -> Ruled:
    """The same wish of the same person twice is granted once."""
    last = identities.parted_last(log.db, command.lead)
    ruling = None if last is None else rows.find(log.db, last[1])
    if last is None or ruling is None:
        raise NotAllowed("not-merged", lead=command.lead)
    if ruling.by != command.by:
        raise _overruled(log, ruling)
    return Ruled(leads=tuple(sorted((command.lead, last[0]))), seq=ruling.seq)


def _joined(log: Log, ids: Sequence[int], last: RulingRow | None) -> Conflict:
    """They are one by now: by whose decision, or by what events said."""
    if last is not None and last.same:
        return _overruled(log, last)
    merged = [merge.merged_at for id in ids if (merge := identities.merge_of(log.db, id)) is not None]
    return Conflict("joined-meanwhile", who="", when=instant(max(merged, default=log.at)), stage="")


def _overruled(log: Log, ruling: RulingRow) -> Conflict:
    names = {rep.key: rep.name for rep in lifecycle.reps(log.db)}
    why = "ruled-same" if ruling.same else "ruled-apart"
    return Conflict(why, who=ruling.by, name=names.get(ruling.by) or ruling.by, when=instant(ruling.at), stage="")
