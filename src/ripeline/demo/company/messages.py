"""Messages as a site's SDK would put them on the wire, each with the moment it happened."""

from datetime import datetime
from random import Random
from typing import Any

import msgspec

from ripeline.demo.company.people import Person

SITE = "https://www.kestrel.example"
CAMPAIGNS = {
    "linkedin": {"source": "linkedin", "medium": "paid_social", "name": "Q4 operations"},
    "google": {"source": "google", "medium": "cpc", "name": "freight planning software"},
    "newsletter": {"source": "newsletter", "medium": "email", "name": "monthly"},
}
REFERRERS = {"search": "https://www.google.com/", "direct": "", "partner": "https://partners.example/kestrel"}


class Message(msgspec.Struct, frozen=True):
    """One wire message; `source` is the name of the key it comes in under, `of` the number of the person behind it."""

    at: datetime
    source: str
    of: int
    body: dict[str, Any]


class Scribe:
    """Writes down what people do; one for the whole history, so that message ids follow from the seed."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.messages: list[Message] = []
        self.of = 0  # whose story is being written

    def write(self, at: datetime, kind: str, *, source: str = "site", **body: Any) -> None:
        message_id = f"{self.random.getrandbits(128):032x}"
        self.messages.append(
            Message(at, source, self.of, {"type": kind, "messageId": message_id, "timestamp": at, **body})
        )

    def page(self, at: datetime, browser: "Browser", path: str) -> None:
        self.write(at, "page", **browser.ids, properties={"path": path}, context=browser.context(path))

    def track(self, at: datetime, browser: "Browser", event: str, path: str, **properties: Any) -> None:
        context = browser.context(path)
        self.write(at, "track", **browser.ids, event=event, properties=properties, context=context)

    def identify(self, at: datetime, browser: "Browser", person: Person, path: str) -> None:
        """A form that says who they are; from here on the browser sends the user id."""
        browser.user_id = person.user_id
        self.write(at, "identify", **browser.ids, traits=nested(person.facts), context=browser.context(path))

    def told(self, at: datetime, person: Person, event: str, *, source: str, **properties: Any) -> None:
        """Something a server or a person at a stand reports of somebody already known."""
        self.write(at, "track", source=source, userId=person.user_id, event=event, properties=properties)


class Browser:
    """A browser with its anonymous id, how its present visit came in, and who signed in on it."""

    def __init__(self, random: Random) -> None:
        self.anonymous_id = f"{random.getrandbits(128):032x}"
        self.user_id: str | None = None
        self.came_by = "direct"

    @property
    def ids(self) -> dict[str, str]:
        known = {"userId": self.user_id} if self.user_id else {}
        return {"anonymousId": self.anonymous_id, **known}

    def context(self, path: str) -> dict[str, Any]:
        page = {"path": path, "url": SITE + path, "referrer": REFERRERS.get(self.came_by, "")}
        campaign = CAMPAIGNS.get(self.came_by)
        return {"page": page, "campaign": campaign} if campaign else {"page": page}


def nested(facts: dict[str, Any]) -> dict[str, Any]:
    """Dotted facts as SDKs send them.

    >>> nested({"title": "Owner", "company": "Nordhavn", "company.employees": 430})
    {'title': 'Owner', 'company': {'name': 'Nordhavn', 'employees': 430}}
    """
    traits = {name: value for name, value in facts.items() if not name.startswith("company")}
    company = {name.partition(".")[2] or "name": value for name, value in facts.items() if name.startswith("company")}
    return {**traits, "company": company} if company else traits
