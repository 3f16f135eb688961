"""Facts: the latest statement wins, a hint only fills what is unknown, and what follows for criteria and gates."""

import math

from ripeline.scoring.jit import kernel
from ripeline.scoring.kernels.reading import cell, length, number
from ripeline.scoring.kernels.truths import truth_of
from ripeline.scoring.tables import (
    AT_BITS,
    AT_BORN,
    AT_MARKS,
    AT_SINCE,
    AT_STEADY,
    AT_VALUE,
    BITS,
    BORN,
    CAN_HOLD,
    EXCLUDED,
    EXCLUDES,
    FACT_CRITERIA,
    FIRST,
    FROM,
    GATES,
    GROUPS,
    HIGHEST,
    HINT,
    MAY_HOLD,
    MOST_UNREAD,
    NEVER,
    OF_GROUP,
    OPENS,
    OPS,
    OPS_END,
    POINTS,
    POOLED,
    REACHED,
    REACHES,
    READ,
    READ_END,
    READS,
    SHAPE_WIDTH,
    SLOT,
    SLOTS,
    TO,
    TRUTHS,
    TRUTHS_END,
    Lead,
    Shapes,
    Tables,
)


@kernel
def state_fact(t: Tables, s: Shapes, lead: Lead, shape: int, value: int, now: int) -> bool:
    """Take in a statement of a fact that something reads; whether it changed what is known."""
    row = shape * SHAPE_WIDTH
    slot = s.words[row + SLOT]
    known = lead.words[t.words[AT_VALUE] + slot]
    if known == value or (s.words[row + HINT] and known != 0):
        return False
    lead.words[t.words[AT_VALUE] + slot] = value
    lead.words[t.words[AT_SINCE] + slot] = now
    bits = t.words[AT_BITS]
    for bit in range(cell(t, SLOTS, slot, FROM), cell(t, SLOTS, slot, TO)):
        lead.words[bits + bit // BITS] &= ~(1 << bit % BITS)
    for place in range(s.words[row + TRUTHS], s.words[row + TRUTHS_END]):
        bit = s.hits[place]
        lead.words[bits + bit // BITS] |= 1 << bit % BITS
    return True


@kernel
def state_unread(lead: Lead, value: int, hint: bool) -> bool:
    """Take in a statement of a fact that nothing reads, `hash of field << 32 | hash of value`; whether it is news."""
    said, count = value & 0xFFFFFFFF, lead.words[POOLED]
    for place in range(count):
        if lead.pool[place] >> 32 == value >> 32:
            if hint or lead.pool[place] == value:
                return False
            lead.pool[place] = value
            if said == 0:  # unset: the last one takes its place
                lead.pool[place] = lead.pool[count - 1]
                lead.words[POOLED] = count - 1
            return True
    if said == 0 or count >= MOST_UNREAD:
        return False
    lead.pool[count] = value
    lead.words[POOLED] = count + 1
    return True


@kernel
def weigh_facts(t: Tables, lead: Lead) -> None:
    """What the facts known by now come to: steady points, ageing criteria, exclusion, reach, and the gate's chance."""
    lead.points[HIGHEST] = math.inf
    for group in range(length(t, GROUPS)):
        lead.points[t.words[AT_STEADY] + group] = 0.0
    for criterion in range(length(t, FACT_CRITERIA)):
        since, born = holds_since(t, lead, criterion), cell(t, FACT_CRITERIA, criterion, BORN)
        if born >= 0:
            lead.words[t.words[AT_BORN] + born] = since
        elif since != NEVER:
            group = cell(t, FACT_CRITERIA, criterion, OF_GROUP)
            lead.points[t.words[AT_STEADY] + group] += number(t, FACT_CRITERIA, criterion, POINTS)
    lead.words[EXCLUDED] = facts_hold(t, lead, EXCLUDES)
    lead.words[REACHED] = facts_hold(t, lead, REACHES)
    lead.words[MAY_HOLD] = facts_hold(t, lead, OPENS)


@kernel
def facts_hold(t: Tables, lead: Lead, gate: int) -> int:
    """1 if a condition holds by the facts, or can hold once points are known; 0 too where there is no condition."""
    first, end = cell(t, GATES, gate, FROM), cell(t, GATES, gate, TO)
    return 1 if first < end and truth_of(t, lead, first, end, False, 0.0) & CAN_HOLD else 0


@kernel
def holds_since(t: Tables, lead: Lead, criterion: int) -> int:
    """From when a criterion on facts ages, NEVER if it does not hold or lies before a reset of its group."""
    first, end = cell(t, FACT_CRITERIA, criterion, OPS), cell(t, FACT_CRITERIA, criterion, OPS_END)
    if truth_of(t, lead, first, end, False, 0.0) & CAN_HOLD == 0:
        return NEVER
    born = NEVER
    for place in range(cell(t, FACT_CRITERIA, criterion, READ), cell(t, FACT_CRITERIA, criterion, READ_END)):
        slot = cell(t, READS, place, 0)
        if lead.words[t.words[AT_VALUE] + slot] != 0:
            born = max(born, lead.words[t.words[AT_SINCE] + slot])
    if born == NEVER:
        born = lead.words[FIRST]  # it reads only what is absent
    mark = lead.words[t.words[AT_MARKS] + cell(t, FACT_CRITERIA, criterion, OF_GROUP)]
    return born if born > mark else NEVER
