"""What the process counts, in Prometheus's text form."""

import resource
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ripeline.server.audience import Audience
from ripeline.server.ingest.counts import Counts
from ripeline.server.ingest.waiting import Waiting

CONTENT_TYPE = b"text/plain; version=0.0.4; charset=utf-8"


class Metric(NamedTuple):
    """A name, what it means, whether it only grows, and its values by labels; labels hold no quotes."""

    name: str
    meaning: str
    grows: bool
    values: Mapping[str, float]


def exposition(counts: Counts, waiting: Waiting, audience: Audience, failed: int) -> bytes:
    """The body of `/metrics`."""
    return "".join(line for metric in _metrics(counts, waiting, audience, failed) for line in _lines(metric)).encode()


def _metrics(counts: Counts, waiting: Waiting, audience: Audience, failed: int) -> Iterator[Metric]:
    answered = {f'{{kind="{kind}",status="{status}"}}': n for (kind, status), n in counts.requests.items()}
    yield Metric("ripeline_ingest_requests_total", "Requests answered, by what their path brings.", True, answered)
    yield Metric("ripeline_ingest_seconds_total", "Time from head to answer, in all.", True, {"": counts.seconds})
    yield Metric("ripeline_events_accepted_total", "Events on disk, repeated ones too.", True, {"": counts.accepted})
    refused = {f'{{reason="{reason}"}}': n for reason, n in counts.refused.items()}
    yield Metric("ripeline_events_refused_total", "Messages kept aside, by reason.", True, refused)
    skipped = {f'{{mapping="{name}"}}': n for name, n in counts.skipped.items()}
    yield Metric("ripeline_events_skipped_total", "Left out by the condition of a mapping.", True, skipped)
    yield Metric("ripeline_ingest_waiting_bytes", "Held by requests that wait to be stored.", False, {"": waiting.held})
    told = "Times that a deadline, a refold or an ageing could not be done; it is tried again."
    yield Metric("ripeline_due_failed_total", told, True, {"": failed})
    yield Metric("ripeline_live_streams", "Open pages that listen for changes.", False, {"": len(audience)})
    used = resource.getrusage(resource.RUSAGE_SELF)
    yield Metric("process_cpu_seconds_total", "User and system time.", True, {"": used.ru_utime + used.ru_stime})


def _lines(metric: Metric) -> Iterator[str]:
    yield f"# HELP {metric.name} {metric.meaning}\n# TYPE {metric.name} {'counter' if metric.grows else 'gauge'}\n"
    for labels, value in metric.values.items():
        yield f"{metric.name}{labels} {value}\n"
