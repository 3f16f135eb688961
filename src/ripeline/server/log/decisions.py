"""What a decision about a lead does, of now or of history: the record, the clocks it stops, the owner, the wait."""

from datetime import datetime
from typing import Any

import msgspec

from ripeline.events.ids import message_key, new_message_id
from ripeline.events.instants import MICROSECOND, instant, micros
from ripeline.scoring.acts import LEADS_TO, LEGAL_FROM, Transition
from ripeline.server.log import consequences, folding
from ripeline.server.log.session import OUR_SOURCE, Log
from ripeline.server.log.store import events as rows
from ripeline.server.log.store import lifecycle
from ripeline.server.log.store.events import EventRow
from ripeline.server.log.store.lifecycle import NEW, ActRow, OfferRow, TransitionRow
from ripeline.server.log.touched import Touched

NAMES = {
    "accept": "Lead Accepted",
    "reject": "Lead Rejected",
    "take": "Lead Taken",
    "reassign": "Lead Reassigned",
    "won": "Deal Won",
    "lost": "Deal Lost",
    "undo": "Decision Undone",
    "note": "Act Of The Other Noted",
}
STOPPED_AS = {"accept": "accepted", "reject": "rejected", "take": "taken", "won": "won", "lost": "lost"}
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


class Then(msgspec.Struct, frozen=True):
    """How a lead stood at an instant, by its recorded moves; `newest` if none came after it."""

    stage: str
    cycle: int
    newest: bool


def decide(
    log: Log, lead: int, brought: Touched, deed: Deed, *, at: int, message_id: str = "", received_at: int | None = None
) -> int | None:
    """Carries out an act as of `at`: its place in the log, None where it was not legal from the lead's stage by then.

    What came after `at` is left as it is: moves and the stage they make, clocks that started later, owner and offers.
    """
    then, to = stood(log, lead, brought, at=at), _leads_to(log, deed)
    if to is None or then.stage not in LEGAL_FROM[deed.act]:
        return None
    offers = tuple(lifecycle.withdraw_offer(log.db, lead)) if then.newest else ()
    deed = msgspec.structs.replace(deed, owner_before=owner_of(brought), offers=offers)
    seq = write_act(log, lead, brought, deed, at=at, message_id=message_id, received_at=received_at)
    consequences.stop_clocks(log, lead, at=at, stopped_as=STOPPED_AS[deed.act])
    if to != then.stage:
        if then.newest:
            drop_wait(log, lead)
        record(log, lead, brought, then, to, cause=deed.act, by=deed.by, at=at, reason=deed.reason)
        brought.transitions = [Transition(to=to, moved_at=instant(at), reason=deed.reason)]
        if then.newest:
            keep_wait(log, lead, after=log.at)
    if to == LEADS_TO["accept"] and then.newest:
        brought.owner = deed.by
    return seq


def stood(log: Log, lead: int, brought: Touched, *, at: int) -> Then:
    """How the lead stood at `at`."""
    moves = lifecycle.standing_transitions(log.db, lead, log.definition_number)
    before = [move for move in moves if move.moved_at <= at]
    if len(before) == len(moves):
        return Then(stage_of(brought), brought.state.cycle if brought.state is not None else 1, newest=True)
    if not before:
        return Then(folding.FIRST_STAGE, 1, newest=False)
    last = max(before, key=lambda move: (move.moved_at, move.id))
    return Then(last.to_stage, last.cycle + (last.to_stage == "recycled"), newest=False)


def moment(log: Log, lead: int, at: datetime) -> int:
    """When an act of now counts as done: not before the lead's newest move, which may have been made while it waited.

    A move is dated by the writer's clock, an act by the page it was sent from. What is decided here is decided about
    the lead as it stands here; dated earlier, it would be overruled by that move whenever the lead is folded again.
    """
    moved = [move.moved_at for move in lifecycle.standing_transitions(log.db, lead, log.definition_number)]
    running = [clock.started_at for clock in lifecycle.running_clocks(log.db, [lead])]
    return max([micros(min(at, log.now)), *moved, *running])


def has_counted(log: Log, message_id: str) -> bool:
    """Whether an act came under this id before."""
    return rows.has_counted(log.db, log.source(OUR_SOURCE), message_key(message_id))


def write_act(
    log: Log, lead: int, brought: Touched, deed: Deed, *, at: int, message_id: str = "", received_at: int | None = None
) -> int:
    """The act is an event of the lead, and a row of its own to be found again. Under a sender's id it counts once."""
    if message_id:
        rows.first_copies(log.db, [(log.source(OUR_SOURCE), message_key(message_id))])
    seq = append_own(
        log, lead, brought, kind="act", name=NAMES[deed.act], body=deed, at=at, message_id=message_id,
        received_at=received_at,
    )  # fmt: skip
    lifecycle.keep_act(
        log.db,
        ActRow(seq, lead, deed.act, at, deed.by, deed.reason, deed.note, deed.amount, deed.currency, None),
    )
    return seq


def append_own(  # noqa: PLR0913 - an event has many columns
    log: Log,
    lead: int,
    brought: Touched,
    *,
    kind: str,
    name: str,
    body: Any,
    at: int,
    message_id: str = "",
    received_at: int | None = None,
) -> int:
    """An event of ours enters the lead's chain; the fold does not read it. History is received when it happened."""
    seq = log.new_seq()
    entry = log.identities.acting(lead)
    log.identities.written()
    row = EventRow(
        seq, entry.id, None, lead, brought.head, at, log.at if received_at is None else received_at,
        log.source(OUR_SOURCE), kind, name, message_id or new_message_id(), msgspec.json.encode(body),
    )  # fmt: skip
    rows.append(log.db, [row])
    brought.head = seq
    return seq


def record(  # noqa: PLR0913 - a row has many columns
    log: Log,
    lead: int,
    brought: Touched,
    then: Then,
    to: str,
    *,
    cause: str,
    by: str,
    at: int,
    reason: str = "",
    undoes: int | None = None,
) -> int:
    """The move a person made, for good; returns its number."""
    return lifecycle.record(
        log.db,
        TransitionRow(
            id=NEW, lead=lead, definition=log.definition_number, cycle=then.cycle, from_stage=then.stage, to_stage=to,
            crossed_at=at, moved_at=at, version=log.version_number, cause=cause, event=NAMES[cause], by=by,
            reason=reason, undoes=undoes, seq=brought.head or 0,
        ),
    )  # fmt: skip


def stage_of(brought: Touched) -> str:
    return brought.state.stage if brought.state is not None else folding.FIRST_STAGE


def owner_of(brought: Touched) -> str:
    return brought.state.owner if brought.state is not None else ""


def _leads_to(log: Log, deed: Deed) -> str | None:
    """The stage an act leads to; None for a reason the definition does not have."""
    if deed.act != "reject":
        return LEADS_TO[deed.act]
    reasons = log.definition.reject_reasons if log.version else ()
    return next((reason.stage for reason in reasons if reason.key == deed.reason), None)


# --- the wait of a recycled lead --------------------------------------------------------------------------------------
# At its end the lead may qualify again, and its page says so. A wait is that of the move which began it.


def keep_wait(log: Log, lead: int, *, after: int) -> None:
    """The lead waits, if it stands recycled, until an instant later than `after`."""
    move = _recycling(log, lead)
    reasons = log.definition.reject_reasons if log.version else ()
    wait = next((reason.wait for reason in reasons if move is not None and reason.key == move.reason), None)
    if move is not None and wait and (over := move.moved_at + wait // MICROSECOND) > after:
        lifecycle.put_due(log.db, at=over, kind=WAIT, key=f"{move.lead}/{move.id}")


def drop_wait(log: Log, lead: int) -> None:
    """The lead leaves its wait, if it is in one."""
    move = _recycling(log, lead)
    if move is not None:
        lifecycle.drop_due(log.db, WAIT, f"{move.lead}/{move.id}")


def is_waiting(log: Log, lead: int, key: str) -> bool:
    """Whether a lead still stands recycled by the move of the due row `key`, and is not another one's by a merge."""
    move = _recycling(log, lead)
    return move is not None and key in (f"{move.lead}/{move.id}", str(move.lead))  # rows of old name the lead alone


def _recycling(log: Log, lead: int) -> TransitionRow | None:
    """The move by which a lead stands recycled."""
    moves = lifecycle.standing_transitions(log.db, lead, log.definition_number)
    return moves[-1] if moves and moves[-1].to_stage == "recycled" else None
