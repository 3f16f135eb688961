"""What sales does with a lead that waits, one function a use case; each is a command to the log's one writer."""

from datetime import datetime

import msgspec

from ripeline.server import workspace
from ripeline.server.log.commands import Accept, Command, Moved, Reassign, Reject, Take, Undo
from ripeline.server.log.queries import LeadRecord


class Seen(msgspec.Struct, frozen=True):
    """How a lead stood on the page from which somebody decides; None where the page does not say."""

    owner: str | None
    stage: str | None


def accept(lead: LeadRecord, *, by: str, at: datetime, note: str = "") -> Moved:
    """Take the lead on: an MQL is accepted, one on offer is taken. Raises Conflict, NotAllowed."""
    if lead.offered:
        return _submitted(Take(lead=lead.id, by=by, at=at, note=note))
    return _submitted(Accept(lead=lead.id, by=by, at=at, note=note))


def reject(lead: LeadRecord, *, by: str, reason: str, at: datetime, note: str = "") -> Moved:
    """Give the lead back for one of the definition's reasons. Raises Conflict, NotAllowed."""
    return _submitted(Reject(lead=lead.id, by=by, reason=reason, at=at, note=note))


def reassign(lead: LeadRecord, *, to: str, seen: Seen, by: str, at: datetime) -> Moved:
    """Give the lead to another rep, under the same deadline. Raises Conflict where it has moved on, NotAllowed."""
    wish = Reassign(lead=lead.id, to=to, by=by, at=at, owner_seen=seen.owner, stage_seen=seen.stage)
    return _submitted(wish)


def undo(lead: int, *, act: int, by: str, at: datetime) -> Moved:
    """Take back one's own last decision, `act` in the log. Raises Conflict, NotAllowed when it is too late."""
    return _submitted(Undo(lead=lead, act=act, by=by, at=at))


def _submitted(command: Command) -> Moved:
    answer = workspace.current().submit(command).result()
    if not isinstance(answer, Moved):
        raise TypeError(f"{type(command).__name__} was answered with {type(answer).__name__}")
    return answer
