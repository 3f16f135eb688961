"""Facts that no criterion reads make a lead move when they are news, but only so many of them are known."""

from tests.scoring.happened import agreed, day, did, said

from ripeline.events.event import Event
from ripeline.scoring import reference
from ripeline.scoring.explain import explain
from ripeline.scoring.tables import MOST_UNREAD

SENT = "{e: {criteria: {sent: {on: Email Sent, points: 20}}}}"  # which is no act, so that nobody crosses by it


def facts(count: int, *, value: object = 1) -> dict[str, object]:
    return {f"f{number}": value for number in range(count)}


def crossed_on(*events: Event) -> list[int | None]:
    """The day of the crossing, by the fold and by the reference."""
    definition, as_of = agreed(SENT), day(9)
    scores = explain(definition, events, as_of=as_of).score, reference.score(definition, events, as_of=as_of)
    crossings = [score.cycles[0].crossed_at for score in scores]
    return [None if at is None else (at - day(0)).days for at in crossings]


def test_a_fact_beyond_those_that_can_be_known_is_no_news() -> None:
    known = said(day(0), **facts(MOST_UNREAD))

    assert crossed_on(known, did("Email Sent", day(1)), said(day(2), further=1)) == [None, None]
    assert crossed_on(said(day(0), a=1), did("Email Sent", day(1)), said(day(2), further=1)) == [2, 2]


def test_a_known_fact_that_changes_is_news_however_many_there_are() -> None:
    known, changed = said(day(0), **facts(MOST_UNREAD)), said(day(3), f7="new")

    assert crossed_on(known, did("Email Sent", day(1)), said(day(2), further=1), changed) == [3, 3]


def test_a_fact_that_is_unset_makes_room_for_another() -> None:
    known, unset = said(day(0), **facts(MOST_UNREAD)), said(day(1), f7=None)

    assert crossed_on(known, unset, did("Email Sent", day(2)), said(day(3), further=1)) == [3, 3]
