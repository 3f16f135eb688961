"""What was decided about a lead, as the fold reads it: acts of people (as if), transitions (as it happened)."""

from datetime import datetime

import msgspec


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """What a person did: `accept`, `reject` (with the key of a reason), `won`, `lost`, `take` or `undo`.

    Read *as if*: it moves the lead if it is legal from the stage the lead has by then, else it is skipped and counted.
    Outcomes (`won`, `lost`) belong to the person and always move. `undo` takes back the newest act before it that
    still stands. `at` is when the person did it.
    """

    at: datetime
    act: str
    reason: str = ""
    by: str = ""


class Transition(msgspec.Struct, frozen=True, kw_only=True):
    """A recorded move, read *as it happened*: at `moved_at` the lead is in stage `to`, whatever gates say.

    `reason` is the key of the reject reason that sent it to `recycled` or `disqualified`; it gives the wait. Entering
    `recycled` starts a cycle and resets groups at `moved_at`. An undone transition and its undo are both left out.
    """

    to: str
    moved_at: datetime
    reason: str = ""
