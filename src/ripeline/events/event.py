"""One interaction, as its sender told it, with its time corrected for the sender's clock."""

from datetime import datetime
from typing import Any

import msgspec

from ripeline.events.consent import Consent

# A value a condition can read. Numbers, text and truth are never turned into one another.
type_of_value = float | int | str | bool | None

KINDS = ("track", "page", "screen", "identify", "group", "alias")


class Event(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a lead did or stated.

    `source` and `message_id` together are unique. `name` is as sent; a page call is `Page Viewed`, a screen call
    `Screen Viewed`, identify `Identified`, group `Grouped`, alias `Aliased`. `facts` are statements about the person
    (identify and group traits, dotted for nested ones, a group's under `company.`); `hints` come from
    `context.traits` of other calls and only fill what is unknown. `consents` is what it says the person agreed to, or
    did not. Empty ids are None.
    """

    source: str
    message_id: str
    kind: str
    name: str
    occurred_at: datetime
    received_at: datetime
    user_id: str | None = None
    anonymous_id: str | None = None
    previous_id: str | None = None
    group_id: str | None = None
    external_ids: tuple[str, ...] = ()
    facts: dict[str, Any] = {}
    hints: dict[str, Any] = {}
    properties: dict[str, Any] = {}
    context: dict[str, Any] = {}
    consents: tuple[Consent, ...] = ()
    body: bytes = b""
