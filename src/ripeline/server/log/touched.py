"""What a group of commands brings to one lead."""

import msgspec

from ripeline.events.event import Event
from ripeline.scoring.acts import Transition
from ripeline.scoring.rows import Remembered
from ripeline.server.log.store.standings import StateRow


class Touched(msgspec.Struct):
    """What a group of commands brings to one lead.

    `events` are new in the log, ours left out; `told` is how the fold reads them; `head` is the newest of its chain.
    """

    state: StateRow | None = None
    events: list[Event] = []
    told: list[Remembered] = []
    head: int | None = None
    transitions: list[Transition] = []
    owner: str | None = None
    reachable: bool = False
    happening: bool = False
    moves: bool = True
    again: bool = False
