"""The timeline: by day, newest first, with what each event gave and what is left of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ripeline.events.event import Event
from ripeline.server.leads.timeline import PAGE, Gain, Timeline, happened, timeline
from ripeline.server.log.queries import ActRecord, Transition

NOW = datetime(2026, 11, 22, 10, 14, tzinfo=UTC)
GAIN = Gain(rule="pricing", sentence="Viewed the pricing page", given=8.0, left=4.0)


def seen(days_ago: float, number: int = 0) -> Event:
    at = NOW - timedelta(days=days_ago)
    return Event(
        source="site",
        message_id=f"m{days_ago}-{number}",
        kind="track",
        name="Demo Requested",
        occurred_at=at,
        received_at=at,
    )


def moved(days_ago: float, to: str, **more: Any) -> Transition:
    at = NOW - timedelta(days=days_ago)
    parts: dict[str, Any] = {
        "id": 1, "cycle": 1, "from_stage": "lead", "version": 7, "cause": "points", "event": "", "by": "",
        "by_name": "", "reason": "", "undoes": None, "undone": False, "seq": 5,
    }  # fmt: skip
    return Transition(to_stage=to, crossed_at=at, moved_at=at, **parts | more)


@pytest.fixture
def page() -> Callable[..., Timeline]:
    def made(found: list[Any], **asked: Any) -> Timeline:
        wish: dict[str, Any] = {"show": "all", "rule": "", "rule_sentence": "", "before": None} | asked
        return timeline(found, url=lambda **changed: f"?{sorted(changed.items())}", now=NOW, **wish)

    return made


def test_days_and_entries_run_from_the_newest_back(page: Callable[..., Timeline]) -> None:
    shown = page(happened([seen(34), seen(1), seen(0.1), seen(0.01)], {}, [], []))

    assert [(day.title, len(day.entries)) for day in shown.days] == [
        ("Today", 2),
        ("Yesterday", 1),
        ("Monday 19 October", 1),
    ]
    assert [entry.moment for entry in shown.days[0].entries] == ["09:59", "07:50"]


def test_an_event_carries_what_it_gave_and_what_is_left(page: Callable[..., Timeline]) -> None:
    event = seen(30)

    (day,) = page(happened([event], {(event.source, event.message_id): [GAIN]}, [], [])).days

    assert (day.entries[0].gains[0].given, day.entries[0].gains[0].left, day.entries[0].tone) == (8.0, 4.0, "eng")


def test_filters_narrow_to_what_scored_or_moved(page: Callable[..., Timeline]) -> None:
    scored, plain = seen(3), seen(2)
    found = happened([scored, plain], {(scored.source, scored.message_id): [GAIN]}, [moved(1, "mql")], [])

    assert [len(page(found, show=show).days) for show in ("all", "scored", "stages")] == [3, 1, 1]
    assert [len(page(found, rule=rule).days) for rule in ("pricing", "webinar")] == [1, 0]


def test_an_act_that_moved_the_lead_is_told_once_with_its_note(page: Callable[..., Timeline]) -> None:
    act = ActRecord(
        seq=5,
        act="reject",
        at=NOW,
        by="sam",
        by_name="Sam Sundin",
        reason="not_now",
        note="call in spring",
        amount=None,
        currency="",
        undone=False,
    )
    move = moved(0, "recycled", cause="reject", by="sam", by_name="Sam Sundin", reason="not_now")

    (day,) = page(happened([], {}, [move], [act])).days

    (entry,) = day.entries
    assert (entry.title, entry.details) == ("Given back to nurture", "by Sam Sundin · Not now · call in spring")


def test_the_timeline_is_paged_from_the_newest_back_without_gap_or_overlap(page: Callable[..., Timeline]) -> None:
    found = happened([seen(number / 100, number) for number in range(PAGE * 2 + 5)], {}, [], [])

    sizes, before = [], None
    for _ in range(3):
        shown = page(found, before=before)
        sizes.append(sum(len(day.entries) for day in shown.days))
        before = int(shown.earlier.split("('before', ")[1].split(")")[0]) if shown.earlier else None

    assert sizes == [PAGE, PAGE, 5]


def test_an_empty_timeline_says_what_will_be_here(page: Callable[..., Timeline]) -> None:
    assert page([]).empty == "Nothing has happened yet. What this lead does will appear here."
