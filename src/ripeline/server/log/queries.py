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
from ripeline.server.log.asking.consents import consent, consents
from ripeline.server.log.asking.people import doubts, keys, reps
from ripeline.server.log.asking.reasons import reason_lines
from ripeline.server.log.asking.refused import refused, refused_counts
from ripeline.server.log.asking.sources import source, sources
from ripeline.server.log.asking.standing import leads, leads_after, queue, sla_share, waiting, waiting_count
from ripeline.server.log.change import Change
from ripeline.server.log.records import (
    ActRecord,
    Biography,
    Clock,
    ConsentRecord,
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
    SlaShare,
    SourceRecord,
    Transition,
    Version,
    Waiting,
)

__all__ = [
    "ActRecord",
    "Biography",
    "Change",
    "Clock",
    "ConsentRecord",
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
    "SlaShare",
    "SourceRecord",
    "Transition",
    "Version",
    "Waiting",
    "acts",
    "biography",
    "changes_since",
    "clocks",
    "consent",
    "consents",
    "current_version",
    "cursor",
    "definition",
    "doubts",
    "history",
    "identities",
    "keys",
    "lead",
    "leads",
    "leads_after",
    "mails",
    "merges",
    "queue",
    "reason_lines",
    "refused",
    "refused_counts",
    "reps",
    "sla_share",
    "source",
    "sources",
    "transitions",
    "version",
    "versions",
    "waiting",
    "waiting_count",
]
