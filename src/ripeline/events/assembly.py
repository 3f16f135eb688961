"""A wire message put together as an Event, once it is known to be one."""

from datetime import datetime
from typing import Any

from ripeline.events.consent import IN_CONTEXT, consents, is_own_form
from ripeline.events.event import Event
from ripeline.events.facts import flattened
from ripeline.events.ids import present
from ripeline.events.wire import Id, Message

# What a call that names nothing itself is called in the log.
NAMES = {
    "page": "Page Viewed",
    "screen": "Screen Viewed",
    "identify": "Identified",
    "group": "Grouped",
    "alias": "Aliased",
}

_PAGES = frozenset(("page", "screen"))
_PLAIN = frozenset(("track", "page", "screen"))
# Where a context tells more of the person.
_KNOWING = frozenset(("traits", "externalIds", "externalId", *IN_CONTEXT))


def assembled(
    message: Message,
    *,
    body: bytes,
    source: str,
    message_id: str,
    kind: str,
    name: str,
    occurred_at: datetime,
    received_at: datetime,
) -> Event:
    """The event that `message` is, its traits sorted into what is stated and what is only suggested."""
    context = message.context if type(message.context) is dict else {}
    properties = message.properties if type(message.properties) is dict else {}
    if kind in _PAGES:
        _name_page(properties, message)
    if kind in _PLAIN and not _KNOWING.intersection(context) and "consent" not in properties:
        return Event(  # what nearly all are; each field left at its default saves its time
            source=source,
            message_id=message_id,
            kind=kind,
            name=name,
            occurred_at=occurred_at,
            received_at=received_at,
            user_id=present(message.user_id),
            anonymous_id=present(message.anonymous_id),
            properties=properties,
            context=context,
            body=body,
        )
    told = context.get("traits")
    person = told if isinstance(told, dict) else {}
    traits = message.traits if type(message.traits) is dict else {}
    facts, suggested = _facts(message, kind, _without_consent(person), _without_consent(traits))
    return Event(
        source=source,
        message_id=message_id,
        kind=kind,
        name=name,
        occurred_at=occurred_at,
        received_at=received_at,
        user_id=present(message.user_id),
        anonymous_id=present(message.anonymous_id),
        previous_id=present(message.previous_id) if kind == "alias" else None,
        group_id=present(message.group_id) if kind == "group" else None,
        external_ids=_external_ids(context),
        facts=facts,
        hints=suggested,
        properties=properties,
        context=context,
        consents=consents(kind, name, context=context, properties=properties, traits={**person, **traits}),
        body=body,
    )


def _without_consent(traits: dict[str, Any]) -> dict[str, Any]:
    """`traits` without a statement of consent: it is kept as one, and is no fact that others fill or unset."""
    if not is_own_form(traits.get("consent")):
        return traits
    return {field: value for field, value in traits.items() if field != "consent"}


def _facts(
    message: Message, kind: str, person: dict[str, Any], traits: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is stated and what is suggested. Rudder sends an identify's traits in the context, so there they count."""
    if kind == "identify":
        return flattened({**person, **traits}) if person or traits else {}, {}
    if kind == "group":
        company = {"id": present(message.group_id), **traits}
        return flattened({"company": company}), flattened(person) if person else {}
    return {}, flattened(person) if person else {}


def _name_page(properties: dict[str, Any], message: Message) -> None:
    for field, told in (("name", message.name), ("category", message.category)):
        if told is not None and told != "":
            properties.setdefault(field, told)


def _external_ids(context: dict[str, Any]) -> tuple[str, ...]:
    """`type:id` of each external id (`externalIds` of Segment, `externalId` of RudderStack)."""
    told = context.get("externalIds") or context.get("externalId")
    ids = []
    for entry in told if isinstance(told, list) else ():
        value: Id = entry.get("id") if isinstance(entry, dict) else None
        known = present(value) if isinstance(value, (str, int, float)) else None
        if known is not None:
            kind = entry.get("type")
            ids.append(f"{kind if isinstance(kind, str) else ''}:{known}")
    return tuple(ids)
