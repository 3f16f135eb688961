"""What others may read of the log: frozen values by plain functions. Nothing here writes.

Instants are aware and UTC. How each is answered stands in `asking`, what it answers in `records`.
"""

from ripeline.server.log.asking.agreement import current_version, definition, version, versions
from ripeline.server.log.asking.biography import (
    acts,
    biography,
    clocks,
    history,
    identities,
    lead,
    mails,
    merges,
    transitions,
)
from ripeline.server.log.asking.changes import changes_since, cursor
from ripeline.server.log.asking.doubts import decided_about, doubts, doubts_about, newest_ruling
from ripeline.server.log.asking.people import keys, reps
from ripeline.server.log.asking.reasons import reason_lines
from ripeline.server.log.asking.refused import refused, refused_counts
from ripeline.server.log.asking.standing import leads, leads_after, queue, sla_share, waiting, waiting_count
from ripeline.server.log.change import Change
from ripeline.server.log.records import (
    ActRecord,
    Biography,
    Clock,
    Doubt,
    IdentityRecord,
    Key,
    LeadRecord,
    LeadRow,
    Mail,
    MergeRecord,
    Page,
    Place,
    Queued,
    RefusedCount,
    RefusedEvent,
    Rep,
    RulingRecord,
    SlaShare,
    Transition,
    Version,
    Waiting,
)

__all__ = [
    "ActRecord",
    "Biography",
    "Change",
    "Clock",
    "Doubt",
    "IdentityRecord",
    "Key",
    "LeadRecord",
    "LeadRow",
    "Mail",
    "MergeRecord",
    "Page",
    "Place",
    "Queued",
    "RefusedCount",
    "RefusedEvent",
    "Rep",
    "RulingRecord",
    "SlaShare",
    "Transition",
    "Version",
    "Waiting",
    "acts",
    "biography",
    "changes_since",
    "clocks",
    "current_version",
    "cursor",
    "decided_about",
    "definition",
    "doubts",
    "doubts_about",
    "history",
    "identities",
    "keys",
    "lead",
    "leads",
    "leads_after",
    "mails",
    "merges",
    "newest_ruling",
    "queue",
    "reason_lines",
    "refused",
    "refused_counts",
    "reps",
    "sla_share",
    "transitions",
    "version",
    "versions",
    "waiting",
    "waiting_count",
]
