"""What a group of commands brings to one lead."""

from ripeline.events.event import Event
from ripeline.scoring.standing import LeadWork
from ripeline.server.log.store.standings import StateRow


class Touched(LeadWork, gc=False):
    """What a group of commands brings to one lead, and where it stands.

    `events` are new in the log, ours left out; `told` is how the fold reads them.
    """

    state: StateRow | None = None
    events: list[Event] = []
    owner: str | None = None
