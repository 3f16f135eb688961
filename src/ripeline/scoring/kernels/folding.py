"""The fold of many leads: load a state, go through the rows instant by instant, read the scores, keep the state."""

from ripeline.definition.model import STAGES
from ripeline.scoring.jit import inlined, kernel
from ripeline.scoring.kernels.deciding import (
    admits,
    apply_act,
    begin_cycle,
    decide,
    enter_mql,
    let_in,
    note,
    points_open,
)
from ripeline.scoring.kernels.facts import state_fact, state_unread, weigh_facts
from ripeline.scoring.kernels.keeping import keep, load
from ripeline.scoring.kernels.points import contribute, read_scores
from ripeline.scoring.kernels.reading import length
from ripeline.scoring.tables import (
    ABSENT_AGE,
    ALWAYS,
    ASKED,
    AT_ONCE_BY,
    AT_SUB,
    COUNT,
    CROSSED,
    CROSSED_BEFORE,
    CYCLE,
    CYCLE_BEFORE,
    CYCLE_START,
    DECIDES_AFTER,
    EVENT,
    EXCLUDED,
    FACT,
    FIRST,
    FOLDED,
    FOLDED_LONG,
    FULL,
    GROUPS,
    HAPPENING,
    HEAD,
    HINT,
    HITS,
    HITS_END,
    I8,
    KIND,
    LATCH,
    LATE,
    MAY_HOLD,
    MOVED,
    NEVER,
    NEWEST,
    OWN_COURSE,
    PRESENT,
    QUALIFIES,
    REACHABLE,
    READ_AT,
    RESULT,
    RETURNED,
    RETURNS,
    SHAPE_WIDTH,
    STAGE,
    UNTIL,
    Course,
    Lead,
    Results,
    Rows,
    Shapes,
    States,
    Tables,
)

DISQUALIFIED = STAGES.index("disqualified")


@kernel
def fold_leads(
    t: Tables, s: Shapes, lead: Lead, rows: Rows, states: States, course: Course, results: Results, journal: I8
) -> None:
    """Fold every lead of `rows` on from its state."""
    until = course.words[UNTIL]
    for who in range(len(rows.starts) - 1):
        load(t, lead, states, who)
        if len(rows.reachable) > who and rows.reachable[who]:
            lead.words[REACHABLE] = 1
        decides_after = course.words[DECIDES_AFTER]
        if len(course.own) > who * OWN_COURSE:
            decides_after = course.own[who * OWN_COURSE]
        first, end = rows.starts[who], rows.starts[who + 1]
        place = first
        while place < end and rows.at[place] <= until:
            now = rows.at[place]
            place = fold_instant(t, s, lead, rows, journal, who, place, end, now > decides_after)
            lead.words[NEWEST] = now
        lead.words[FOLDED] += place - first
        lead.words[FOLDED_LONG] += place - first
        finish(t, lead, course, results, journal, who, decides_after)
        if len(results.ends) > who:
            keep(t, lead, results, who)


@inlined
def fold_instant(
    t: Tables, s: Shapes, lead: Lead, rows: Rows, journal: I8, who: int, place: int, end: int, moves: bool
) -> int:
    """Take in what happened at one instant, look at the gates after the last of it, then let people act.

    Where people only acted nothing is decided: a visitor becomes a lead at an event.
    """
    now, first = rows.at[place], place
    happened = latched = returned = stated = False
    while place < end and rows.at[place] == now:
        shape = rows.shape[place]
        row = shape * SHAPE_WIDTH
        kind = s.words[row + KIND]
        if kind == EVENT:
            if lead.words[FIRST] == NEVER:
                begin(t, lead, now)
            if s.words[row + HITS] < s.words[row + HITS_END]:
                take_points(t, s, lead, journal, who, shape, place, now)
            happened |= s.words[row + HAPPENING] != 0
            latched |= s.words[row + AT_ONCE_BY] != 0
            returned |= s.words[row + RETURNS] != 0
        elif kind == MOVED:
            break
        elif kind == FACT:
            if state_fact(t, s, lead, shape, rows.value[place], now):
                stated = True
                happened |= s.words[row + HINT] == 0
        elif state_unread(lead, rows.value[place], s.words[row + HINT] != 0):
            happened |= s.words[row + HINT] == 0
        place += 1
    if stated:
        weigh_facts(t, lead)
    if returned and lead.words[STAGE] == DISQUALIFIED and lead.words[RETURNED] == 0:
        begin_cycle(lead, journal, who, now)
        lead.words[RETURNED] = 1
    if latched:
        lead.words[LATCH] = 1
    if place > first:
        decide(t, lead, journal, who, now, happened, moves)
    while place < end and rows.at[place] == now:
        apply_act(t, s, lead, journal, who, rows.shape[place], place, now)
        place += 1
    return place


@kernel
def begin(t: Tables, lead: Lead, now: int) -> None:
    """The lead's first event."""
    lead.words[FIRST] = now
    if lead.words[CYCLE_START] == NEVER:
        lead.words[CYCLE_START] = now
    if t.words[ABSENT_AGE]:
        weigh_facts(t, lead)


@inlined
def take_points(t: Tables, s: Shapes, lead: Lead, journal: I8, who: int, shape: int, row: int, now: int) -> None:
    """What an event counts under each criterion it matches."""
    place = shape * SHAPE_WIDTH
    for hit in range(s.words[place + HITS], s.words[place + HITS_END]):
        counted = contribute(t, lead, s.hits[hit], s.points[hit], now)
        if journal[FULL]:
            note(journal, who, COUNT, now, row, s.hits[hit], hit, 1 if counted else 0, lead.words[CYCLE])


@kernel
def finish(t: Tables, lead: Lead, course: Course, results: Results, journal: I8, who: int, decides_after: int) -> None:
    """Read the scores, and move a lead whom something other than a row in order lets through."""
    result = who * RESULT
    if lead.words[FIRST] != NEVER:
        now = max(course.words[READ_AT], lead.words[NEWEST])
        total = read_scores(t, lead, now)
        scores = who * (length(t, GROUPS) + 1)
        results.scores[scores] = total
        for group in range(length(t, GROUPS)):
            results.scores[scores + 1 + group] = lead.points[t.words[AT_SUB] + group]
        holds = lead.words[EXCLUDED] == 0 and (
            lead.words[LATCH] != 0 or (lead.words[MAY_HOLD] != 0 and points_open(t, lead, total))
        )
        results.words[result + PRESENT] = 1
        results.words[result + QUALIFIES] = 1 if holds else 0
        if len(course.own) > who * OWN_COURSE and decides_after != ALWAYS:
            decide_at_end(t, lead, course.own, journal, who, now, holds)
    for word in range(HEAD):
        results.words[result + word] = lead.words[word]


@kernel
def decide_at_end(t: Tables, lead: Lead, own: I8, journal: I8, who: int, now: int, holds: bool) -> None:
    """A crossing that late rows brought, or a happening that is no row, moves the lead now if the gate holds now."""
    place = who * OWN_COURSE
    late, asked = own[place + LATE] != 0, own[place + ASKED] != 0
    if not (late or asked):
        return
    let_in(lead, journal, who, now)
    other_cycle = own[place + CYCLE_BEFORE] != lead.words[CYCLE]
    appeared = late and lead.words[CROSSED] != NEVER and (other_cycle or own[place + CROSSED_BEFORE] == NEVER)
    if (appeared or asked) and holds and admits(t, lead, now):
        enter_mql(lead, journal, who, now)
