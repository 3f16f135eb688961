"""What must be true of the log and of the lead once an SDK has sent."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from tests.sdks.journeys import Journey
from tests.sdks.product import Product
from tests.sdks.wire import Wire

ABOUT = timedelta(seconds=60)  # on a busy machine
# What the starter definition gives points for: who they are, and what they did.
EARNED = {"decides", "company_size", "work_mailbox", "pricing_page", "guide", "webinar", "demo"}


def check_held(product: Product, wire: Wire, person: Journey, *, given_up: Collection[str] = ()) -> None:
    """Each event at most once; those answered with 200, and those the SDK did not give up on, exactly once."""
    held = product.held(person.word)
    labels, ids = [event.label for event in held], [event.message_id for event in held]

    assert len(set(ids)) == len(ids)
    assert len(set(labels)) == len(labels)
    assert wire.accepted <= set(ids) <= wire.ids
    assert set(person.labels) - set(given_up) <= set(labels) <= set(person.labels)


def check_lead(product: Product, person: Journey) -> dict[str, Any]:
    """All ids lead to one lead, who did it all and is known by what was told; returns its messages by label."""
    held = product.held(person.word)
    lead = lead_of(product, email=f"{person.word}@firm.example")
    detail = product.asked(f"leads/{lead}")

    assert sorted(event.label for event in held) == person.labels
    assert {lead_of(product, user_id=id) for id in person.user_ids} == {lead}
    assert {lead_of(product, anonymous_id=id) for id in anonymous_ids(held)} == {lead}
    assert [detail[field] for field in ("name", "title", "company", "stage")] == [
        "Lea Lind",
        "Head of IT",
        "Firm",
        "mql",
    ]
    earned = {part["criterion"]: part for part in detail["contributions"]}
    assert earned.keys() >= EARNED
    assert earned["pricing_page"]["channel"] == "email"  # the address they came by says so
    return check_events(product, lead, person)


def check_events(product: Product, lead: int, person: Journey) -> dict[str, Any]:
    """The lead has each call as it was made, and when; returns them by label."""
    events = product.asked(f"leads/{lead}/events", limit="100")["items"]
    found = {event["name"] if event["kind"] == "track" else event["kind"]: event for event in events}
    now = datetime.fromisoformat(max(event["received_at"] for event in events))

    assert sorted(found) == person.labels
    for call in person.calls:
        event = found[call.get("event", call["type"])]
        happened = datetime.fromisoformat(call.get("timestamp", now.isoformat()))
        assert abs(datetime.fromisoformat(event["occurred_at"]) - happened) < ABOUT
        assert event["properties"].items() >= call.get("properties", {}).items()
    assert found["page"]["properties"]["name"] == "Pricing"
    return found


def lead_of(product: Product, **id: str) -> int:
    """The only lead that has it."""
    (lead,) = product.asked("leads", **id)["items"]
    return int(lead["id"])


def anonymous_ids(held: Collection[Any]) -> set[str]:
    return {id for event in held if (id := event.message.get("anonymousId"))}
