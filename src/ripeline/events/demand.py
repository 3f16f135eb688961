"""What a source demands before its events are kept: consent for a purpose, or that no browser objects."""

from collections.abc import Mapping
from typing import Any

import msgspec

from ripeline.events.consent import EVERYTHING, Consent
from ripeline.events.event import Event
from ripeline.events.names import folded

# As browsers call them: in the context, where a program passes on what it was told by one.
_IN_CONTEXT = ("doNotTrack", "globalPrivacyControl")
_YES = (True, 1, "1", "yes", "true")
_STATING = frozenset(("track", "identify"))
MOST_PURPOSES = 20


class Demand(msgspec.Struct, frozen=True, kw_only=True):
    """The rule of a source.

    `purposes` are the names of the one purpose its events serve, as consent managers and forms call it. Without
    `given` they are kept until the person says no; with it only once they said yes. `signals` says that Do Not Track
    and Global Privacy Control are a no.
    """

    purposes: tuple[str, ...] = ()
    given: bool = False
    signals: bool = False

    def concerns(self, purpose: str) -> bool:
        """Whether a statement about `purpose` is about what this source's events are for."""
        return purpose == EVERYTHING or any(folded(purpose) == folded(name) for name in self.purposes)

    def __bool__(self) -> bool:
        return bool(self.purposes) or self.given or self.signals


NOTHING = Demand()


def concerning(event: Event, demand: Demand) -> list[Consent]:
    """What `event` itself says about what it is kept for."""
    return [told for told in event.consents if demand.concerns(told.purpose)]


def is_choice(event: Event, demand: Demand) -> bool:
    """Whether `event` is itself the choice: it is kept whatever it says, or nobody could show that it was made."""
    if event.kind not in _STATING or not event.consents:
        return False
    return any(told.stated for told in concerning(event, demand))


def own_word(event: Event, demand: Demand) -> bool | None:
    """Whether `event` may be kept, by what it says itself; None where it says nothing.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 3, 1, tzinfo=UTC)
    >>> seen = Event(source="site", message_id="m1", kind="page", name="Page Viewed", occurred_at=at, received_at=at,
    ...              consents=(Consent("C0002", given=False),))
    >>> own_word(seen, Demand(purposes=("analytics", "C0002"))), own_word(seen, Demand(purposes=("ads",)))
    (False, None)
    """
    if is_choice(event, demand):
        return True
    if demand.signals and event.context and objects_within(event.context):
        return False
    told = concerning(event, demand) if event.consents else []
    return all(one.given for one in told) if told else None


def objects(headers: Mapping[bytes, bytes]) -> bool:
    """Whether a browser says in the head of its request that its person objects.

    >>> objects({b"sec-gpc": b"1"}), objects({b"dnt": b"0"})
    (True, False)
    """
    return headers.get(b"sec-gpc", b"").strip() == b"1" or headers.get(b"dnt", b"").strip() == b"1"


def objects_within(context: Mapping[str, Any]) -> bool:
    """Whether a program says in a message's context that the person's browser objects."""
    return any(context.get(name) in _YES for name in _IN_CONTEXT if name in context)
