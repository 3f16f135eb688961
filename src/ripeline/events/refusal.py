"""What the door could not take as an event, kept with its bytes so that it can be mended and replayed."""

from datetime import datetime

import msgspec

from ripeline.events.reason import Reason


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A message that is no event, and why.

    `detail` names the place, in English, for the sender's developer. `body` is the message as sent. `kind` is what
    the path said it is (`track` for `/v1/track`), None within a batch; a replay needs it where the message is silent.
    So it does `sent_at`, when header or batch said that it was sent by its sender's clock.
    """

    source: str
    reason: Reason
    detail: str
    received_at: datetime
    body: bytes
    kind: str | None = None
    sent_at: datetime | None = None
