"""A message of the tracking API as it stands on the wire (Segment's and RudderStack's form), before any meaning."""

from typing import Annotated, Any

import msgspec

Id = str | int | float | None
# Languages without objects send `[]` for an empty one; any other list in its place is a mistake.
Members = dict[str, Any] | Annotated[list[Any], msgspec.Meta(max_length=0)] | None

LARGEST_MESSAGE = 512 * 1024
DEEPEST = 64


class Message(msgspec.Struct, rename="camel", gc=False):
    """One call of an SDK. Fields we do not read (`integrations`, `_metadata`, `channel`) stay in the bytes."""

    type: str | None = None
    message_id: Id = None
    user_id: Id = None
    anonymous_id: Id = None
    previous_id: Id = None
    group_id: Id = None
    event: str | None = None
    name: Id = None
    category: Id = None
    properties: Members = None
    traits: Members = None
    context: Members = None
    timestamp: Id = None
    original_timestamp: Id = None
    sent_at: Id = None


class Envelope(msgspec.Struct, rename="camel", gc=False):
    """The body of a batch call. Its `timestamp` is the moment of flushing and is left alone."""

    batch: list[msgspec.Raw]
    sent_at: Any = None
    context: msgspec.Raw = msgspec.Raw()
    integrations: msgspec.Raw = msgspec.Raw()


read_message = msgspec.json.Decoder(Message).decode
read_envelope = msgspec.json.Decoder(Envelope).decode
