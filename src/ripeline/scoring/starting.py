"""Where the fold of a lead starts: from its state where rows come in order, from a checkpoint before them where not."""

from typing import NamedTuple

import msgspec

from ripeline.events.instants import instant, micros
from ripeline.scoring import tables
from ripeline.scoring.acts import Transition
from ripeline.scoring.program import Program
from ripeline.scoring.rows import Happened, Remembered, RowBuilder, in_order, remembered
from ripeline.scoring.standing import Checkpoint, LeadWork, StaleStateError, Standing, fits, head_of
from ripeline.scoring.tables import ALWAYS, NEVER

# Rows after which the youngest checkpoint is renewed, and after which one is kept for longer: what is late by minutes
# folds a few rows again, what is late by days some hundreds.
SHORT, LONG = 16, 256

Head = tuple[int, ...]
NO_HEAD: Head = (0,) * tables.HEAD


class Start(NamedTuple):
    """The state a lead is folded on from, its own course, and its checkpoints afterwards."""

    state: bytes
    own: tuple[int, int, int, int, int]
    checkpoints: tuple[Checkpoint, ...] = ()
    changed: bool = False
    renewed: bool = False
    renewed_long: bool = False
    late: bool = False


def start(program: Program, item: LeadWork, builder: RowBuilder) -> Start:
    """Choose where to start and add the lead's rows from there on. Raises StaleStateError."""
    standing = item.standing
    if item.again:
        begun = _again(program, item, builder)
    elif standing is None:
        builder.add_history(in_order(item.events), transitions=item.transitions)
        begun = Start(b"", _own(item, NEVER))
    else:
        head = head_of(standing.state) if len(standing.state) >= 8 * program.size else NO_HEAD
        if head[tables.KEY] != program.key:
            raise StaleStateError("a state of another definition or release: fold the lead again from its first event")
        begun = _on(program, item, standing, head, builder)
    builder.end_lead()
    return begun


def _on(program: Program, item: LeadWork, standing: Standing, head: Head, builder: RowBuilder) -> Start:
    """From the state where everything is newer than it, else from a checkpoint."""
    newest = head[tables.NEWEST]
    rows = [(micros(event.occurred_at), event) for event in item.events]
    if any(at <= newest for at, _ in rows):
        rows = [(at, event) for at, event in rows if not _changes_nothing(program, event, at, head)]
    late = any(at <= newest for at, _ in rows) or any(micros(each.moved_at) <= newest for each in item.transitions)
    if late:
        return _late(program, item, standing, head, builder)
    if item.transitions:
        builder.add_history(in_order(event for _, event in rows), transitions=item.transitions)
    else:
        if len(rows) > 1:
            rows.sort(key=lambda row: (row[0], row[1].source, row[1].message_id))
        for at, event in rows:
            builder.add(event, at)
    return _renewing(standing, head, _own(item, NEVER))


def _changes_nothing(program: Program, event: Happened, at: int, head: Head) -> bool:
    """Whether a late event leaves everything as it is: it earns and states nothing, and the crossing came before it."""
    if at > head[tables.NEWEST] or at < head[tables.FIRST] or head[tables.FIRST] == NEVER:
        return False
    rows = event.rows if isinstance(event, Remembered) else remembered(program.shapes, event).rows
    if len(rows) > 1:
        return False
    shape = program.shapes.meaning(rows[0][0])
    if shape.hits or shape.at_once or shape.returns:
        return False
    return not shape.happening or NEVER < head[tables.CROSSED] <= at


def _renewing(standing: Standing, head: Head, own: tuple[int, int, int, int, int]) -> Start:
    """Fold on from the state; it becomes a checkpoint itself where enough rows lie behind the last one."""
    kept = standing.checkpoints
    if head[tables.FOLDED] < SHORT:
        return Start(standing.state, own, kept)
    long = [checkpoint for checkpoint in kept if not checkpoint.short]
    if head[tables.FOLDED_LONG] < LONG:
        kept = (*long, Checkpoint(standing.state, standing.seq))
        return Start(standing.state, own, kept, changed=True, renewed=True)
    kept = (*long[-1:], Checkpoint(standing.state, standing.seq, short=False))
    return Start(standing.state, own, kept, changed=True, renewed=True, renewed_long=True)


def _late(program: Program, item: LeadWork, standing: Standing, head: Head, builder: RowBuilder) -> Start:
    """Fold again from the youngest checkpoint that is older than all that came."""
    oldest = min(
        [micros(event.occurred_at) for event in item.events] + [micros(each.moved_at) for each in item.transitions]
    )
    kept = standing.checkpoints
    while kept and not (fits(program, kept[-1].state) and head_of(kept[-1].state)[tables.NEWEST] < oldest):
        kept = kept[:-1]
    state, seq = (kept[-1].state, kept[-1].seq) if kept else (b"", 0)
    _add_again(item, builder, after=seq, newer_than=head_of(state)[tables.NEWEST] if state else NEVER, clip=head)
    return Start(state, _own(item, head[tables.NEWEST], head), kept, changed=kept != standing.checkpoints, late=True)


def _again(program: Program, item: LeadWork, builder: RowBuilder) -> Start:
    """Fold from the first event; where a state says how it was before, what has changed since is decided now."""
    standing = item.standing
    before = head_of(standing.state) if standing is not None and fits(program, standing.state) else None
    newest = _add_again(item, builder, after=0, newer_than=NEVER, clip=before)
    own = _own(item, newest) if before is None else _own(item, before[tables.NEWEST], before)
    return Start(b"", own, changed=True, late=before is not None)


def _add_again(item: LeadWork, builder: RowBuilder, *, after: int, newer_than: int, clip: Head | None) -> int:
    """Add what the log holds after a sequence number, and what is new; the newest instant of the former.

    A recorded move stands at its `moved_at`, but before what is newer than the state it was made in: events that come
    later and happened earlier than `moved_at` must find the lead moved.
    """
    earlier = item.earlier(after)
    events = [event for event in (*earlier.events, *item.events) if micros(event.occurred_at) > newer_than]
    recorded = [each for each in earlier.transitions if each not in item.transitions]
    newest = max([micros(event.occurred_at) for event in earlier.events], default=NEVER)
    newest = max([micros(each.moved_at) for each in recorded] + [newest])
    moves = [_clipped(each, clip) for each in recorded if micros(each.moved_at) > newer_than]
    builder.add_history(in_order(events), transitions=[*moves, *item.transitions])
    return newest


def _clipped(transition: Transition, head: Head | None) -> Transition:
    if head is None or micros(transition.moved_at) <= head[tables.NEWEST]:
        return transition
    return msgspec.structs.replace(transition, moved_at=instant(head[tables.NEWEST]))


def _own(item: LeadWork, decides_after: int, before: Head | None = None) -> tuple[int, int, int, int, int]:
    """The course of one lead, in the order of `tables.OWN_COURSE`; `before`: how it stood before rows came late."""
    after = decides_after if item.moves else ALWAYS
    if before is None:
        return after, 0, item.happening, 0, NEVER
    return after, 1, item.happening, before[tables.CYCLE], before[tables.CROSSED]
