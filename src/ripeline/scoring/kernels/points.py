"""Points: what a matching event adds, how it ages, how often it counts, and what the groups read."""

from ripeline.scoring.jit import inlined, kernel
from ripeline.scoring.kernels.reading import cell, length, number
from ripeline.scoring.tables import (
    AGED_FACTS,
    AGED_POINTS,
    AGED_SPAN,
    AT_BORN,
    AT_HELD,
    AT_LIMITS,
    AT_MARKS,
    AT_QUEUES,
    AT_ROOM,
    AT_STEADY,
    AT_SUB,
    AT_SUMS,
    AT_ZONE,
    CAP,
    CRITERIA,
    DISTANCE,
    EVER,
    FLOOR,
    FREELY,
    GROUP,
    GROUPS,
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
    VALUED,
    WINDOWED,
    WINDOWS,
    ZONE,
    Lead,
    Tables,
)

DAY = 86_400_000_000


@inlined
def advance(t: Tables, lead: Lead, now: int) -> None:
    """Let what ages by halves age until `now`, and drop what has left its window."""
    elapsed = now - lead.words[VALUED]
    if elapsed <= 0:
        return
    lead.words[VALUED] = now
    held, half_life, factor = t.words[AT_HELD], 0, 1.0
    for place in range(length(t, HOLDERS)):
        span = cell(t, HOLDERS, place, SPAN)
        if span == 0:  # those that do not age stand last
            break
        if span != half_life:
            half_life = span
            factor = 2.0 ** (-elapsed / span)
        lead.points[held + place] *= factor
    for window in range(length(t, WINDOWS)):
        expire(t, lead, window, now)


@inlined
def expire(t: Tables, lead: Lead, window: int, now: int) -> None:
    """Drop what has left a window by `now`."""
    queue, place = t.words[AT_QUEUES] + 2 * window, window * lead.words[t.words[AT_ROOM]]
    first, end, span = lead.words[queue], lead.words[queue + 1], cell(t, WINDOWS, window, SPAN)
    if first == end:
        return
    while first < end and now - lead.queue[2 * (place + first)] >= span:
        lead.points[t.words[AT_SUMS] + window] -= lead.queue_points[2 * (place + first) + 1]
        first += 1
    lead.words[queue] = first
    if first == end:
        lead.points[t.words[AT_SUMS] + window] = 0.0  # nothing is left, of rounding neither


@inlined
def contribute(t: Tables, lead: Lead, criterion: int, points: float, now: int) -> bool:
    """Count a match of `criterion` at `now`, unless its limit is reached; whether it counted. `now` is valued."""
    if cell(t, CRITERIA, criterion, LIMIT_PER) != FREELY and not admitted(t, lead, criterion, now):
        return False
    target = cell(t, CRITERIA, criterion, TARGET)
    if cell(t, CRITERIA, criterion, WINDOWED) == 0:
        lead.points[t.words[AT_HELD] + target] += points
        return True
    queue = t.words[AT_QUEUES] + 2 * target
    place = 2 * (target * lead.words[t.words[AT_ROOM]] + lead.words[queue + 1])
    lead.queue[place] = now
    lead.queue_points[place + 1] = points
    lead.words[queue + 1] += 1
    lead.points[t.words[AT_SUMS] + target] += points
    return True


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


@inlined
def read_scores(t: Tables, lead: Lead, now: int) -> float:
    """Write the sub-scores at `now`, clamped; returns the total. Changes nothing else; `now` may be later."""
    sub, steady, held = t.words[AT_SUB], t.words[AT_STEADY], t.words[AT_HELD]
    for group in range(length(t, GROUPS)):
        lead.points[sub + group] = lead.points[steady + group]
    elapsed = now - lead.words[VALUED]
    for place in range(length(t, HOLDERS)):
        points, half_life = lead.points[held + place], cell(t, HOLDERS, place, SPAN)
        if elapsed > 0 and half_life != 0 and points != 0.0:
            points *= 2.0 ** (-elapsed / half_life)
        lead.points[sub + cell(t, HOLDERS, place, GROUP)] += points
    for window in range(length(t, WINDOWS)):
        lead.points[sub + cell(t, WINDOWS, window, GROUP)] += within(t, lead, window, now)
    for place in range(length(t, AGED_FACTS)):
        lead.points[sub + cell(t, AGED_FACTS, place, GROUP)] += of_aged_fact(t, lead, place, now)
    total = 0.0
    for group in range(length(t, GROUPS)):
        points = min(lead.points[sub + group], number(t, GROUPS, group, CAP))
        lead.points[sub + group] = max(points, number(t, GROUPS, group, FLOOR))
        total += lead.points[sub + group]
    return total


@inlined
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
    for group in range(length(t, GROUPS)):
        if cell(t, GROUPS, group, RESETS):
            lead.words[t.words[AT_MARKS] + group] = now
    for place in range(length(t, HOLDERS)):
        if cell(t, GROUPS, cell(t, HOLDERS, place, GROUP), RESETS):
            lead.points[t.words[AT_HELD] + place] = 0.0
    for window in range(length(t, WINDOWS)):
        if cell(t, GROUPS, cell(t, WINDOWS, window, GROUP), RESETS):
            queue = t.words[AT_QUEUES] + 2 * window
            lead.words[queue] = lead.words[queue + 1]
            lead.points[t.words[AT_SUMS] + window] = 0.0
