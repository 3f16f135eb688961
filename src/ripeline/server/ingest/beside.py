"""Paths of the door beside the tracking API's, each with a reading of its own: `kind_of` a path, `beside` of a kind."""

from collections.abc import Mapping
from datetime import datetime

from ripeline.events.cloudevents import KIND as CLOUDEVENTS
from ripeline.server.ingest.cloud_requests import cloud_intake
from ripeline.server.ingest.intake import Intake


def kind_of(path: str) -> str | None:
    """What a path brings; None where it is none of these."""
    return CLOUDEVENTS if path in ("/v1/cloudevents", "/v1/cloudevents/") else None


class Beside:
    """Reads what comes by these paths."""

    def intake(
        self, kind: str, headers: Mapping[bytes, bytes], body: bytes, *, source: str, received_at: datetime
    ) -> Intake:
        """The events of a request. Raises Failed."""
        return cloud_intake(headers, body, source=source, received_at=received_at)
