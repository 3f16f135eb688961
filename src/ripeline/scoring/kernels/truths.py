"""Conditions as the kernels read them: a few operations in postfix form over the truths of comparisons."""

from ripeline.scoring.jit import kernel
from ripeline.scoring.kernels.reading import cell, number
from ripeline.scoring.tables import (
    ALL,
    ANY,
    ARGUMENT,
    AT_BITS,
    AT_LEAST,
    AT_MOST,
    AT_STACK,
    AT_SUB,
    BITS,
    CAN_FAIL,
    CAN_HOLD,
    COMPARE,
    COMPARISONS,
    HOW,
    LEAF,
    LESS_THAN,
    MORE_THAN,
    NOT,
    NUMBER,
    OP,
    OPERATIONS,
    TOTAL,
    TRUE,
    WHICH,
    Lead,
    Tables,
)


@kernel
def truth_of(t: Tables, lead: Lead, first: int, end: int, points_known: bool, total: float) -> int:
    """What the operations `first:end` can come to: CAN_HOLD, CAN_FAIL, or both while points are not known."""
    stack = lead.words
    bottom = t.words[AT_STACK]
    top = bottom
    for place in range(first, end):
        op, argument = cell(t, OPERATIONS, place, OP), cell(t, OPERATIONS, place, ARGUMENT)
        if op == LEAF:
            bit = (lead.words[t.words[AT_BITS] + argument // BITS] >> argument % BITS) & 1
            stack[top] = CAN_HOLD if bit else CAN_FAIL
        elif op == COMPARE:
            stack[top] = compared(t, lead, argument, total) if points_known else CAN_HOLD | CAN_FAIL
        elif op == NOT:
            top -= 1
            stack[top] = ((stack[top] & CAN_HOLD) << 1) | ((stack[top] & CAN_FAIL) >> 1)
        elif op in (ALL, ANY):
            top -= argument
            stack[top] = joined(lead, top, argument, op == ALL)
        else:
            stack[top] = CAN_HOLD if op == TRUE else CAN_FAIL
        top += 1
    return stack[bottom]


@kernel
def joined(lead: Lead, first: int, count: int, every: bool) -> int:
    """What `count` truths on the stack come to, joined by all (`every`) or any.

    All can hold if each can, and can fail if one can; any the other way round.
    """
    of_all, of_any = CAN_HOLD | CAN_FAIL, 0
    for place in range(first, first + count):
        of_all &= lead.words[place]
        of_any |= lead.words[place]
    if every:
        return (of_all & CAN_HOLD) | (of_any & CAN_FAIL)
    return (of_any & CAN_HOLD) | (of_all & CAN_FAIL)


@kernel
def compared(t: Tables, lead: Lead, which: int, total: float) -> int:
    """Whether a comparison of points holds; points are rounded to a millionth first."""
    group, how = cell(t, COMPARISONS, which, WHICH), cell(t, COMPARISONS, which, HOW)
    read = total if group == TOTAL else lead.points[t.words[AT_SUB] + group]
    points, threshold = round(read * 1e6) / 1e6, number(t, COMPARISONS, which, NUMBER)
    if how == AT_LEAST:
        holds = points >= threshold
    elif how == MORE_THAN:
        holds = points > threshold
    elif how == AT_MOST:
        holds = points <= threshold
    elif how == LESS_THAN:
        holds = points < threshold
    else:
        holds = points == threshold
    return CAN_HOLD if holds else CAN_FAIL
