"""What a group of commands brings to one lead."""

import msgspec

from ripeline.events.event import Event
from ripeline.scoring.acts import Transition
from ripeline.server.log.store.standings import StateRow


class Touched(msgspec.Struct):
    """What a group of commands brings to one lead.

    `events` are new in the log, ours left out; `seqs` the rows of this transaction; `head` is the newest of its chain.
    """

    state: StateRow | None = None
    events: list[Event] = []
    seqs: list[int] = []
    head: int | None = None
    transitions: list[Transition] = []
    owner: str | None = None
    reachable: bool = False
    happening: bool = False
    moves: bool = True
    again: bool = False
