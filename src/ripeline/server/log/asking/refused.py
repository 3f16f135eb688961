"""What was no event."""

from collections import Counter

from django.db.models import Count, Sum

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
    """How many were refused, by source and reason; those of which nothing else is kept among them."""
    names = dict(models.Source.objects.values_list("id", "name"))
    counts: Counter[tuple[str, str]] = Counter()
    for source, reason, count in models.Refused.objects.values_list("source", "reason").annotate(Count("id")):
        counts[names[source], reason] += count
    for source, reason, count in (
        models.RefusedDay.objects.filter(kept=False).values_list("source", "reason").annotate(Sum("count"))
    ):
        counts[names[source], reason] += count
    return [
        RefusedCount(source=source, reason=reason, count=count)
        for (source, reason), count in sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    ]
