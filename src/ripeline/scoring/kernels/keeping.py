"""States: taking up a lead where it was left, and keeping it for the next time."""

from ripeline.scoring.jit import kernel
from ripeline.scoring.kernels.reading import length
from ripeline.scoring.tables import (
    AT_QUEUES,
    AT_ROOM,
    AT_WAITING,
    AT_ZONE,
    BLANK,
    POOLED,
    SIZE,
    WINDOWS,
    Lead,
    Results,
    States,
    Tables,
)


@kernel
def load(t: Tables, lead: Lead, states: States, who: int) -> None:
    """Take up a lead where it was left, or as one of whom nothing is known."""
    size = t.words[SIZE]
    lead.words[t.words[AT_ZONE]] = 0
    known = len(states.starts) > who + 1 and states.starts[who] < states.starts[who + 1]
    place = states.starts[who] if known else t.words[BLANK]
    for word in range(size):
        lead.words[word] = states.words[place + word] if known else t.words[place + word]
    place += size
    for window in range(length(t, WINDOWS)):
        waiting = lead.words[t.words[AT_WAITING] + window]
        lead.words[t.words[AT_QUEUES] + 2 * window] = 0
        lead.words[t.words[AT_QUEUES] + 2 * window + 1] = waiting
        first = 2 * window * lead.words[t.words[AT_ROOM]]
        for word in range(2 * waiting):
            lead.queue[first + word] = states.words[place + word]
        place += 2 * waiting
    for entry in range(lead.words[POOLED]):
        lead.pool[entry] = states.words[place + entry]


@kernel
def keep(t: Tables, lead: Lead, results: Results, who: int) -> None:
    """Write the lead's state behind those of the leads before."""
    place = results.ends[who - 1] if who > 0 else 0
    size, queues, windows = t.words[SIZE], t.words[AT_QUEUES], length(t, WINDOWS)
    for window in range(windows):
        first, end = lead.words[queues + 2 * window], lead.words[queues + 2 * window + 1]
        lead.words[t.words[AT_WAITING] + window] = end - first
    for word in range(size):
        results.kept[place + word] = lead.words[word]
    place += size
    for window in range(windows):
        first, end = lead.words[queues + 2 * window], lead.words[queues + 2 * window + 1]
        room = window * lead.words[t.words[AT_ROOM]]
        for word in range(2 * (room + first), 2 * (room + end)):
            results.kept[place] = lead.queue[word]
            place += 1
    for entry in range(lead.words[POOLED]):
        results.kept[place + entry] = lead.pool[entry]
    results.ends[who] = place + lead.words[POOLED]
