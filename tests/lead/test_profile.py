"""What the page says of who a lead is."""

import pytest
from tests.cast import known_as, publish, send

from ripeline.server.log import queries
from ripeline.server.workspace import Workspace


@pytest.mark.parametrize(
    ("field", "value", "link"),
    [
        ("email", "grace@navy.example", "mailto:grace@navy.example"),
        ("email", "grace+crm@navy.example", "mailto:grace%2Bcrm@navy.example"),
        ("email", "o'hara?bcc=spy@evil.example", "mailto:o%27hara%3Fbcc%3Dspy@evil.example"),
        ("email", "grace@navy.example?bcc=spy@evil.example", ""),
        ("email", "grace@navy.example,spy@evil.example", ""),
        ("phone", "+46 (70) 123-45.67", "tel:+46701234567"),
        ("phone", "*21*0900123456#", ""),
        ("phone", "call me", ""),
    ],
)
def test_a_visitor_does_not_write_where_the_reps_link_leads(
    workspace: Workspace, field: str, value: str, link: str
) -> None:
    from ripeline.server.leads.profile import contact

    publish(workspace)
    send(workspace, known_as("grace", **{field: value}))  # type: ignore[arg-type]  # a trait
    record = queries.lead(queries.leads(user_id="grace").items[0].id)

    assert record is not None
    assert [line.link for line in contact(record)] == [link]
