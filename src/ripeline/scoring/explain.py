"""Every point of a score: which event or fact gave it under which criterion, and what time and limits left of it."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from ripeline.definition.model import Criterion, Definition, Group
from ripeline.definition.why_not import why_not
from ripeline.events.event import Event
from ripeline.events.names import folded
from ripeline.scoring import explain_words
from ripeline.scoring.acts import Act, Transition
from ripeline.scoring.score import Score
from ripeline.scoring.shapes import FoldedReading
from ripeline.scoring.shown import adding_up, shown_total
from ripeline.scoring.trace import Match, Trace, traced


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One contribution, or one row of cap, floor or reset.

    `points` is what is left of `given` and is shown as it is: the points of all parts add up to the explanation's
    `shown`. `counted` is False for a match that the criterion's limit left out (its points are 0). `criterion` is
    empty for `kind` cap, floor and reset. `fact` is the folded field that was stated, `event` the event or statement.
    """

    kind: str  # event, fact, cap, floor, reset
    group: str
    criterion: str
    words: Callable[[], str]
    at: datetime | None
    event: Event | None
    fact: str
    given: float
    points: float
    weight: float  # of age
    channel: str
    counted: bool
    note: str

    @property
    def sentence(self) -> str:
        """The part in words, made only where they are read: a page shows forty of ten thousand."""
        return self.words()


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """A score with all its parts, by group; `shown` is its total to one decimal, never rounded across the gate.

    `missing` says what the lead lacks to pass the MQL gate, in words; it is empty where the gate holds.
    """

    score: Score
    shown: float
    parts: tuple[Part, ...]
    missing: tuple[str, ...]


def explain(
    definition: Definition,
    events: Iterable[Event],
    *,
    as_of: datetime,
    known_at: datetime | None = None,
    acts: Sequence[Act] = (),
    transitions: Sequence[Transition] | None = None,
    reachable: bool = False,
) -> Explanation:
    """Explain the score of one lead at `as_of`; with `transitions` as it happened, else as if."""
    return explained(
        definition,
        traced(
            definition, events, as_of=as_of, known_at=known_at, acts=acts, transitions=transitions, reachable=reachable
        ),
    )


def explained(definition: Definition, trace: Trace) -> Explanation:
    """The explanation of a lead that was folded already."""
    found = [_parts_of(definition, group, trace) for group in definition.groups] if trace.events else []
    shown = shown_total(definition, trace.score.total)
    sums = adding_up([sum(part.points for part in parts) for parts in found], shown) if found else []
    return Explanation(
        score=trace.score,
        shown=shown,
        parts=tuple(part for parts, total in zip(found, sums, strict=True) for part in _rounded(parts, total)),
        missing=tuple(_missing(definition, trace)),
    )


def sentences(explanation: Explanation) -> list[str]:
    """The explanation as lines of text: the score, every part of it, and what is missing."""
    return explain_words.lines(explanation)


def _rounded(parts: list[Part], total: float) -> list[Part]:
    """`parts` with points that add up to `total`; only what is worth something takes part in the rounding."""
    worth = [part for part in parts if part.points != 0.0]
    points = iter(adding_up([part.points for part in worth], total))
    return [msgspec.structs.replace(part, points=next(points) if part.points != 0.0 else 0.0) for part in parts]


def _parts_of(definition: Definition, group: Group, trace: Trace) -> list[Part]:
    parts = [part for criterion in group.criteria for part in _contributions(definition, criterion, trace)]
    raw = sum(part.points for part in parts)
    if group.key in definition.resets and trace.resets:
        mark = max(trace.resets)
        before = sum(part.points for part in parts if part.at is not None and part.at <= mark)
        if before:
            words = partial(explain_words.reset, definition, group, mark)
            parts.append(_adjustment("reset", group, words, -before, at=mark))
            raw -= before
    if group.cap is not None and raw > group.cap:
        parts.append(_adjustment("cap", group, partial(explain_words.capped, group), group.cap - raw))
        raw = group.cap
    if group.floor is not None and raw < group.floor:
        parts.append(_adjustment("floor", group, partial(explain_words.floored, group), group.floor - raw))
    return parts


def _adjustment(
    kind: str, group: Group, words: Callable[[], str], points: float, *, at: datetime | None = None
) -> Part:
    nothing: dict[str, Any] = {"event": None, "fact": "", "channel": "", "counted": True, "note": "", "weight": 1.0}
    return Part(kind=kind, group=group.key, criterion="", words=words, at=at, given=points, points=points, **nothing)


def _contributions(definition: Definition, criterion: Criterion, trace: Trace) -> list[Part]:
    if criterion.on is None:
        return _of_facts(definition, criterion, trace)
    number = definition.criteria.index(criterion)
    matches = [match for match in trace.matches if match.criterion == number]
    notes = _limit_notes(definition, criterion, matches)
    return [_of_event(definition, criterion, match, note, trace) for match, note in zip(matches, notes, strict=True)]


def _of_event(definition: Definition, criterion: Criterion, match: Match, note: str, trace: Trace) -> Part:
    event = match.event
    weight = criterion.age.weight(trace.score.as_of - event.occurred_at)
    channel = trace.program.shapes.channel(event)
    return Part(
        kind="event",
        group=criterion.group,
        criterion=criterion.key,
        words=partial(explain_words.of_event, definition, criterion, match, weight, channel, note),
        at=event.occurred_at,
        event=event,
        fact="",
        given=match.points,
        points=match.points * weight if match.counted else 0.0,
        weight=weight,
        channel=channel.key if channel is not None else "",
        counted=match.counted,
        note=note,
    )


def _of_facts(definition: Definition, criterion: Criterion, trace: Trace) -> list[Part]:
    reading = FoldedReading({field: fact.value for field, fact in trace.facts.items()})
    if criterion.when is not None and not criterion.when.holds(reading):
        return []
    read = [folded(field) for field in criterion.when.fields()] if criterion.when is not None else []
    field = max((each for each in read if each in trace.facts), key=lambda each: trace.facts[each].since, default="")
    fact = trace.facts.get(field)
    since = fact.since if fact is not None else trace.events[0].occurred_at
    weight = criterion.age.weight(trace.score.as_of - since)
    return [
        Part(
            kind="fact",
            group=criterion.group,
            criterion=criterion.key,
            words=partial(explain_words.of_fact, definition, criterion, since, weight),
            at=since,
            event=fact.event if fact is not None else None,
            fact=field,
            given=criterion.points,
            points=criterion.points * weight,
            weight=weight,
            channel="",
            counted=True,
            note="",
        )
    ]


def _limit_notes(definition: Definition, criterion: Criterion, matches: list[Match]) -> list[str]:
    """For each match how many of its bucket counted, where a limit left some out."""
    if criterion.limit is None:
        return [""] * len(matches)
    zone, per = ZoneInfo(definition.timezone), criterion.limit.per
    buckets = [explain_words.bucket(match.event.occurred_at.astimezone(zone), per) for match in matches]
    came = Counter(buckets)
    took = Counter(bucket for bucket, match in zip(buckets, matches, strict=True) if match.counted)
    notes = {
        bucket: explain_words.limited(criterion, took[bucket], of) if took[bucket] < of else ""
        for bucket, of in came.items()
    }
    return [notes[bucket] for bucket in buckets]


def _missing(definition: Definition, trace: Trace) -> list[str]:
    if trace.score.qualifies or not trace.events:
        return []
    points = {folded(key): round(value, 6) for key, value in trace.score.sub_scores.items()}
    facts = {field: fact.value for field, fact in trace.facts.items()}
    reading = FoldedReading({**facts, "total": round(trace.score.total, 6), **points})
    return why_not(definition, reading)
