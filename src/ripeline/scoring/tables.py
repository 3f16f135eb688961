"""What Python and the kernels share: where things stand in the arrays that hold a definition, its shapes and a lead.

Numba compiles in time proportional to how many arrays a function is given, so there are few: each holds several tables
one after the other, and a directory at its beginning says where each starts. Points stand in the same memory as whole
numbers and are read through a float64 view. Instants are microseconds since 1970 (UTC).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

I8 = NDArray[np.int64]
I4 = NDArray[np.int32]
F8 = NDArray[np.float64]
U1 = NDArray[np.uint8]

NEVER = int(np.iinfo(np.int64).min)  # an instant that did not come
ALWAYS = int(np.iinfo(np.int64).max)  # later than every instant

# Words at the head of a lead's state.
KEY = 0  # of the program that folded it
NEWEST = 1  # newest instant folded, acts included
FIRST = 2  # the lead's first event
HIGHEST = 3  # f: the total cannot be above this before it is read again
STAGE = 4
LATCH = 5  # an event that opens the gate at once came in this cycle
RETURNED = 6  # disqualified, and an event came since that brings back
REACHABLE = 7  # a way to reach them is known by other means than facts
REACHED = 8  # by e-mail or phone
EXCLUDED = 9
MAY_HOLD = 10  # the facts leave it to the points whether the gate holds
CYCLE = 11
CYCLE_START = 12
CROSSED = 13  # first crossing of the cycle
QUALIFIED = 14  # first crossing ever
COOL_UNTIL = 15
SKIPPED = 16  # acts that were not legal
POOLED = 17  # how many unread facts the pool holds
# At most; a further one is no news. Whoever has a write key could else make a state of any size, and every event of the
# lead rewrites it.
MOST_UNREAD = 2_000
FOLDED = 18  # rows folded since the youngest checkpoint
FOLDED_LONG = 19  # rows folded since the second youngest checkpoint
HEAD = 20  # how many words these are

# How many truths of comparisons one word holds: few enough that it never becomes negative.
BITS = 62

# The directory of a definition: single settings first …
SIZE = 0  # words of a state, what waits in windows and the pool apart
AT_BITS = 1  # where in a lead's words: which comparisons of facts hold
AT_VALUE = 2  # the value code of each fact that is read; 0 is unknown
AT_SINCE = 3  # when it was first given
AT_BORN = 4  # since when each ageing criterion on facts holds; NEVER: it does not
AT_MARKS = 5  # the last reset of each group
AT_LIMITS = 6  # bucket << 32 | how many counted in it
AT_WAITING = 7  # how many contributions each window holds
AT_STEADY = 8  # what facts that do not age are worth, by group
AT_HELD = 9  # accumulators
AT_VALUED = 10  # the instant at which each is worth what it holds
AT_SUMS = 11  # windows
AT_GAINS = 12  # the positive part of that
AT_SUB = 13  # room behind the state: sub-scores as last read
AT_QUEUES = 14  # first and one past last of what waits in each window
AT_STACK = 15  # truths
AT_ZONE = 16  # where local time was looked up last
AT_ROOM = 17  # how many contributions fit into each window's queue
VISITORS_QUALIFY = 18
ABSENT_AGE = 19  # whether a criterion on absent facts ages, from the first event
NEEDED = 20  # f: a total below this opens no gate by points
SETTINGS = 21

# … then three words for each table: where it starts, how wide a row is, how many rows it has.
GROUPS = SETTINGS
HOLDERS = GROUPS + 3  # accumulators: one a group and half-life
WINDOWS = HOLDERS + 3  # one a group and span
CRITERIA = WINDOWS + 3  # all, by their place in the definition
FACT_CRITERIA = CRITERIA + 3
AGED_FACTS = FACT_CRITERIA + 3  # those among them that age
OPERATIONS = AGED_FACTS + 3  # conditions, in postfix form
COMPARISONS = OPERATIONS + 3  # of points
GATES = COMPARISONS + 3  # conditions by what they decide
SLOTS = GATES + 3  # facts that are read
READS = SLOTS + 3  # slots read by criteria
ZONE = READS + 3  # local time
BLANK = ZONE + 3  # the state of a lead of whom nothing is known
DIRECTORY = BLANK + 3

# Columns of these tables; those marked f hold points.
CAP, FLOOR, RESETS = 0, 1, 2  # f, f, of GROUPS
GROUP, SPAN = 0, 1  # of HOLDERS (0: no half-life) and WINDOWS
TARGET, WINDOWED, LIMIT_COUNT, LIMIT_PER, LIMIT_WORD = 0, 1, 2, 3, 4  # of CRITERIA
OF_GROUP, POINTS, OPS, OPS_END, READ, READ_END, BORN = 0, 1, 2, 3, 4, 5, 6  # of FACT_CRITERIA; POINTS f, BORN or -1
# GROUP, SPAN and POINTS of AGED_FACTS stand as above
AGED_SPAN, AGED_POINTS, IN_WINDOW = 1, 2, 3
OP, ARGUMENT = 0, 1  # of OPERATIONS
WHICH, HOW, NUMBER = 0, 1, 2  # of COMPARISONS; NUMBER f
EXCLUDES, REACHES, OPENS = 0, 1, 2  # rows of GATES; their columns are FROM and TO, as those of SLOTS
FROM, TO = 0, 1
SINCE, DISTANCE = 0, 1  # of ZONE

# Columns of the shapes.
KIND, HAPPENING, AT_ONCE_BY, RETURNS, HITS, HITS_END, SLOT, HINT, TRUTHS, TRUTHS_END = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
MOVES_FROM, MOVES_TO, WAIT = 10, 11, 12
SHAPE_WIDTH = 13

# Kinds of shapes.
EVENT, FACT, UNREAD, MOVED = 0, 1, 2, 3

# How often a criterion counts.
FREELY, PER_DAY, PER_WEEK, PER_MONTH, EVER = 0, 1, 2, 3, 4

# Operations of a condition; the argument is a bit, a comparison, or how many truths are joined.
LEAF, COMPARE, ALL, ANY, NOT, TRUE, FALSE = 0, 1, 2, 3, 4, 5, 6

# How points are compared, and what stands for the total instead of a group.
AT_LEAST, MORE_THAN, AT_MOST, LESS_THAN, EQUAL = 0, 1, 2, 3, 4
TOTAL = -1

# What a truth can still become: one of the bits, or both while points are unknown.
CAN_HOLD, CAN_FAIL = 1, 2

# Words of a course that hold for all leads; columns for each.
UNTIL, READ_AT, DECIDES_AFTER = 0, 1, 2  # rows later do not exist; scores are read then; later happenings may move
OWN_DECIDES_AFTER, LATE, ASKED, CYCLE_BEFORE, CROSSED_BEFORE = 0, 1, 2, 3, 4
OWN_COURSE = 5

# Words of a lead's results behind those of its head.
PRESENT, QUALIFIES = HEAD, HEAD + 1
RESULT = HEAD + 2

# A journal: how many lines it has, whether it tells everything or moves only; then lines of eight words:
# lead, what, instant, and five more.
WRITTEN, FULL = 0, 1
LINES, LINE = 2, 8
MOVE, COUNT, CYCLE_BEGUN, CROSSING, RESET_DONE, SKIP = 1, 2, 3, 4, 5, 6
BY_REACH, BY_POINTS, AT_ONCE, BY_RETURN = 0, 1, 2, 3  # how a move came about


class Tables(NamedTuple):
    """A definition."""

    words: I8
    points: F8  # the same memory


class Shapes(NamedTuple):
    """What shapes mean: SHAPE_WIDTH words each; the criteria they hit, or comparisons that hold; what a hit earns."""

    words: I8
    hits: I8
    points: F8


class Lead(NamedTuple):
    """The state of the lead at hand and room to work in. A window's queue has pairs of instant and points."""

    words: I8
    points: F8  # the same memory
    queue: I8
    queue_points: F8  # the same memory
    pool: I8  # unread facts: hash of the field << 32 | hash of the value


class Rows(NamedTuple):
    """See `rows.LeadRows`."""

    starts: I8
    at: I8
    shape: I4
    value: I8
    reachable: U1


class States(NamedTuple):
    """Stored states, one after the other: lead `i` has words `starts[i]:starts[i + 1]`; none where these are equal."""

    starts: I8
    words: I8
    points: F8  # the same memory


class Course(NamedTuple):
    """How far a fold goes and what it decides: for all leads alike, and OWN_COURSE words a lead where they differ."""

    words: I8
    own: I8


class Results(NamedTuple):
    """Of each lead RESULT words, then total and sub-scores; and where there is room, the states after."""

    words: I8
    scores: F8
    kept: I8
    kept_points: F8  # the same memory
    ends: I8
