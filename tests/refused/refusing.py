"""Events that the door refuses, in a workspace of this process."""

from datetime import datetime, timedelta

from tests.cast import present

from ripeline.events.batches import decode_batch
from ripeline.events.decode import decode
from ripeline.events.refusal import Refusal
from ripeline.server.log import queries
from ripeline.server.log.commands import Ingest
from ripeline.server.workspace import Workspace

NOBODY = b'{"event":"Demo Requested","messageId":"m-1"}'
SENT = "2026-03-01T09:00:00Z"


def refuse(
    workspace: Workspace,
    body: bytes = NOBODY,
    *,
    kind: str | None = "track",
    source: str = "website",
    at: datetime | None = None,
    sent_at: str | None = None,
) -> int:
    """The message as its path refuses it; the id of its row."""
    at = at or present() - timedelta(hours=1)
    found: object
    if kind == "batch":
        found = decode_batch(body, source=source, received_at=at, sent_at=sent_at)
    else:
        found = decode(body, source=source, received_at=at, kind=kind, sent_at=sent_at)
    assert isinstance(found, Refusal)
    workspace.submit(Ingest(source=source, refused=[found])).result(timeout=30)
    return queries.refused(limit=1)[0].id


def row_of(id: int) -> queries.RefusedEvent:
    found = queries.refused_one(id)
    assert found is not None
    return found
