"""The leads a group of commands touched are read, folded in one call, and written where they stand now."""

from collections.abc import Iterable, Mapping

import msgspec

from ripeline.events.instants import instant, micros
from ripeline.scoring import live, tables
from ripeline.scoring.acts import Transition
from ripeline.scoring.live import Checkpoint, Earlier, Folded, Standing
from ripeline.scoring.program import Program
from ripeline.scoring.standing import head_of
from ripeline.server.log import consequences, profile
from ripeline.server.log.session import Log
from ripeline.server.log.store import leads, lifecycle, standings
from ripeline.server.log.store.standings import NEVER, SELDOM, ScoreRow, StateRow
from ripeline.server.log.touched import Touched

FIRST_STAGE = "visitor"
_encoded = msgspec.json.Encoder().encode


def touch(log: Log, leads: Iterable[int]) -> dict[int, Touched]:
    """Where `leads` stand, read now, ready to be added to."""
    leads = sorted(leads)
    states = standings.present(log.db, leads, log.definition_number)
    if log.definition_number:  # leads that came before this definition: their chain goes on
        missing = [lead for lead in leads if lead not in states]
        states |= standings.latest(log.db, missing) if missing else {}
    return {lead: standing_as(lead, states.get(lead)) for lead in leads}


def standing_as(lead: int, state: StateRow | None) -> Touched:
    """A lead that stands as `state` says, ready to be added to."""
    if state is None:
        return Touched(lead)
    return Touched(lead, state=state, head=state.head, reachable=bool(state.reachable))


def fold(log: Log, touched: Mapping[int, Touched], *, happened: bool = False) -> dict[int, Folded]:
    """Folds what was brought to each lead and writes states, moves and all that follows from them.

    `happened` says that moves were made when they came about (history), else they are made now.
    """
    outcomes: dict[int, Folded] = {}
    if log.program is not None:
        for brought in touched.values():
            _begin(log, brought)
        outcomes = _folded(log, log.program, touched.values())
        if not happened:
            outcomes |= _offered(log, log.program, touched, outcomes)
        outcomes |= _let_in(log, log.program, touched, outcomes)
    for lead, outcome in outcomes.items():
        if outcome.moves:
            consequences.moved(log, lead, touched[lead], outcome, happened=happened)
    _write(log, touched, outcomes)
    log.changed.update(touched)
    return outcomes


class Stored:
    """What the log keeps of leads, for the fold."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def checkpoints(self, lead: int) -> tuple[Checkpoint, ...]:
        return live.unpacked(standings.checkpoints(self._log.db, lead, self._log.definition_number))

    def stood(self, lead: int, *, before: int) -> Standing | None:
        return self._log.memory.stood(lead, before=before)

    def earlier(self, lead: int, *, after: int, newer_than: int) -> Earlier:
        told = self._log.memory.newer(lead, newer_than, after=after)
        return Earlier(told, standing_transitions(self._log, lead))


def _folded(log: Log, program: Program, work: Iterable[Touched]) -> dict[int, Folded]:
    work = list(work)
    found = live.fold(program, work, Stored(log), now=log.now)
    return {brought.lead: outcome for brought, outcome in zip(work, found, strict=True)}


def _begin(log: Log, brought: Touched) -> None:
    """Where the fold goes on; another version's state only says how it was."""
    state = brought.state
    if state is None:
        return
    if state.fold is None or state.version != log.version_number:
        brought.again = True
    if state.fold is not None and state.definition == log.definition_number:
        brought.standing = Standing(state.fold, state.head or 0)
    if brought.again:  # how it stood lately may hold what was taken back since
        log.memory.forget_leads([brought.lead])


def _let_in(
    log: Log, program: Program, touched: Mapping[int, Touched], outcomes: Mapping[int, Folded]
) -> dict[int, Folded]:
    """Visitors who can be reached, where history or a publish decides no moves: to be reachable is no gate.

    They are let in at the moment at which their address or number became known.
    """
    undecided = [
        lead
        for lead, outcome in outcomes.items()
        if outcome.stage == FIRST_STAGE and (touched[lead].again or not touched[lead].moves)
    ]
    reached = {lead: at for lead in undecided if (at := _reached_at(log, touched[lead], outcomes[lead])) is not None}
    for lead, at in reached.items():
        consequences.let_in(log, lead, touched[lead], outcomes[lead].cycle, at=at)
        touched[lead].transitions = [*touched[lead].transitions, Transition(to="lead", moved_at=instant(at))]
    return _folded(log, program, [touched[lead] for lead in reached])


def _reached_at(log: Log, brought: Touched, outcome: Folded) -> int | None:
    """Since when the lead can be reached; None while they cannot. Who was known already was so from the first."""
    at = profile.reached_at(profile.read(leads.facts(log.db, [brought.lead]).get(brought.lead, b"{}")))
    first = head_of(outcome.state)[tables.FIRST] if brought.reachable else NEVER
    return at if first == NEVER else first if at is None else min(at, first)


def _offered(
    log: Log, program: Program, touched: Mapping[int, Touched], outcomes: Mapping[int, Folded]
) -> dict[int, Folded]:
    """Leads who crossed too long ago to hand them over: they stay where they are, on offer.

    Late events and merges bring such crossings, and so do a wait that is over and a version in force from now on. Only
    a publish with replay hands them over: that is what it is chosen for, after a preview.
    """
    oldest = consequences.offered_since(log)
    stale = {
        lead: move
        for lead, outcome in outcomes.items()
        if outcome.moves and not touched[lead].happening
        for move in outcome.moves
        if move.to == log.definition.mql.opens and move.crossed_at < oldest
    }
    for lead, move in stale.items():
        consequences.offer(log, lead, cycle=move.cycle, crossed_at=move.crossed_at, event="")
        touched[lead].moves = False
    return _folded(log, program, [touched[lead] for lead in stale])


def keep_head(log: Log, lead: int, brought: Touched) -> None:
    """The lead's chain has grown by an event of ours: nothing to fold."""
    if brought.head is not None:
        standings.keep_head(log.db, lead, brought.head)


def standing_transitions(log: Log, lead: int) -> list[Transition]:
    """The moves that make the lead's stage, as the fold reads them."""
    rows = lifecycle.standing_transitions(log.db, lead, log.definition_number)
    return [Transition(to=row.to_stage, moved_at=instant(row.moved_at), reason=row.reason) for row in rows]


def _write(log: Log, touched: Mapping[int, Touched], outcomes: Mapping[int, Folded]) -> None:
    kept: list[tuple[StateRow, ScoreRow]] = []
    added: list[tuple[StateRow, ScoreRow]] = []
    changed: list[StateRow] = []
    packed: list[tuple[int, bytes]] = []
    unscored: ScoreRow = (0.0, b"[]", "", log.at)
    for lead, brought in touched.items():
        before, outcome = brought.state, outcomes.get(lead)
        if outcome is None:
            row, score = _unscored(log, lead, brought), unscored
        else:
            row = _scored(log, lead, brought, outcome)
            score = (outcome.total, _encoded(outcome.sub_scores), outcome.grade, log.at)
            if outcome.checkpoints is not None:
                packed.append((row.id, live.packed(outcome.checkpoints)))
        if before is None or row.id != before.id:
            added.append((row, score))
        else:
            kept.append((row, score))
            if row[:SELDOM] != before[:SELDOM]:
                changed.append(row)
        if brought.told:
            newest_at = NEVER if before is None else before.newest_at
            log.memory.keep(lead, brought.told, newest_at=newest_at, before=None if brought.again else brought.standing)
        brought.state = row
    standings.keep(log.db, kept)
    standings.change(log.db, changed)
    standings.add(log.db, added)
    standings.keep_checkpoints(log.db, packed)


def _scored(log: Log, lead: int, brought: Touched, outcome: Folded) -> StateRow:
    before = brought.state
    owner = brought.owner if brought.owner is not None else "" if before is None else before.owner
    return StateRow(
        _row_of_cycle(log, before, outcome.cycle), lead, log.definition_number, outcome.cycle, log.version_number,
        outcome.stage, owner, brought.reachable, outcome.excluded, outcome.qualifies, outcome.crossed_at,
        outcome.qualified_at, outcome.newest_at, brought.head, outcome.state,
    )  # fmt: skip


def _row_of_cycle(log: Log, before: StateRow | None, cycle: int) -> int:
    """The row that is written: the present one, unless a cycle began or, being undone, never did."""
    if before is not None and before.definition == log.definition_number:
        if before.cycle == cycle:
            return before.id
        if before.cycle < cycle:
            standings.close_cycle(log.db, before.id)
        else:
            standings.drop_cycles(log.db, before.lead, before.definition, down_to=cycle)
    elif before is not None:
        standings.drop(log.db, before.lead)
    return log.new_state()


def _unscored(log: Log, lead: int, brought: Touched) -> StateRow:
    """Without a definition that can be read there is nobody to score, but there are events to keep in a chain.

    What was folded before lacks them, so it is no version's any more: the lead is folded anew when one can be read.
    """
    before = brought.state
    newest = max((micros(event.occurred_at) for event in brought.events), default=NEVER)
    if before is not None:
        newest = max(newest, before.newest_at)
        return before._replace(head=brought.head, newest_at=newest, reachable=brought.reachable, version=0)
    return StateRow(
        id=log.new_state(), lead=lead, definition=0, cycle=1, version=0, stage=FIRST_STAGE, owner="",
        reachable=brought.reachable, excluded=False, qualifies=False, crossed_at=None, qualified_at=None,
        newest_at=newest, head=brought.head, fold=None,
    )  # fmt: skip
