"""The explanation in words, the same in command line, API and page."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ripeline.criteria.words import number, points
from ripeline.definition.criterion_wording import about_lead, limit_clause, name_of
from ripeline.translation import counted, translated

if TYPE_CHECKING:
    from ripeline.definition.model import Channel, Criterion, Definition, Group
    from ripeline.scoring.explain import Explanation
    from ripeline.scoring.trace import Match


def of_event(
    definition: Definition, criterion: Criterion, match: Match, weight: float, channel: Channel | None, note: str
) -> str:
    """An event under a criterion, as in `Pricing page: Page Viewed on 2026-03-02 09:00, 8 points, 50% left`."""
    worth = _worth(match.points, weight) if match.counted else [translated("not counted")]
    parts = [_happened(definition, match.event.name, match.event.occurred_at), *worth]
    if match.counted and channel is not None and channel.weight != 1.0:
        through = translated("through “{channel}” (× {weight})", channel=channel.key, weight=number(channel.weight))
        parts.append(through)
    if note:
        parts.append(note)
    return _named(criterion, parts)


def of_fact(definition: Definition, criterion: Criterion, since: datetime, weight: float) -> str:
    """Facts under a criterion, as in `Decides: the job title contains sales, since 2026-03-02 09:00`."""
    said = criterion.when.sentence(about_lead) if criterion.when is not None else translated("everybody")
    since_words = translated("since {time}", time=_time(definition, since))
    parts = [said, since_words, *(_worth(criterion.points, weight) if weight != 1.0 else [])]
    return _named(criterion, parts)


def capped(group: Group) -> str:
    assert group.cap is not None
    return translated("{group} counts at most {points}", group=name_of(group.key), points=number(group.cap))


def floored(group: Group) -> str:
    assert group.floor is not None
    return translated("{group} counts at least {points}", group=name_of(group.key), points=number(group.floor))


def reset(definition: Definition, group: Group, at: datetime) -> str:
    return translated("{group} began anew on {time}", group=name_of(group.key), time=_time(definition, at))


def limited(criterion: Criterion, counts: int, of: int) -> str:
    """As in `3 of 7 counted, at most 3 a day`."""
    much = counted("{count} of {of} counted", "{count} of {of} counted", counts, of=of)
    return ", ".join([much, *(limit_clause(criterion.limit) or [translated("only the first")])])


def excluded(key: str) -> str:
    return translated("excluded: {reason}", reason=name_of(key))


def bucket(local: datetime, per: str) -> object:
    """The day, week or month of a local time; `ever` has only one."""
    week = local.isocalendar()
    return {"day": local.date(), "week": (week.year, week.week), "month": (local.year, local.month)}.get(per)


def lines(explanation: Explanation) -> list[str]:
    """The score, each part of it with its points, and what is missing for the gate."""
    score = explanation.score
    told = [translated("{points} points", points=number(explanation.shown))]
    if score.grade:
        told[0] += ", " + translated("grade {grade}", grade=score.grade)
    told += [f"{points(part.points):>7}  {part.sentence}" for part in explanation.parts]
    reasons = [*map(excluded, score.excluded), *explanation.missing]
    if score.qualifies:
        told.append(translated("Qualifies."))
    elif reasons:
        told.append(translated("Does not qualify: {reasons}.", reasons=", ".join(reasons)))
    else:
        told.append(translated("Does not qualify."))
    return told


def _named(criterion: Criterion, parts: list[str]) -> str:
    return translated("{criterion}: {words}", criterion=name_of(criterion.key), words=", ".join(parts))


def _happened(definition: Definition, name: str, at: datetime) -> str:
    return translated("{event} on {time}", event=name, time=_time(definition, at))


def _worth(given: float, weight: float) -> list[str]:
    words = [counted("{points} point", "{points} points", 1 if abs(given) == 1 else 2, points=number(given))]
    if weight == 0.0:
        words.append(translated("too long ago to count"))
    elif weight != 1.0:
        words.append(translated("{percent}% left", percent=number(round(weight * 100))))
    return words


def _time(definition: Definition, at: datetime) -> str:
    return at.astimezone(ZoneInfo(definition.timezone)).strftime("%Y-%m-%d %H:%M")
