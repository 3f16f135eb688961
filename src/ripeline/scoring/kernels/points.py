"""Points: what a matching event adds, how it ages, how often it counts, and what the groups read."""

import math

from ripeline.scoring.jit import inlined, kernel
from ripeline.scoring.kernels.reading import cell, length, number
from ripeline.scoring.tables import (
    AGED_FACTS,
    AGED_POINTS,
    AGED_SPAN,
    AT_BORN,
    AT_GAINS,
    AT_HELD,
    AT_LIMITS,
    AT_MARKS,
    AT_QUEUES,
    AT_ROOM,
    AT_STEADY,
    AT_SUB,
    AT_SUMS,
    AT_VALUED,
    AT_ZONE,
    CAP,
    CRITERIA,
    DISTANCE,
    EVER,
    FLOOR,
    FREELY,
    GROUP,
    GROUPS,
    HIGHEST,
    HOLDERS,
    IN_WINDOW,
    LIMIT_COUNT,
    LIMIT_PER,
    LIMIT_WORD,
    NEVER,
    PER_MONTH,
    PER_WEEK,
    RESETS,
    SINCE,
    SPAN,
    TARGET,
    WINDOWED,
    WINDOWS,
    ZONE,
    Lead,
    Tables,
)

DAY = 86_400_000_000

# More than rounding can add up to between two readings of a total, less than anybody compares.
MARGIN = 1e-4


@inlined
def contribute(t: Tables, lead: Lead, criterion: int, points: float, now: int) -> bool:
    """Count a match of `criterion` at `now`, unless its limit is reached; whether it counted."""
    if cell(t, CRITERIA, criterion, LIMIT_PER) != FREELY and not admitted(t, lead, criterion, now):
        return False
    target = cell(t, CRITERIA, criterion, TARGET)
    if cell(t, CRITERIA, criterion, WINDOWED):
        put_in_window(t, lead, target, points, now)
    else:
        lead.points[t.words[AT_HELD] + target] = held_at(t, lead, target, now) + points
        lead.words[t.words[AT_VALUED] + target] = now
    lead.points[HIGHEST] += max(points, 0.0)
    return True


@inlined
def held_at(t: Tables, lead: Lead, holder: int, now: int) -> float:
    """What an accumulator is worth at `now`."""
    held, half_life = lead.points[t.words[AT_HELD] + holder], cell(t, HOLDERS, holder, SPAN)
    if half_life != 0 and held != 0.0:
        held *= 2.0 ** (-(now - lead.words[t.words[AT_VALUED] + holder]) / half_life)
    return held


@inlined
def put_in_window(t: Tables, lead: Lead, window: int, points: float, now: int) -> None:
    """Count `points` in a window until they have left it."""
    expire(t, lead, window, now)
    queue = t.words[AT_QUEUES] + 2 * window
    place = 2 * (window * lead.words[t.words[AT_ROOM]] + lead.words[queue + 1])
    lead.queue[place] = now
    lead.queue_points[place + 1] = points
    lead.words[queue + 1] += 1
    lead.points[t.words[AT_SUMS] + window] += points
    lead.points[t.words[AT_GAINS] + window] += max(points, 0.0)


@kernel
def expire(t: Tables, lead: Lead, window: int, now: int) -> None:
    """Drop what has left a window by `now`."""
    queue, place = t.words[AT_QUEUES] + 2 * window, window * lead.words[t.words[AT_ROOM]]
    first, end, span = lead.words[queue], lead.words[queue + 1], cell(t, WINDOWS, window, SPAN)
    while first < end and now - lead.queue[2 * (place + first)] >= span:
        points = lead.queue_points[2 * (place + first) + 1]
        lead.points[t.words[AT_SUMS] + window] -= points
        lead.points[t.words[AT_GAINS] + window] -= max(points, 0.0)
        first += 1
    lead.words[queue] = first
    if first == end:  # nothing is left, of rounding neither
        lead.points[t.words[AT_SUMS] + window] = 0.0
        lead.points[t.words[AT_GAINS] + window] = 0.0


@inlined
def admitted(t: Tables, lead: Lead, criterion: int, now: int) -> bool:
    """Take one of the places a criterion has in the present bucket; False if none is left."""
    word = t.words[AT_LIMITS] + cell(t, CRITERIA, criterion, LIMIT_WORD)
    per = cell(t, CRITERIA, criterion, LIMIT_PER)
    bucket = 0 if per == EVER else bucket_of(per, (now + distance_at(t, lead, now)) // DAY)
    taken = lead.words[word]
    if taken >> 32 != bucket:
        taken = bucket << 32
    if (taken & 0xFFFFFFFF) >= cell(t, CRITERIA, criterion, LIMIT_COUNT):
        return False
    lead.words[word] = taken + 1
    return True


@inlined
def distance_at(t: Tables, lead: Lead, now: int) -> int:
    """How far local time is ahead of UTC at `now`; looks first where it found the last answer."""
    hint, last = t.words[AT_ZONE], length(t, ZONE) - 1
    here = lead.words[hint]
    if now < cell(t, ZONE, here, SINCE):
        here = 0
    while here < last and now >= cell(t, ZONE, here + 1, SINCE):
        here += 1
    lead.words[hint] = here
    return cell(t, ZONE, here, DISTANCE)


@inlined
def bucket_of(per: int, day: int) -> int:
    """Which day, week from Monday, or month a local day since 1970 is in.

    Months count by Hinnant's civil_from_days: the years it goes through begin in March.
    """
    if per == PER_WEEK:
        return (day + 3) // 7  # 1970-01-01 was a Thursday
    if per != PER_MONTH:
        return day
    shifted = day + 719_468
    era = shifted // 146_097
    of_era = shifted - era * 146_097
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    return (year + era * 400) * 12 + (5 * of_year + 2) // 153


@kernel
def read_scores(t: Tables, lead: Lead, now: int) -> float:
    """Write the sub-scores at `now`, clamped; returns the total. Changes nothing else; `now` may be later."""
    sub, steady = t.words[AT_SUB], t.words[AT_STEADY]
    for group in range(length(t, GROUPS)):
        lead.points[sub + group] = lead.points[steady + group]
    for holder in range(length(t, HOLDERS)):
        lead.points[sub + cell(t, HOLDERS, holder, GROUP)] += held_at(t, lead, holder, now)
    for window in range(length(t, WINDOWS)):
        lead.points[sub + cell(t, WINDOWS, window, GROUP)] += within(t, lead, window, now)
    for place in range(length(t, AGED_FACTS)):
        lead.points[sub + cell(t, AGED_FACTS, place, GROUP)] += of_aged_fact(t, lead, place, now)
    return clamped_total(t, lead)


@kernel
def look_ahead(t: Tables, lead: Lead, now: int) -> None:
    """Note how high the total can be from `now` on while no points are added: debts fade, and gains do not grow.

    Overwrites the sub-scores that were read.
    """
    sub, steady = t.words[AT_SUB], t.words[AT_STEADY]
    for group in range(length(t, GROUPS)):
        lead.points[sub + group] = lead.points[steady + group]
    for holder in range(length(t, HOLDERS)):
        lead.points[sub + cell(t, HOLDERS, holder, GROUP)] += max(held_at(t, lead, holder, now), 0.0)
    for window in range(length(t, WINDOWS)):
        lead.points[sub + cell(t, WINDOWS, window, GROUP)] += lead.points[t.words[AT_GAINS] + window]
    for place in range(length(t, AGED_FACTS)):
        lead.points[sub + cell(t, AGED_FACTS, place, GROUP)] += max(of_aged_fact(t, lead, place, now), 0.0)
    lead.points[HIGHEST] = clamped_total(t, lead) + MARGIN


@inlined
def clamped_total(t: Tables, lead: Lead) -> float:
    """Clamp each sub-score; the total of what is left."""
    total, sub = 0.0, t.words[AT_SUB]
    for group in range(length(t, GROUPS)):
        points = min(lead.points[sub + group], number(t, GROUPS, group, CAP))
        lead.points[sub + group] = max(points, number(t, GROUPS, group, FLOOR))
        total += lead.points[sub + group]
    return total


@kernel
def within(t: Tables, lead: Lead, window: int, now: int) -> float:
    """What a window is worth at `now`."""
    queue, place = t.words[AT_QUEUES] + 2 * window, window * lead.words[t.words[AT_ROOM]]
    first, end, span = lead.words[queue], lead.words[queue + 1], cell(t, WINDOWS, window, SPAN)
    worth = lead.points[t.words[AT_SUMS] + window]
    while first < end and now - lead.queue[2 * (place + first)] >= span:
        worth -= lead.queue_points[2 * (place + first) + 1]
        first += 1
    return worth if first < end else 0.0


@kernel
def of_aged_fact(t: Tables, lead: Lead, place: int, now: int) -> float:
    """What an ageing criterion on facts is worth at `now`."""
    born, span = lead.words[t.words[AT_BORN] + place], cell(t, AGED_FACTS, place, AGED_SPAN)
    if born == NEVER:
        return 0.0
    points = number(t, AGED_FACTS, place, AGED_POINTS)
    if cell(t, AGED_FACTS, place, IN_WINDOW):
        return points if now - born < span else 0.0
    return points * 2.0 ** (-(now - born) / span)


@kernel
def reset_groups(t: Tables, lead: Lead, now: int) -> None:
    """Set a mark in the groups that start anew: what they hold by now weighs nothing from now on."""
    lead.points[HIGHEST] = math.inf
    for group in range(length(t, GROUPS)):
        if cell(t, GROUPS, group, RESETS):
            lead.words[t.words[AT_MARKS] + group] = now
    for holder in range(length(t, HOLDERS)):
        if cell(t, GROUPS, cell(t, HOLDERS, holder, GROUP), RESETS):
            lead.points[t.words[AT_HELD] + holder] = 0.0
    for window in range(length(t, WINDOWS)):
        if cell(t, GROUPS, cell(t, WINDOWS, window, GROUP), RESETS):
            queue = t.words[AT_QUEUES] + 2 * window
            lead.words[queue] = lead.words[queue + 1]
            lead.points[t.words[AT_SUMS] + window] = 0.0
            lead.points[t.words[AT_GAINS] + window] = 0.0
