"""The demo company leaves: everything that came of its events goes, what its owner set up stays."""

from ripeline.server.log.commands import ClearDemo, Cleared
from ripeline.server.log.session import Log
from ripeline.server.log.store import clearing


def clear_demo(log: Log, command: ClearDemo) -> Cleared:
    events, leads = clearing.empty(log.db)
    log.forget()
    log.inbox = True
    return Cleared(events=events, leads=leads)
