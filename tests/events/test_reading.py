"""What a condition on an event can read."""

from typing import Any

import pytest
from tests.events.sent import accepted, message

from ripeline.events.campaign import CLICK_IDS
from ripeline.events.event import Event
from ripeline.events.reading import EventReading, value

SHOP = "https://Shop.example/pricing?utm_source=news&utm_medium=CPC&gclid=Ab1#top"


def on_page(**page: Any) -> Event:
    return accepted(message(context={"page": page}))


def test_an_event_has_its_own_name_kind_and_source() -> None:
    event = accepted(message(properties={"event": "x", "source": "y", "kind": "z"}))

    assert [value(event, field) for field in ("event", "kind", "source")] == ["Demo Requested", "track", "site"]


@pytest.mark.parametrize(
    ("field", "found"),
    [("path", "/pricing"), ("host", "shop.example"), ("url", SHOP), ("title", None), ("referrer", None)],
)
def test_the_page_is_read_from_properties_context_and_address(field: str, found: str | None) -> None:
    assert value(on_page(url=SHOP), field) == found
    assert (
        value(accepted(message(properties={"url": SHOP}, context={"page": {"url": "https://x.example/"}})), field)
        == found
    )


def test_what_a_page_says_goes_before_what_its_address_says() -> None:
    assert value(on_page(url=SHOP, path="/prices"), "path") == "/prices"


@pytest.mark.parametrize("nothing", ["", "$direct", None])
def test_no_referrer_is_absent(nothing: str | None) -> None:
    assert value(on_page(referrer=nothing), "referrer") is None


def test_campaigns_are_read_from_context_then_from_the_address() -> None:
    told = message(context={"campaign": {"source": "mail", "name": "spring"}, "page": {"search": "?utm_source=x"}})

    assert value(accepted(told), "utm_source") == "mail"
    assert value(accepted(told), "UTM Campaign") == "spring"
    assert value(on_page(search="?utm_source=news&utm_medium=CPC"), "utm_medium") == "CPC"
    assert value(accepted(message(properties={"url": SHOP})), "utm_source") == "news"
    assert value(accepted(message(properties={"utm_source": "own"})), "utm_source") == "own"


@pytest.mark.parametrize("kind", CLICK_IDS)
def test_a_click_id_tells_which_platform_it_is_of(kind: str) -> None:
    assert value(on_page(search=f"?a=1&{kind}=xYz"), "click_id") == kind
    assert value(accepted(message(properties={"url": f"https://shop.example/?{kind}=xYz"})), "click_id") == kind


def test_every_click_id_ends_as_addresses_are_searched_for_them() -> None:
    assert all(kind.endswith("id") for kind in CLICK_IDS)


def test_an_address_of_any_length_is_read() -> None:
    address = f"https://shop.example/pricing?padding={'x' * 5_000}&utm_source=news"

    assert [value(on_page(url=address), field) for field in ("utm_source", "path")] == ["news", "/pricing"]


def test_an_empty_click_id_is_none() -> None:
    assert value(on_page(search="?gclid="), "click_id") is None


def test_properties_are_found_however_they_are_spelled() -> None:
    event = accepted(message(properties={"Form ID": 7, "company": {"headCount": 5}, "plan.name": "pro"}))
    reading = EventReading(event)

    assert [reading.get(field) for field in ("form_id", "company.head_count", "plan.name")] == [7, 5, "pro"]


def test_a_list_of_objects_gives_its_members_values() -> None:
    event = accepted(message(properties={"products": [{"sku": "a"}, {"sku": "b"}, {}], "tags": ["x", 1]}))

    assert value(event, "products.sku") == ["a", "b"]
    assert value(event, "tags") == ["x", 1]


def test_an_object_is_no_value() -> None:
    assert value(accepted(message(properties={"company": {"name": "x"}})), "company") is None


def test_the_context_is_read_by_its_whole_name() -> None:
    event = accepted(message(context={"device": {"type": "phone"}}))

    assert value(event, "context.device.type") == "phone"
    assert value(event, "device.type") is None


@pytest.mark.parametrize("page", ["text", 17, [], {"url": 17, "search": ["?"]}, {"url": "http://[broken"}])
def test_a_page_of_another_shape_is_no_page(page: object) -> None:
    event = accepted(message(context={"page": page, "campaign": page}))

    assert [value(event, field) for field in ("path", "host", "utm_source", "click_id")] == [None] * 4
