"""What one person does, as the calls of a tracking SDK: nobody yet, then known, under an old id and a new one."""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

Call = dict[str, Any]
ADDRESS = "/pricing?utm_source=news&utm_medium=email&gclid=Ab1"


class Journey(NamedTuple):
    """The calls of one person, all of which hold `word`, by which they are found in the log."""

    word: str
    user_ids: tuple[str, str]
    calls: list[Call]

    @property
    def labels(self) -> list[str]:
        """What tells the calls apart in the log, sorted."""
        return sorted(str(call.get("event", call["type"])) for call in self.calls)


def on_servers() -> Journey:
    """Told by the company's own programs, which name each person; one id is later said to be an old one of another."""
    word = f"w{uuid4().hex[:12]}"
    nobody, old, known = {"anonymousId": f"a-{word}"}, {"userId": f"old-{word}"}, {"userId": f"u-{word}"}
    run = {"run": word}
    calls: list[Call] = [
        {"type": "track", **old, "event": "Newsletter Subscribed", "properties": run},
        {"type": "page", **nobody, "name": "Pricing", "properties": run | {"url": f"https://shop.example{ADDRESS}"}},
        {"type": "track", **nobody, "event": "Content Downloaded", "properties": run},
        {"type": "identify", **known, **nobody, "traits": traits(word)},
        {"type": "track", **known, "event": "Webinar Attended", "properties": run, "timestamp": two_hours_ago()},
        {"type": "group", **known, "groupId": "firm", "traits": firm(word)},
        {"type": "alias", **known, "previousId": f"old-{word}"},
        {"type": "screen", **known, "name": "Settings", "properties": run},
        {"type": "track", **known, "event": "Demo Requested", "properties": run | {"seats": 7, "trial": True}},
    ]
    return Journey(word, (f"u-{word}", f"old-{word}"), calls)


def in_a_browser() -> Journey:
    """Told by the pages of a site, where the SDK remembers who it is; the first two are nobody's yet."""
    word = f"w{uuid4().hex[:12]}"
    run = {"run": word}
    calls: list[Call] = [
        {"type": "page", "name": "Pricing", "properties": run},
        {"type": "track", "event": "Content Downloaded", "properties": run},
        {"type": "identify", "userId": f"u-{word}", "traits": traits(word)},
        {"type": "track", "event": "Webinar Attended", "properties": run},
        {"type": "group", "groupId": "firm", "traits": firm(word)},
        {"type": "alias", "userId": f"u-{word}", "previousId": f"old-{word}"},
        {"type": "track", "event": "Demo Requested", "properties": run | {"seats": 7, "trial": True}},
    ]
    return Journey(word, (f"u-{word}", f"old-{word}"), calls)


def traits(word: str) -> dict[str, Any]:
    return {"email": f"{word}@firm.example", "firstName": "Lea", "lastName": "Lind", "title": "Head of IT"}


def firm(word: str) -> dict[str, Any]:
    return {"name": "Firm", "employees": 430, "run": word}


def two_hours_ago() -> str:
    return (datetime.now(UTC) - timedelta(hours=2)).isoformat(timespec="milliseconds")
