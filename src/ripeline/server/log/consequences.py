"""What follows when a lead moves: the record, an owner, a clock with its due row, and one mail to the owner."""

from ripeline.events.event import Event
from ripeline.events.instants import MICROSECOND, instant, micros
from ripeline.events.names import folded
from ripeline.lifecycle import clocks
from ripeline.lifecycle.assignment import next_in_turn
from ripeline.scoring.live import Folded, Move
from ripeline.server.log import letters
from ripeline.server.log.session import Log
from ripeline.server.log.store import lifecycle
from ripeline.server.log.store.lifecycle import NEW, ClockRow, OfferRow, TransitionRow
from ripeline.server.log.touched import Touched

BREACH = "breach"


def moved(log: Log, lead: int, brought: Touched, outcome: Folded, *, happened: bool) -> None:
    """Records the moves the fold decided, and hands the lead over where they make it an MQL."""
    for move in outcome.moves:
        at = move.at if happened else log.at
        cause = _cause(log, brought.events, move)
        record(log, lead, brought, move, at=at, event=cause)
        if move.to == log.definition.mql.opens:
            hand_over(log, lead, brought, outcome, cycle=move.cycle, at=at, happened=happened)


def record(log: Log, lead: int, brought: Touched, move: Move, *, at: int, event: str) -> None:
    """The row that says so, for good."""
    lifecycle.record(
        log.db,
        TransitionRow(
            id=NEW, lead=lead, definition=log.definition_number, cycle=move.cycle, from_stage=move.source,
            to_stage=move.to, crossed_at=move.crossed_at, moved_at=at, version=log.version_number, cause=move.via,
            event=event, by="", reason="", undoes=None, seq=brought.head or 0,
        ),
    )  # fmt: skip
    log.inbox = True


def let_in(log: Log, lead: int, brought: Touched, cycle: int, *, at: int) -> None:
    """A visitor became a lead by what was known of them at an instant."""
    record(log, lead, brought, Move("visitor", "lead", at, at, "reachable", cycle), at=at, event="")


def hand_over(log: Log, lead: int, brought: Touched, outcome: Folded, *, cycle: int, at: int, happened: bool) -> None:
    """Gives the lead to a rep and starts the clock; of what happens now, the rep gets one mail."""
    gate = log.definition.mql
    lifecycle.withdraw_offer(log.db, lead)
    brought.owner = given_out(log, gate.opens, before=brought.state.owner if brought.state is not None else "")
    due_at = None
    if gate.answer_within is not None:
        started = clocks.started(at=instant(at), answer_within=gate.answer_within)
        due_at = micros(started.due_at)
        start_clock(
            log, lead, cycle=cycle, stage=gate.opens, rep=brought.owner, at=at, due_at=due_at, runs=not happened
        )
    if not happened:
        letters.tell_owner(log, lead, brought.owner, outcome, seq=brought.head or 0, due_at=due_at)


def given_out(log: Log, stage: str, *, before: str) -> str:
    """Who gets the lead: whoever had it before, else whose turn it is; nobody where no rep takes leads."""
    taking = [rep.key for rep in lifecycle.reps(log.db) if rep.takes_leads]
    if before in taking:
        return before
    rep = next_in_turn(taking, last=lifecycle.last_rep(log.db, log.definition_number, stage))
    if rep is None:
        return ""
    lifecycle.took_turn(log.db, log.definition_number, stage, rep)
    return rep


def start_clock(  # noqa: PLR0913 - a row has many columns
    log: Log,
    lead: int,
    *,
    cycle: int,
    stage: str,
    rep: str,
    at: int,
    due_at: int,
    runs: bool = True,
    breached_at: int | None = None,
) -> int:
    """A clock and, where it runs, the due row that finds its breach; both in the transaction of the move."""
    again = lifecycle.assignments(log.db, lead, log.definition_number, cycle, stage)
    clock = lifecycle.start_clock(
        log.db,
        ClockRow(
            id=NEW, lead=lead, definition=log.definition_number, cycle=cycle, stage=stage, assignment=again + 1,
            rep=rep, started_at=at, due_at=due_at, stopped_at=None, stopped_as="",
            breached_at=breached_at, seq=log.newest_seq,
        ),
    )  # fmt: skip
    if runs:
        lifecycle.put_due(log.db, at=due_at, kind=BREACH, key=str(clock))
    return clock


def stop_clocks(log: Log, lead: int, *, at: int, stopped_as: str) -> list[ClockRow]:
    """Whoever waited for an answer at `at` has it. A deadline that had passed is a breach, found now if not before."""
    running = [clock for clock in lifecycle.running_clocks(log.db, [lead]) if clock.started_at <= at]
    for clock in running:
        lifecycle.stop_clock(log.db, clock.id, at=at, stopped_as=stopped_as, seq=log.newest_seq)
        lifecycle.drop_due(log.db, BREACH, str(clock.id))
        if clock.breached_at is None and at > clock.due_at:
            lifecycle.breach_clock(log.db, clock.id, at=clock.due_at, seq=log.newest_seq)
    return running


def offer(log: Log, lead: int, *, cycle: int, crossed_at: int, event: str) -> None:
    """The lead waits in the inbox without a clock until somebody takes it."""
    lifecycle.offer(log.db, OfferRow(lead, log.definition_number, cycle, crossed_at, log.at, event))
    log.inbox = True


def offered_since(log: Log) -> int:
    """The earliest instant of what is recent enough to hand a lead over for."""
    return log.at - log.definition.handover_within // MICROSECOND


def _cause(log: Log, events: list[Event], move: Move) -> str:
    """The name of the happening that moved the lead; of several at one instant the one that opens the gate at once."""
    then = [event for event in events if micros(event.occurred_at) == move.at]
    if move.via == "at_once":
        opening = {folded(name) for name in log.definition.mql.at_once}
        then = [event for event in then if folded(event.name) in opening] or then
    return max(then, key=lambda event: (event.source, event.message_id)).name if then else ""
