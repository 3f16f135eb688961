"""What a condition can read of an event: a few fields with a meaning of their own, then its properties by name."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from ripeline.events.campaign import CAMPAIGN_PARTS, click_id_kind, first_parameter, host_and_path
from ripeline.events.event import Event
from ripeline.events.facts import Value, comparable, listed
from ripeline.events.names import folded

Reader = Callable[[Event], Value]

_NO_PAGE: dict[str, Any] = {}
_NOTHING = ("", "$direct")


def value(event: Event, field: str) -> Value:
    """The value of `field` at `event`; None is absent.

    `event`, `kind` and `source` are the event's own. `path`, `url`, `title`, `referrer`, `search` and `host` are
    properties, else the page it happened on. `utm_…` and `click_id` come from campaign and address. Everything else
    is a property by name, dotted for nested ones, and with `context.` in front a part of the context.
    """
    return reader(field)(event)


@lru_cache(maxsize=4096)
def reader(field: str) -> Reader:
    """`value` for one field, looked up once; for those who read many events."""
    name = folded(field)
    return _OWN.get(name) or (lambda event: _property(event, field, name))


class EventReading:
    """An event as a reading for conditions.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 3, 1, tzinfo=UTC)
    >>> seen = Event(source="site", message_id="m1", kind="page", name="Page Viewed", occurred_at=at, received_at=at,
    ...              properties={"url": "https://shop.example/pricing?utm_source=news", "Plan": {"seats": 5}})
    >>> reading = EventReading(seen)
    >>> reading.get("path"), reading.get("utm_source"), reading.get("plan.seats"), reading.get("colour")
    ('/pricing', 'news', 5, None)
    """

    __slots__ = ("_event",)

    def __init__(self, event: Event) -> None:
        self._event = event

    def get(self, field: str, /) -> Value:
        return reader(field)(self._event)


def named(nested: dict[str, Any], name: str) -> Value:
    """The value under a folded dotted `name`, however it is spelled and nested; lists gather their members'.

    >>> named({"Cart Items": [{"sku": "a1"}, {"sku": "b2"}]}, "cartitems.sku")
    ['a1', 'b2']
    """
    for field, told in nested.items():
        if folded(field) == name:
            found = _plain(told)
            if found is not None:
                return found
    return _dotted(nested, name) if "." in name else None


def _dotted(nested: dict[str, Any], name: str) -> Value:
    for field, told in nested.items():
        spelled = folded(field)
        if name.startswith(spelled) and name[len(spelled) : len(spelled) + 1] == ".":
            found = _deeper(told, name[len(spelled) + 1 :])
            if found is not None:
                return found
    return None


def _plain(told: Any) -> Value:
    if isinstance(told, (list, tuple)):
        return listed(member for member in told if not isinstance(member, (dict, list, tuple))) or None
    return comparable(told)


def _deeper(told: Any, name: str) -> Value:
    if isinstance(told, dict):
        return named(told, name)
    if not isinstance(told, (list, tuple)):
        return None
    gathered: list[Any] = []
    for member in told:
        found = named(member, name) if isinstance(member, dict) else None
        gathered.extend(found if isinstance(found, list) else [found] if found is not None else [])
    return gathered or None


def _property(event: Event, field: str, name: str) -> Value:
    told = event.properties.get(field)
    if told is not None and not isinstance(told, (dict, list)):
        return comparable(told)
    found = named(event.properties, name)
    if found is None and name.startswith("context."):
        return named(event.context, name[8:])
    return found


def _page(event: Event) -> dict[str, Any]:
    page = event.context.get("page")
    return page if isinstance(page, dict) else _NO_PAGE


def _on_page(field: str) -> Reader:
    """`field` as a property, else of the page; an empty text is absent, and so is what Rudder writes for none."""

    def read(event: Event) -> Value:
        told = event.properties.get(field)
        if not isinstance(told, str):
            told = named(event.properties, field)
        if told is None or told in _NOTHING:
            told = comparable(_page(event).get(field))
        return None if told is None or told in _NOTHING else told

    return read


_url = _on_page("url")


def _of_url(field: str, part: int) -> Reader:
    told = _on_page(field)

    def read(event: Event) -> Value:
        found = told(event)
        if found is not None:
            return found
        url = _url(event)
        return host_and_path(url)[part] if isinstance(url, str) else None

    return read


def _addresses(event: Event) -> tuple[str, ...]:
    page = _page(event)
    told = (page.get("search"), page.get("url"), event.properties.get("url"), event.properties.get("search"))
    return tuple(address for address in told if isinstance(address, str))


def _campaign(name: str) -> Reader:
    spelled, part = folded(name), CAMPAIGN_PARTS[name]

    def read(event: Event) -> Value:
        campaign = event.context.get("campaign")
        if isinstance(campaign, dict):
            told = campaign.get(part)
            if isinstance(told, str) and told:
                return told
        told = first_parameter(name, _addresses(event))
        return told if told is not None else named(event.properties, spelled)

    return read


def _click_id(event: Event) -> Value:
    return click_id_kind(_addresses(event))


_OWN: dict[str, Reader] = {
    "event": lambda event: event.name,
    "kind": lambda event: event.kind,
    "source": lambda event: event.source,
    "url": _url,
    "title": _on_page("title"),
    "referrer": _on_page("referrer"),
    "search": _on_page("search"),
    "host": _of_url("host", 0),
    "path": _of_url("path", 1),
    "clickid": _click_id,
    **{folded(name): _campaign(name) for name in CAMPAIGN_PARTS},
}

# Fields a condition on an event can read beside the properties, as they are written in a definition.
FIELDS = (
    "event", "kind", "source", "path", "url", "title", "referrer", "search", "host", "click_id", *CAMPAIGN_PARTS,
)  # fmt: skip
