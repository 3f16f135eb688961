from datetime import UTC, datetime
from typing import Any

import pytest

from ripeline.events.event import Event
from ripeline.server.console.templatetags.console import icon as drawn
from ripeline.server.leads import happenings, stages, timeline

AT = datetime(2026, 11, 22, 10, 14, tzinfo=UTC)


def event(name: str = "Demo Requested", kind: str = "track", **parts: Any) -> Event:
    return Event(source="site", message_id="m1", kind=kind, name=name, occurred_at=AT, received_at=AT, **parts)


def page(path: str, **context: Any) -> Event:
    return event("Page Viewed", "page", properties={"path": path}, context=context)


def test_a_page_is_told_by_its_title_else_its_path() -> None:
    assert happenings.title(page("/pricing")) == "Viewed /pricing"
    assert (
        happenings.title(event("Page Viewed", "page", properties={"title": "Prices", "path": "/p"})) == "Viewed Prices"
    )


def test_details_say_what_where_and_which_campaign() -> None:
    campaign = {"source": "linkedin", "medium": "paid_social", "name": "Q4 operations"}
    seen = event(
        "Webinar Attended", properties={"webinar": "Forecasting", "share": 0.82}, context={"campaign": campaign}
    )

    assert happenings.details(seen) == "Forecasting, 82% of it · from linkedin, Q4 operations"


def test_a_path_that_is_the_title_already_is_not_said_twice() -> None:
    assert happenings.details(page("/pricing")) == ""


def test_a_statement_names_its_facts() -> None:
    told = event("Identified", "identify", facts={"first_name": "Ada", "company.employees": 430})

    assert happenings.title(told) == "Told who they are"
    assert happenings.details(told) == "First name, Company employees"


def test_the_first_known_origin_is_the_first_touch() -> None:
    visits = [
        page("/"),
        page("/blog", page={"referrer": "https://www.search.example/q", "url": "https://us.example/blog"}),
    ]

    assert happenings.first_touch(visits) == "search.example"


@pytest.mark.parametrize(
    "properties", [{"webinar": None}, {"share": True}, {"title": ["a", "b"]}, {"content": {"a": 1}}]
)
def test_odd_properties_are_passed_over(properties: dict[str, Any]) -> None:
    assert happenings.subject(event(properties=properties)) == ""


@pytest.mark.parametrize(
    "name",
    sorted({
        *(name for _, name in happenings._ICONS), *(name for _, name in happenings._FIELD_ICONS),
        *timeline._STAGE_ICONS.values(), "activity", "user-round", "user-check", "building-2", "link", "scissors",
        "trending-up", "trending-down", "minus", "merge", "shield-check", "shield-x", "monitor-smartphone",
    }),
)  # fmt: skip
def test_every_icon_chosen_in_code_is_in_the_library(name: str) -> None:
    assert drawn(name, 16).startswith("<svg")


def test_stages_ahead_are_those_the_product_leads_to() -> None:
    rail = stages.rail([], first_at=AT, now=AT)

    assert [(step.title, step.state) for step in rail.steps] == [
        ("Visitor", "here"), ("Lead", "ahead"), ("MQL", "ahead"), ("SAL", "ahead"), ("Customer", "ahead"),
    ]  # fmt: skip
