"""A definition as flat tables which one generic fold reads."""

from hashlib import blake2b
from threading import Lock

from ripeline.definition.fingerprint import fingerprint
from ripeline.definition.model import Definition
from ripeline.scoring import tables
from ripeline.scoring.bands import Grades
from ripeline.scoring.compiling import facts_read, tabled
from ripeline.scoring.shapes import ShapeTable
from ripeline.scoring.state import new_lead
from ripeline.scoring.tables import Lead

# Raised whenever the words of a state come to mean something else: states of before are then folded anew.
STATE_FORMAT = 2

# Programs kept: a published version or two, and drafts that somebody is trying out.
KEPT_PROGRAMS = 32

_programs: dict[str, "Program"] = {}
_lock = Lock()


class Program:
    """A compiled definition. `shapes` gives events, statements and acts the numbers that rows carry.

    `key` tells states of this program from those of others.
    """

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.key = _key(definition)
        self.facts = facts_read(definition)
        self.shapes = ShapeTable(definition, self.facts)
        self.layout, self.tables, self.holds_points = tabled(definition, self.facts, self.key)
        self.pushes = _pushes(definition)
        self.state_bytes = 8 * self.size  # of a state, at least: what waits in windows and unread facts come on top
        self.grades = Grades(definition.groups)

    def lead(self, *, queue_room: int, pool_room: int) -> Lead:
        """Room for the kernels to work on one lead at a time; a window holds at most `queue_room` contributions."""
        return new_lead(self.layout, queue_room=queue_room, pool_room=pool_room)

    @property
    def size(self) -> int:
        """Words of a state, what waits in windows and unread facts apart."""
        return int(self.tables.words[tables.SIZE])

    def warm(self) -> None:
        """Load or compile the kernels now instead of at the first fold."""
        from ripeline.scoring.warm import warm

        warm(self)


def compiled(definition: Definition) -> Program:
    """The program of `definition`; definitions of one meaning share one, until it has learnt too much.

    Whoever has a program keeps it as long as the numbers of its shapes are in use.
    """
    key = fingerprint(definition)
    with _lock:
        program = _programs.get(key)
        if program is None or program.shapes.is_full:
            program = _programs[key] = Program(definition)
            while len(_programs) > KEPT_PROGRAMS:
                del _programs[next(iter(_programs))]
    return program


def _key(definition: Definition) -> int:
    named = f"{STATE_FORMAT} {fingerprint(definition)}".encode()
    return int.from_bytes(blake2b(named, digest_size=8).digest(), "little") >> 1


def _pushes(definition: Definition) -> int:
    """How many contributions one event can put into all windows together."""
    return sum(criterion.on is not None and criterion.age.kind == "window" for criterion in definition.criteria)
