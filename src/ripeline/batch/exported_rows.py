"""The events of an exported workspace, read as a file of events: each is what its whole message says."""

from collections.abc import Iterator

import msgspec

from ripeline.batch.filed import Filed, NoEvent
from ripeline.batch.mapping import Fixed, RowsOf
from ripeline.batch.tables import Row
from ripeline.events.decode import KINDS, restored
from ripeline.events.reason import Reason

EXPORTED = RowsOf(occurred_at=Fixed(None))  # stands for a mapping where a file says of itself what it is


def exported_events(row: Row) -> Iterator[Filed]:
    """The event of a row; what people did in the product is none. Raises NoEvent without a message."""
    cells = row.cells
    if cells["type"] not in KINDS:
        return
    try:
        event = restored(
            cells["message"].encode(),
            source=cells["source"],
            message_id=cells["id"],
            kind=cells["type"],
            name=cells["name"],
            occurred_at=cells["occurred_at"],
            received_at=cells["received_at"],
        )
    except (msgspec.DecodeError, AttributeError) as problem:
        raise NoEvent(Reason.NOT_JSON, f"`message` is no message: {problem}") from None
    yield Filed(None, event)
