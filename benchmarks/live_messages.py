"""What a busy site sends: seeded wire messages of 100,000 leads, some leads much busier than others."""

import random
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

import msgspec
from benchmarks.history_lake import NAMES, PATHS, PLANS

LEADS = 100_000
NEW = 0.02  # of the messages come from somebody never seen
LATE = 0.05  # come out of order
LATE_SECONDS = 10.0  # on average: a retry, a lift, a tunnel
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"


class Site:
    """Draws one message after the other. Two in three come from a browser (about 800 bytes), one from a server."""

    def __init__(self, seed: int, *, leads: int = LEADS) -> None:
        self._chance = random.Random(seed)
        self._names = list(NAMES)
        self._weights = list(accumulate(NAMES.values()))
        self._ranks = list(accumulate(1 / (rank + 1) ** 0.8 for rank in range(leads)))  # zipf
        self._leads = leads
        self._born = 0

    def message(self, at: datetime, *, new: float = NEW, late: float = LATE) -> dict[str, Any]:
        """What is sent at `at`; a late message happened seconds to minutes before."""
        chance = self._chance
        if chance.random() < late:
            at -= timedelta(seconds=chance.expovariate(1 / LATE_SECONDS))
        if chance.random() < new:
            self._born += 1
            return self.first(f"new-{id(self)}-{self._born}", at)
        lead = chance.choices(range(self._leads), cum_weights=self._ranks)[0]
        name = chance.choices(self._names, cum_weights=self._weights)[0]
        return self._browser(lead, name, at) if chance.random() < 2 / 3 else self._server(lead, name, at)

    def first(self, lead: int | str, at: datetime) -> dict[str, Any]:
        """How a lead is met: half are visitors, half say who they are."""
        ids = {"anonymousId": f"a-{lead}"}
        if self._chance.random() < 0.5:
            return self._wire("page", at, ids, name="Home", properties=self._page())
        traits = {"email": f"{lead}@firm.example", "firstName": "Ada", "lastName": f"Lee {lead}", "company": "Firm"}
        return self._wire("identify", at, {**ids, "userId": f"u-{lead}"}, traits=traits)

    def _browser(self, lead: int, name: str, at: datetime) -> dict[str, Any]:
        ids = {"anonymousId": f"a-{lead}", **({"userId": f"u-{lead}"} if lead % 2 else {})}
        page = self._page()
        context = {
            "page": page,
            "userAgent": AGENT,
            "locale": "en-GB",
            "timezone": "Europe/Warsaw",
            "library": {"name": "analytics.js", "version": "npm:next-1.84.3"},
        }
        if name == "Page Viewed":
            return self._wire("page", at, ids, name="Page", properties=page, context=context)
        return self._wire("track", at, ids, event=name, properties=self._properties(name), context=context)

    def _server(self, lead: int, name: str, at: datetime) -> dict[str, Any]:
        context = {"library": {"name": "analytics-python", "version": "2.4.0"}}
        ids = {"userId": f"u-{lead}"} if lead % 2 else {"anonymousId": f"a-{lead}"}
        return self._wire("track", at, ids, event=name, properties=self._properties(name), context=context)

    def _page(self) -> dict[str, Any]:
        path = PATHS[int(self._chance.paretovariate(0.5)) % len(PATHS)]
        return {"path": path, "referrer": "", "search": "", "title": "Shop", "url": f"https://shop.example{path}"}

    def _properties(self, name: str) -> dict[str, Any]:
        properties: dict[str, Any] = {"category": "Games", "cart_id": "c-9"}
        if name == "Plan Chosen":
            properties["plan"] = self._chance.choice(PLANS)
        if name in ("Order Completed", "Product Added", "Checkout Started"):
            properties["amount"] = round(self._chance.lognormvariate(5, 1), 2)
        return properties

    def _wire(self, kind: str, at: datetime, ids: dict[str, Any], **fields: Any) -> dict[str, Any]:
        return {
            "type": kind,
            "messageId": str(uuid.UUID(int=self._chance.getrandbits(128), version=4)),
            **ids,
            "timestamp": at.isoformat(timespec="milliseconds"),
            "integrations": {},
            **fields,
        }


def bodies(site: Site, *, events: int, in_a_batch: int, begins: datetime, lasts: timedelta) -> Iterator[bytes]:
    """Batch bodies; what they hold happened within `lasts` from `begins` on."""
    step = lasts / events
    for start in range(0, events, in_a_batch):
        count = min(in_a_batch, events - start)
        batch = [site.message(begins + step * (start + number)) for number in range(count)]
        yield msgspec.json.encode({"batch": batch})
