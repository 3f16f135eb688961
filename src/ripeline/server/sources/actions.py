"""What can be done to a source."""

from ripeline.events.demand import Demand
from ripeline.server import workspace
from ripeline.server.log.commands import DemandConsent


def demand(key: int, rule: Demand) -> None:
    """The source of a write key demands this from the next event on. Raises CommandError where there is none."""
    workspace.current().submit(DemandConsent(id=key, demand=rule)).result()
