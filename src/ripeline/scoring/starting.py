"""Where the fold of a lead starts: from its state where rows come in order, from a checkpoint before them where not."""

import msgspec

from ripeline.definition.model import STAGES
from ripeline.events.instants import instant, micros
from ripeline.scoring import tables
from ripeline.scoring.acts import Transition
from ripeline.scoring.program import Program
from ripeline.scoring.rows import RowBuilder, Told
from ripeline.scoring.standing import Checkpoint, LeadWork, Standing, Stored, fits, head_of
from ripeline.scoring.tables import ALWAYS, NEVER

# Rows after which the youngest checkpoint is renewed, and after which one is kept for longer: what is late by minutes
# folds a few rows again, what is late by days some hundreds.
SHORT, LONG = 16, 256

# Stages from which the gate may be passed.
BEFORE_MQL = tuple(STAGES.index(stage) for stage in ("visitor", "lead", "recycled"))

Head = tuple[int, ...]
Own = tuple[int, int, int, int, int]  # the course of one lead, in the order of `tables.OWN_COURSE`

IN_ORDER: Own = (NEVER, 0, 0, 0, NEVER)  # decides at every happening


class Start(msgspec.Struct, frozen=True, gc=False):
    """The state a lead is folded on from, its own course, and its checkpoints afterwards (None: as they were)."""

    state: bytes
    own: Own = IN_ORDER
    checkpoints: tuple[Checkpoint, ...] | None = None
    renewed: bool = False
    renewed_long: bool = False
    late: bool = False


def start(program: Program, item: LeadWork, stored: Stored, builder: RowBuilder) -> Start:
    """Choose where to start and add the lead's rows from there on.

    A state of another definition or release is no state: the lead is folded again from the first event.
    """
    standing = item.standing
    if item.again:
        before = head_of(standing.state) if standing is not None and fits(program, standing.state) else None
        begun = _again(program, item, stored, before, builder)
    elif standing is None:
        builder.add_told(sorted(item.told), item.transitions)
        begun = Start(b"", _own(program, item, NEVER))
    elif len(standing.state) < program.state_bytes or (head := head_of(standing.state))[tables.KEY] != program.key:
        begun = _again(program, item, stored, None, builder)
    else:
        begun = _on(program, item, standing, head, stored, builder)
    builder.end_lead()
    return begun


def _on(program: Program, item: LeadWork, standing: Standing, head: Head, stored: Stored, builder: RowBuilder) -> Start:
    """From the state where everything is newer than it, else from a checkpoint."""
    told, newest = item.told, head[tables.NEWEST]
    if any(one.at <= newest for one in told):
        told = [one for one in told if not _changes_nothing(program, one, head)]
    if any(one.at <= newest for one in told) or any(micros(move.moved_at) <= newest for move in item.transitions):
        return _late(program, item, head, stored, builder)
    builder.add_told(sorted(told) if len(told) > 1 else told, item.transitions)
    own = IN_ORDER if item.moves and not item.happening else _own(program, item, NEVER)
    if head[tables.FOLDED] < SHORT:
        return Start(standing.state, own)
    return _renewing(item.lead, standing, head, own, stored)


def _changes_nothing(program: Program, told: Told, head: Head) -> bool:
    """Whether a late event leaves everything as it is: it earns and states nothing, and the crossing came before it.

    A lead that crossed and has not moved yet moves at its next happening, also if that comes late.
    """
    if told.at > head[tables.NEWEST] or told.at < head[tables.FIRST] or head[tables.FIRST] == NEVER:
        return False
    if len(told.rows) > 1:
        return False
    shape = program.shapes.meaning(told.rows[0][0])
    if shape.hits or shape.at_once or shape.returns:
        return False
    return not shape.happening or (NEVER < head[tables.CROSSED] <= told.at and head[tables.STAGE] not in BEFORE_MQL)


def _renewing(lead: int, standing: Standing, head: Head, own: Own, stored: Stored) -> Start:
    """Fold on from the state, which becomes a checkpoint itself: enough rows lie behind the last one."""
    long = tuple(checkpoint for checkpoint in stored.checkpoints(lead) if not checkpoint.short)
    if head[tables.FOLDED_LONG] < LONG:
        kept = (*long, Checkpoint(standing.state, standing.seq))
        return Start(standing.state, own, kept, renewed=True)
    kept = (*long[-1:], Checkpoint(standing.state, standing.seq, short=False))
    return Start(standing.state, own, kept, renewed=True, renewed_long=True)


def _late(program: Program, item: LeadWork, head: Head, stored: Stored, builder: RowBuilder) -> Start:
    """Fold again from the youngest state that is older than all that came."""
    oldest = min([one.at for one in item.told] + [micros(move.moved_at) for move in item.transitions])
    checkpoints = stored.checkpoints(item.lead)
    kept = checkpoints
    while kept and not (fits(program, kept[-1].state) and head_of(kept[-1].state)[tables.NEWEST] < oldest):
        kept = kept[:-1]
    state, seq = (kept[-1].state, kept[-1].seq) if kept else (b"", 0)
    newer_than = head_of(state)[tables.NEWEST] if state else NEVER
    stood = stored.stood(item.lead, before=oldest)
    if stood is not None and fits(program, stood.state) and newer_than < head_of(stood.state)[tables.NEWEST] < oldest:
        state, seq, newer_than = stood.state, stood.seq, head_of(stood.state)[tables.NEWEST]
    _add_again(item, stored, builder, after=seq, newer_than=newer_than, clip=head)
    changed = kept if len(kept) < len(checkpoints) else None
    return Start(state, _own(program, item, head[tables.NEWEST], head), changed, late=True)


def _again(program: Program, item: LeadWork, stored: Stored, before: Head | None, builder: RowBuilder) -> Start:
    """Fold from the first event; where a state says how it was before, what has changed since is decided now.

    Only what is new decides on the way. What was stored decided when it came, if only for another lead: a merge or a
    correction brings a crossing of long ago, which moves the lead if the gate still holds now.
    """
    newest = _add_again(item, stored, builder, after=0, newer_than=NEVER, clip=before)
    after = newest if before is None else max(newest, before[tables.NEWEST])
    own = _own(program, item, after, before)
    return Start(b"", own, (), late=before is not None)


def _add_again(
    item: LeadWork, stored: Stored, builder: RowBuilder, *, after: int, newer_than: int, clip: Head | None
) -> int:
    """Add what the log holds after a sequence number, and what is new; the newest instant of the former.

    A recorded move stands at its `moved_at`, but before what is newer than the state it was made in: events that come
    later and happened earlier than `moved_at` must find the lead moved.
    """
    earlier = stored.earlier(item.lead, after=after, newer_than=newer_than)
    told = sorted([*earlier.told, *item.told])
    recorded = [move for move in earlier.transitions if move not in item.transitions]
    moves = [_clipped(move, clip) for move in recorded if micros(move.moved_at) > newer_than]
    builder.add_told(told, [*moves, *item.transitions])
    return max([one.at for one in earlier.told[-1:]] + [micros(move.moved_at) for move in moves], default=NEVER)


def _clipped(transition: Transition, head: Head | None) -> Transition:
    if head is None or micros(transition.moved_at) <= head[tables.NEWEST]:
        return transition
    return msgspec.structs.replace(transition, moved_at=instant(head[tables.NEWEST]))


def _own(program: Program, item: LeadWork, decides_after: int, before: Head | None = None) -> Own:
    """The course of one lead; `before`: how it stood before rows came late."""
    after = decides_after if item.moves else ALWAYS
    asked = item.happening or _happens_late(program, item, decides_after)
    if before is None:
        return after, 0, asked, 0, NEVER
    return after, 1, asked, before[tables.CYCLE], before[tables.CROSSED]


def _happens_late(program: Program, item: LeadWork, decides_after: int) -> bool:
    """Whether something happens in this group that the fold passes without deciding: it decides at the end then."""
    return any(one.at <= decides_after and program.shapes.meaning(one.rows[0][0]).happening for one in item.told)
