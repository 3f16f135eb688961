"""Kestrel's six months, seeded: every message as an event, every decision with its moment."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import msgspec

from ripeline.definition.load import read
from ripeline.definition.model import Criterion, Definition
from ripeline.demo.company import journeys
from ripeline.demo.company.decisions import Crossed, Decision, answers, outcomes
from ripeline.demo.company.messages import Message, Scribe
from ripeline.demo.company.people import person
from ripeline.demo.company.targets import DAYS, LEADS, VISITORS, WAITING, WIN_LIFT
from ripeline.events.decode import decode
from ripeline.events.event import Event
from ripeline.events.facts import Value, statements
from ripeline.events.instants import instant
from ripeline.events.names import folded
from ripeline.events.reading import EventReading
from ripeline.scoring.acts import Transition
from ripeline.scoring.live import Checkpoint, Earlier, LeadWork, Standing, fold
from ripeline.scoring.program import Program, compiled
from ripeline.scoring.rows import told

DEFINITION = Path(__file__).parent / "definition.yaml"
STILL_FRESH = timedelta(hours=6)  # an MQL younger than this at the end has not been answered


class History(msgspec.Struct, frozen=True):
    """Events and decisions, each in time order, all up to `end`."""

    events: list[Event]
    decisions: list[Decision]
    end: datetime

    def __repr__(self) -> str:
        return f"History({len(self.events)} events, {len(self.decisions)} decisions, end={self.end})"


def history(*, end: datetime, seed: int = 7, scale: float = 1.0) -> History:
    """The company's history up to `end`; `scale` below 1 makes a smaller one with the same shares."""
    random = Random(seed)  # noqa: S311 - a made-up company, not a secret
    told = [(message.of, as_event(message)) for message in stories(end, random, scale) if message.at <= end]
    told.sort(key=lambda pair: (pair[1].occurred_at, pair[1].message_id))
    lives = lives_of(told)
    return History([event for _, event in told], decided(lives, end, random), end)


def stories(end: datetime, random: Random, scale: float) -> list[Message]:
    """What everybody did, in no order and beyond `end`, where a life goes on."""
    scribe, start = Scribe(random), end - timedelta(days=DAYS)
    for _ in range(round((VISITORS - LEADS) * scale)):
        journeys.pass_by(scribe, start, random)
    for scribe.of in range(1, round(LEADS * scale) + 1):
        journeys.live(scribe, person(scribe.of, random), start, random)
    for scribe.of, minutes in enumerate(WAITING, LEADS + 1):
        asks_at = end - timedelta(minutes=minutes)
        journeys.ask_now(scribe, person(scribe.of, random, persona="buyer"), asks_at, random)
    return scribe.messages


def as_event(message: Message) -> Event:
    """The message as the door would take it a second after it happened."""
    body = msgspec.json.encode(message.body)
    event = decode(body, source=message.source, received_at=message.at + timedelta(seconds=1))
    if not isinstance(event, Event):
        raise TypeError(f"the demo wrote a message the door refuses: {event.detail}")
    return event


def lives_of(told: Iterable[tuple[int, Event]]) -> dict[str, list[Event]]:
    """The events of everybody who said who they are, by user id; the visits before belong to them too."""
    lives: dict[int, list[Event]] = defaultdict(list)
    for of, event in told:
        lives[of].append(event)
    named = {of: next((event.user_id for event in life if event.user_id), None) for of, life in lives.items()}
    return {user_id: lives[of] for of, user_id in named.items() if user_id}


def decided(lives: dict[str, list[Event]], end: datetime, random: Random) -> list[Decision]:
    """Sales answers every MQL but the freshest; who comes back after a rejection is answered again."""
    definition = read(DEFINITION)
    program = compiled(definition)
    made: dict[str, list[Decision]] = defaultdict(list)
    accepted: dict[str, Crossed] = {}
    waiting = list(lives)
    while waiting:
        moved = became_mql(program, {lead: (lives[lead], made[lead]) for lead in waiting}, end)
        crossed = [
            Crossed(lead, at, marks(definition, lives[lead], at))
            for lead, at in moved.items()
            if at is not None and at < end - STILL_FRESH
        ]
        for answer in answers(crossed, end=end, random=random):
            made[answer.lead].append(answer)
        waiting = [lead.lead for lead in crossed if made[lead.lead][-1].act == "reject"]
        accepted |= {lead.lead: lead for lead in crossed if made[lead.lead][-1].act == "accept"}
    answer_of = {lead: made[lead][-1] for lead in accepted}
    settled = outcomes(list(accepted.values()), answer_of, end=end, random=random)
    every = [*settled, *(answer for answers_of_one in made.values() for answer in answers_of_one)]
    return sorted(every, key=lambda answer: (answer.at, answer.lead))


def became_mql(
    program: Program, leads: dict[str, tuple[list[Event], list[Decision]]], end: datetime
) -> dict[str, datetime | None]:
    """When each lead last became an MQL without having been answered since; None if it did not."""
    rest = [after_rejections(program, life, rejected) for life, rejected in leads.values()]
    folded = fold(program, rest, InOrder(), now=end)
    moves = (next((instant(move.at) for move in lead.moves if move.to == "mql"), None) for lead in folded)
    return dict(zip(leads, moves, strict=True))


def after_rejections(program: Program, life: Sequence[Event], rejected: Sequence[Decision]) -> LeadWork:
    """What is left to fold of a life once its rejections are done."""
    stage_of = {reason.key: reason.stage for reason in program.definition.reject_reasons}
    done = 0
    share = LeadWork(0)
    for answer in rejected:
        upto = next((i for i, event in enumerate(life) if event.occurred_at > answer.at), len(life))
        back = Transition(to=stage_of[answer.reason], moved_at=answer.at, reason=answer.reason)
        share.told = [told(program.shapes, event) for event in life[done:upto]]
        share = LeadWork(0, standing=folded_to(program, share, upto, answer.at), transitions=[back])
        share = LeadWork(0, standing=folded_to(program, share, upto, answer.at))
        done = upto
    share.told = [told(program.shapes, event) for event in life[done:]]
    return share


def folded_to(program: Program, share: LeadWork, seq: int, at: datetime) -> Standing:
    [folded] = fold(program, [share], InOrder(), now=at)
    return Standing(folded.state, seq)


class InOrder:
    """Nothing was stored before: a life is told in order, so nothing of it is late."""

    def checkpoints(self, _lead: int) -> tuple[Checkpoint, ...]:
        return ()

    def stood(self, _lead: int, *, before: int) -> Standing | None:  # noqa: ARG002 - named by who asks
        return None

    def earlier(self, lead: int, *, after: int, newer_than: int) -> Earlier:
        raise AssertionError(f"lead {lead} is late by {after} events, after {newer_than}")


def marks(definition: Definition, life: Sequence[Event], at: datetime) -> frozenset[str]:
    """Which criteria of `WIN_LIFT` the lead had met by `at`."""
    seen = [event for event in life if event.occurred_at <= at]
    facts = {field: value for event in seen for field, value in statements(event)}
    return frozenset(
        criterion.key for criterion in definition.criteria if criterion.key in WIN_LIFT and met(criterion, seen, facts)
    )


def met(criterion: Criterion, seen: Iterable[Event], facts: dict[str, Value]) -> bool:
    if criterion.on is None:
        return criterion.when is not None and criterion.when.holds(FactReading(facts))
    named = (event for event in seen if folded(event.name) == folded(criterion.on or ""))
    return any(criterion.when is None or criterion.when.holds(EventReading(event)) for event in named)


class FactReading:
    """Facts by folded field, read by a condition under whatever spelling it uses."""

    def __init__(self, facts: dict[str, Value]) -> None:
        self._facts = facts

    def get(self, field: str, /) -> Value:
        return self._facts.get(folded(field))
