"""Why a lead is in the inbox, in one line."""

from datetime import datetime
from functools import lru_cache

from ripeline.server.log import models


def reason_line(lead: int, *, head: int, version: int, now: datetime) -> str:
    """The happening that brought them here."""
    return _latest(lead, head)


@lru_cache(maxsize=4096)
def _latest(lead: int, head: int) -> str:
    move = models.Transition.objects.filter(lead=lead, to_stage="mql").order_by("-id").first()
    return move.event if move is not None else ""
