"""Which refused events an address asks for: a source, a reason, a day, and what became of them."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

import msgspec
from django.utils.timezone import get_current_timezone

from ripeline.events.reason import Reason
from ripeline.server.log.queries import RefusedWish

OPEN = "open"
SHOWN = (OPEN, "replayed", "discarded", "all")
_SETTLED = {OPEN: "", "replayed": "replayed", "discarded": "discarded"}


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What is empty is left open; `show` is one of SHOWN."""

    source: str = ""
    reason: str = ""
    day: date | None = None
    show: str = OPEN
    page: int = 1

    @property
    def narrows(self) -> bool:
        return bool(self.source or self.reason or self.day)

    @property
    def parts(self) -> dict[str, str]:
        """As an address and a form say it, without what goes without saying."""
        told = {
            "source": self.source,
            "reason": self.reason,
            "day": self.day.isoformat() if self.day else "",
            "show": "" if self.show == OPEN else self.show,
            "page": "" if self.page == 1 else str(self.page),
        }
        return {name: value for name, value in told.items() if value}

    def address(self, **changed: object) -> str:
        """The query of the same wish with some parts changed."""
        return "?" + urlencode(msgspec.structs.replace(self, **changed).parts)

    def events(self) -> RefusedWish:
        """What the log is asked for. A day is one of the reader's time zone."""
        since = until = None
        if self.day is not None:
            zone = get_current_timezone()
            since = datetime.combine(self.day, time(), tzinfo=zone)
            until = datetime.combine(self.day + timedelta(days=1), time(), tzinfo=zone)
        return RefusedWish(
            source=self.source or None,
            reason=self.reason or None,
            since=since,
            until=until,
            settled_as=_SETTLED.get(self.show),
        )


def wish_in(asked: Mapping[str, str]) -> Wish:
    """The wish in an address or a form; what is unknown there goes without saying, for links get cut and mistyped."""
    reason, show, page = asked.get("reason", ""), asked.get("show", ""), asked.get("page", "")
    return Wish(
        source=asked.get("source", ""),
        reason=reason if reason in set(Reason) else "",
        day=_day(asked.get("day", "")),
        show=show if show in SHOWN else OPEN,
        page=int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 7 and int(page) else 1,
    )


def _day(told: str) -> date | None:
    try:
        day = date.fromisoformat(told)
    except ValueError:
        return None
    return day if 1990 <= day.year < 9999 else None
