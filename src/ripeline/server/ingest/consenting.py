"""What a source demands is asked at the door first: who objects is stored nowhere, not even while it waits."""

from collections import defaultdict
from collections.abc import Mapping

from ripeline.events.demand import NOTHING, Demand, is_choice, objects, own_word
from ripeline.events.event import Event
from ripeline.events.reason import Reason
from ripeline.events.refusal import Refusal
from ripeline.server.ingest.answers import taken
from ripeline.server.ingest.intake import Intake


def consented(brought: Intake, demands: Mapping[str, Demand], headers: Mapping[bytes, bytes]) -> Intake:
    """`brought` without what may not be kept by the `demands` of its sources: that is counted, and its sender told.

    Whether the person agreed before is not known here: the writer asks that, and tells nobody.
    """
    if not demands:
        return brought
    objecting = objects(headers)
    accepted: list[Event] = []
    refused: list[Refusal] = []
    unkept: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for event in brought.accepted:
        if _may_come_in(event, demands.get(event.source, NOTHING), objecting=objecting):
            accepted.append(event)
        else:
            unkept[event.source][Reason.NO_CONSENT.value] += 1
    for refusal in brought.refused:
        demand = demands.get(refusal.source, NOTHING)
        if objecting and demand.signals:
            unkept[refusal.source][Reason.NO_CONSENT.value] += 1
        elif demand.given:  # nobody can read in it whether they agreed
            unkept[refusal.source][refusal.reason.value] += 1
        else:
            refused.append(refusal)
    if not unkept:
        return brought
    counts = {source: dict(reasons) for source, reasons in unkept.items()}
    reply = taken(refused, unkept=counts) if brought.reply.status == 200 else brought.reply
    return Intake(accepted, refused, reply, counts)


def _may_come_in(event: Event, demand: Demand, *, objecting: bool) -> bool:
    if not demand:
        return True
    if objecting and demand.signals:
        return is_choice(event, demand)
    return own_word(event, demand) is not False
