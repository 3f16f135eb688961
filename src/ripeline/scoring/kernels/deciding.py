"""Gates, stages and cycles: when the gate holds, who may pass it, and what an act does."""

from ripeline.definition.model import STAGES
from ripeline.scoring.jit import inlined, kernel
from ripeline.scoring.kernels.facts import weigh_facts
from ripeline.scoring.kernels.points import expire, look_ahead, read_scores, reset_groups
from ripeline.scoring.kernels.reading import cell, length
from ripeline.scoring.kernels.truths import truth_of
from ripeline.scoring.tables import (
    AT_ONCE,
    BY_POINTS,
    BY_REACH,
    BY_RETURN,
    CAN_HOLD,
    COOL_UNTIL,
    CROSSED,
    CROSSING,
    CYCLE,
    CYCLE_BEGUN,
    CYCLE_START,
    EXCLUDED,
    FROM,
    FULL,
    GATES,
    HIGHEST,
    I8,
    LATCH,
    LINE,
    LINES,
    MAY_HOLD,
    MOVE,
    MOVES_FROM,
    MOVES_TO,
    NEEDED,
    NEVER,
    OPENS,
    QUALIFIED,
    REACHABLE,
    REACHED,
    RESET_DONE,
    RETURNED,
    SHAPE_WIDTH,
    SKIP,
    SKIPPED,
    STAGE,
    TO,
    VISITORS_QUALIFY,
    WAIT,
    WINDOWS,
    WRITTEN,
    Lead,
    Shapes,
    Tables,
)

VISITOR, LEAD, MQL = STAGES.index("visitor"), STAGES.index("lead"), STAGES.index("mql")
RECYCLED, DISQUALIFIED = STAGES.index("recycled"), STAGES.index("disqualified")


@kernel
def note(journal: I8, lead: int, what: int, at: int, a: int, b: int, c: int, d: int, e: int) -> None:
    """Write a line of the journal, if it has room."""
    place = LINES + journal[WRITTEN] * LINE
    if place + LINE <= len(journal):
        journal[place] = lead
        journal[place + 1] = what
        journal[place + 2] = at
        journal[place + 3] = a
        journal[place + 4] = b
        journal[place + 5] = c
        journal[place + 6] = d
        journal[place + 7] = e
        journal[WRITTEN] += 1


@inlined
def decide(t: Tables, lead: Lead, journal: I8, who: int, now: int, happened: bool, moves: bool) -> None:
    """After the last event of an instant: find the crossing, and move the lead if it `moves` by itself."""
    if moves:
        let_in(lead, journal, who, now)
    if not happened or lead.words[EXCLUDED]:
        return
    passes = moves and admits(t, lead, now)
    if not passes and lead.words[CROSSED] != NEVER:
        return
    if lead.words[LATCH] == 0:
        if lead.words[MAY_HOLD] == 0 or lead.points[HIGHEST] < t.points[NEEDED]:
            return
        if not opens_at(t, lead, now):
            return
    if lead.words[CROSSED] == NEVER:
        lead.words[CROSSED] = now
        if lead.words[QUALIFIED] == NEVER:
            lead.words[QUALIFIED] = now
        if journal[FULL]:
            note(journal, who, CROSSING, now, lead.words[CYCLE], lead.words[LATCH], 0, 0, 0)
    if passes:
        enter_mql(lead, journal, who, now)


@kernel
def opens_at(t: Tables, lead: Lead, now: int) -> bool:
    """Whether points open the gate at `now`; notes how high they can be from now on."""
    for window in range(length(t, WINDOWS)):
        expire(t, lead, window, now)
    opens = points_open(t, lead, read_scores(t, lead, now))
    look_ahead(t, lead, now)
    return opens


@kernel
def points_open(t: Tables, lead: Lead, total: float) -> bool:
    """Whether the gate's condition holds of the scores read last, a bypass apart."""
    return truth_of(t, lead, cell(t, GATES, OPENS, FROM), cell(t, GATES, OPENS, TO), True, total) & CAN_HOLD != 0


@inlined
def let_in(lead: Lead, journal: I8, who: int, now: int) -> None:
    """A visitor who can be reached is a lead; whom a named event brought back is what they were."""
    stage = lead.words[STAGE]
    reachable = lead.words[REACHABLE] != 0 or lead.words[REACHED] != 0
    if stage == VISITOR and reachable:
        move(lead, journal, who, LEAD, now, now, BY_REACH)
    elif stage == DISQUALIFIED and lead.words[RETURNED]:
        move(lead, journal, who, LEAD if reachable else VISITOR, now, now, BY_RETURN)


@inlined
def admits(t: Tables, lead: Lead, now: int) -> bool:
    """Whether stage and cool-down let the lead through the gate at `now`."""
    stage = lead.words[STAGE]
    if stage == VISITOR:
        return t.words[VISITORS_QUALIFY] != 0
    return stage == LEAD or (stage == RECYCLED and now >= lead.words[COOL_UNTIL])


@kernel
def enter_mql(lead: Lead, journal: I8, who: int, now: int) -> None:
    crossed = lead.words[CROSSED] if lead.words[CROSSED] != NEVER else now
    move(lead, journal, who, MQL, now, crossed, AT_ONCE if lead.words[LATCH] else BY_POINTS)


@kernel
def move(lead: Lead, journal: I8, who: int, to: int, now: int, crossed: int, via: int) -> None:
    note(journal, who, MOVE, now, lead.words[STAGE], to, crossed, via, lead.words[CYCLE])
    lead.words[STAGE] = to


@kernel
def apply_act(t: Tables, s: Shapes, lead: Lead, journal: I8, who: int, shape: int, row: int, now: int) -> None:
    """A person's act where it is legal from the lead's stage, or a recorded move."""
    place = shape * SHAPE_WIDTH
    if (s.words[place + MOVES_FROM] >> lead.words[STAGE]) & 1 == 0:
        lead.words[SKIPPED] += 1
        if journal[FULL]:
            note(journal, who, SKIP, now, row, lead.words[STAGE], 0, 0, 0)
        return
    lead.words[STAGE] = s.words[place + MOVES_TO]
    lead.words[RETURNED] = 0
    if lead.words[STAGE] == RECYCLED:
        lead.words[COOL_UNTIL] = now + s.words[place + WAIT]
        begin_cycle(lead, journal, who, now)
        reset_groups(t, lead, now)
        weigh_facts(t, lead)
        if journal[FULL]:
            note(journal, who, RESET_DONE, now, row, 0, 0, 0, 0)


@kernel
def begin_cycle(lead: Lead, journal: I8, who: int, now: int) -> None:
    lead.words[CYCLE] += 1
    lead.words[CYCLE_START] = now
    lead.words[CROSSED] = NEVER
    lead.words[LATCH] = 0
    if journal[FULL]:
        note(journal, who, CYCLE_BEGUN, now, lead.words[CYCLE], 0, 0, 0, 0)
