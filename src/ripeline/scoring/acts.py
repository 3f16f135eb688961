"""What was decided about a lead, as the fold reads it: acts of people (as if), transitions (as it happened)."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from ripeline.definition.model import STAGES

# From which stages an act is legal, and where it leads; where a reject leads is said by its reason.
# Outcomes belong to the person, whatever stage a definition gives them. What a colleague works on is reassigned, not
# taken: docs/decisions/taken-and-given.md.
LEGAL_FROM: dict[str, tuple[str, ...]] = {
    "accept": ("mql",),
    "reject": ("mql", "sal"),
    "take": ("visitor", "lead", "mql", "recycled", "disqualified", "lost"),
    "won": STAGES,
    "lost": STAGES,
}
LEADS_TO = {"accept": "sal", "take": "sal", "won": "customer", "lost": "lost"}
UNDO = "undo"


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


def standing_acts(acts: Iterable[Act]) -> list[Act]:
    """`acts` in time order without undos and what they took back.

    >>> from datetime import UTC, datetime
    >>> day = [datetime(2026, 3, number, tzinfo=UTC) for number in (1, 2, 3)]
    >>> [act.act for act in standing_acts([Act(at=day[0], act="accept"), Act(at=day[1], act="won"),
    ...                                    Act(at=day[2], act="undo")])]
    ['accept']
    """
    standing: list[Act] = []
    for act in sorted(acts, key=lambda act: act.at):
        if act.act != UNDO:
            standing.append(act)
        elif standing:
            standing.pop()
    return standing
