"""What was no event."""

from django.db.models import Count

from ripeline.events.instants import instant
from ripeline.server.log import models
from ripeline.server.log.records import RefusedCount, RefusedEvent


def refused(
    *, source: str | None = None, reason: str | None = None, before: int | None = None, limit: int = 50
) -> list[RefusedEvent]:
    """Refused events, newest first; `before` is the id of the last one of the page before."""
    names = dict(models.Source.objects.values_list("id", "name"))
    found = models.Refused.objects.order_by("-id")
    if source is not None:
        found = found.filter(source__in=[id for id, name in names.items() if name == source])
    if reason is not None:
        found = found.filter(reason=reason)
    if before is not None:
        found = found.filter(id__lt=before)
    return [
        RefusedEvent(
            id=row.id,
            source=names[row.source],
            kind=row.kind,
            reason=row.reason,
            detail=row.detail,
            received_at=instant(row.received_at),
            body=bytes(row.body),
        )
        for row in found[:limit]
    ]


def refused_counts() -> list[RefusedCount]:
    """How many were refused, by source and reason."""
    names = dict(models.Source.objects.values_list("id", "name"))
    counted = models.Refused.objects.values_list("source", "reason").annotate(Count("id"))
    return sorted(
        (RefusedCount(source=names[source], reason=reason, count=count) for source, reason, count in counted),
        key=lambda row: (-row.count, row.source, row.reason),
    )
