"""The reference scorer: slow, plain, and the one every other scorer must match.

It shares nothing with the fold but what conditions and statements mean. It keeps every contribution of a lead and
weighs all of them anew whenever a score is read.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ripeline.criteria.condition import Value
from ripeline.definition.model import Channel, Criterion, Definition, Group
from ripeline.events.event import Event
from ripeline.events.facts import hints, statements
from ripeline.events.names import folded
from ripeline.events.reading import EventReading
from ripeline.scoring.acts import LEADS_TO, LEGAL_FROM, Act, Transition, standing_acts
from ripeline.scoring.score import Cycle, Score
from ripeline.scoring.tables import MOST_UNREAD


def score(
    definition: Definition,
    history: Iterable[Event],
    *,
    as_of: datetime,
    known_at: datetime | None = None,
    reachable: bool = False,
    acts: Sequence[Act] = (),
    transitions: Sequence[Transition] | None = None,
) -> Score:
    """Score one lead as it stood at `as_of`; later events do not exist yet.

    `history` are the lead's events as stored, in any order; of copies the first counts. What was received or done
    after `known_at` is not known. `reachable`: the lead can be reached by other means than e-mail or phone. With
    `transitions` stages are as they happened; without, gates decide and `acts` apply where they are legal.

    >>> from datetime import UTC
    >>> from ripeline.definition.model import Gate
    >>> from ripeline.criteria.at_least import AtLeast
    >>> demo = Criterion(key="demo", group="engagement", points=20, on="Demo Booked")
    >>> trial = Definition(key="trial", title="Trial", timezone="UTC",
    ...                    groups=(Group(key="engagement", criteria=(demo,)),),
    ...                    mql=Gate(opens="mql", when=AtLeast("total", 20)))
    >>> booked = datetime(2026, 3, 1, tzinfo=UTC)
    >>> ada = [Event(source="site", message_id="m1", kind="track", name="demo_booked",
    ...              occurred_at=booked, received_at=booked)]
    >>> found = score(trial, ada, as_of=datetime(2026, 3, 31, tzinfo=UTC))
    >>> found.total, found.qualifies, found.qualified_at == booked
    (20.0, True, True)
    """
    known_at = known_at or datetime.max.replace(tzinfo=as_of.tzinfo)
    seen = [event for event in _stored(history) if event.occurred_at <= as_of and event.received_at <= known_at]
    decided = _decided(standing_acts(act for act in acts if act.at <= known_at), transitions)
    decided = [decision for decision in decided if decision.at <= as_of]
    lead = _Lead(definition, seen, reachable=reachable, decides=transitions is None)
    for instant in sorted({event.occurred_at for event in seen} | {decision.at for decision in decided}):
        lead.live(instant)
        for decision in decided:
            if decision.at == instant:
                lead.undergo(decision)
    return lead.score(as_of)


class Decision(NamedTuple):
    """An act or a recorded transition."""

    at: datetime
    legal_from: tuple[str, ...] | None  # None: from anywhere
    to: str
    reason: str


class Contribution(NamedTuple):
    """One event under one criterion, before its age."""

    criterion: Criterion
    occurred_at: datetime
    points: float


class Known(NamedTuple):
    """What is known of a fact, and since when it has been this."""

    value: Value
    since: datetime


def _stored(history: Iterable[Event]) -> list[Event]:
    first: dict[tuple[str, str], Event] = {}
    for event in history:
        first.setdefault((event.source, event.message_id), event)
    return sorted(first.values(), key=lambda event: (event.occurred_at, event.source, event.message_id))


def _decided(acts: Sequence[Act], transitions: Sequence[Transition] | None) -> list[Decision]:
    if transitions is not None:
        moves = [Decision(move.moved_at, None, move.to, move.reason) for move in transitions]
    else:
        moves = [Decision(act.at, LEGAL_FROM[act.act], LEADS_TO.get(act.act, ""), act.reason) for act in acts]
    return sorted(moves, key=lambda move: move.at)


class _Lead:
    """One lead on its way through its history."""

    def __init__(self, definition: Definition, seen: list[Event], *, reachable: bool, decides: bool) -> None:
        self.definition = definition
        self.seen = seen
        self.reachable = reachable
        self.decides = decides
        self.contributions = [
            each for criterion in definition.criteria for each in counted(definition, criterion, seen)
        ]
        self.facts: dict[str, Known] = {}
        self.read = set(read_facts(definition))
        self.marks: dict[str, datetime] = {}
        self.stage = "visitor"
        self.latched = False
        self.returned = False
        self.cool_until: datetime | None = None
        self.skipped = 0
        self.cycles = [Cycle(1, seen[0].occurred_at)] if seen else []

    def live(self, instant: datetime) -> None:
        """Everything that happened at one instant, then the gates."""
        now = [event for event in self.seen if event.occurred_at == instant]
        happened = False
        for event in now:
            news = self.learn(event)
            happened = happened or news or is_act(self.definition, event)
        if any(named(event, self.definition.returns_by) for event in now):
            self.come_back(instant)
        if any(named(event, self.definition.mql.at_once) for event in now):
            self.latched = True
        if now:
            self.decide(instant, happened=happened)

    def learn(self, event: Event) -> bool:
        """Take in what an event states and hints at; whether a statement changed what is known."""
        news = False
        for field, value in statements(event):
            known = self.facts.get(field)
            if value is None:
                news = news or known is not None
                self.facts.pop(field, None)
            elif (known is None and self.has_room_for(field)) or (known and not same_value(known.value, value)):
                self.facts[field] = Known(value, event.occurred_at)
                news = True
        for field, value in hints(event):
            if field not in self.facts and value is not None and self.has_room_for(field):
                self.facts[field] = Known(value, event.occurred_at)
        return news

    def has_room_for(self, field: str) -> bool:
        """Of facts that nothing reads only so many are known; a further one is no news."""
        return field in self.read or len(self.facts.keys() - self.read) < MOST_UNREAD

    def come_back(self, instant: datetime) -> None:
        if self.stage == "disqualified" and not self.returned:
            self.returned = True
            self.begin_cycle(instant)

    def begin_cycle(self, instant: datetime) -> None:
        self.cycles.append(Cycle(len(self.cycles) + 1, instant))
        self.latched = False

    def decide(self, instant: datetime, *, happened: bool) -> None:
        if self.decides:
            self.let_in()
        if not happened or not self.gate_holds(instant):
            return
        if self.cycles[-1].crossed_at is None:
            self.cycles[-1] = Cycle(self.cycles[-1].number, self.cycles[-1].started_at, instant)
        if self.decides and self.admitted(instant):
            self.stage = "mql"

    def let_in(self) -> None:
        reached = self.reachable or any(_is_there(self.facts.get(field)) for field in ("email", "phone"))
        if self.stage == "visitor" and reached:
            self.stage = "lead"
        elif self.stage == "disqualified" and self.returned:
            self.stage = "lead" if reached else "visitor"

    def admitted(self, instant: datetime) -> bool:
        if self.stage == "visitor":
            return self.definition.visitors_may_qualify
        cooled = self.cool_until is None or instant >= self.cool_until
        return self.stage == "lead" or (self.stage == "recycled" and cooled)

    def undergo(self, decision: Decision) -> None:
        """What a person did, or what was recorded."""
        reason = next((each for each in self.definition.reject_reasons if each.key == decision.reason), None)
        to = decision.to or (reason.stage if reason is not None else "")
        if not to or (decision.legal_from is not None and self.stage not in decision.legal_from):
            self.skipped += 1
            return
        self.stage = to
        self.returned = False
        if to == "recycled":
            self.cool_until = decision.at + (reason.wait if reason is not None else timedelta(0))
            self.marks.update(dict.fromkeys(self.definition.resets, decision.at))
            self.begin_cycle(decision.at)

    def gate_holds(self, instant: datetime) -> bool:
        if self.excluded():
            return False
        gate = self.definition.mql
        return self.latched or (gate.when is not None and gate.when.holds(self.reading(instant)))

    def excluded(self) -> tuple[str, ...]:
        facts = Reading({field: known.value for field, known in self.facts.items()})
        return tuple(exclusion.key for exclusion in self.definition.excluded if exclusion.when.holds(facts))

    def reading(self, instant: datetime) -> "Reading":
        sub_scores = self.sub_scores(instant)
        points = {folded(key): round(value, 6) for key, value in sub_scores.items()}
        facts = {field: known.value for field, known in self.facts.items()}
        return Reading({**facts, "total": round(sum(sub_scores.values()), 6), **points})

    def sub_scores(self, instant: datetime) -> dict[str, float]:
        return {group.key: clamped(group, self.sum_of(group, instant)) for group in self.definition.groups}

    def sum_of(self, group: Group, instant: datetime) -> float:
        mark = self.marks.get(group.key)
        total = 0.0
        for each in (*self.contributions, *self.of_facts()):
            after_reset = mark is None or each.occurred_at > mark
            if each.criterion.group == group.key and each.occurred_at <= instant and after_reset:
                total += each.points * each.criterion.age.weight(instant - each.occurred_at)
        return total

    def of_facts(self) -> list[Contribution]:
        """What the facts known by now contribute, each from the statement it ages from."""
        reading = Reading({field: known.value for field, known in self.facts.items()})
        found = []
        for criterion in self.definition.criteria:
            if criterion.on is None and (criterion.when is None or criterion.when.holds(reading)):
                fields = [folded(field) for field in criterion.when.fields()] if criterion.when is not None else []
                since = [self.facts[field].since for field in fields if field in self.facts]
                found.append(Contribution(criterion, max(since, default=self.seen[0].occurred_at), criterion.points))
        return found

    def score(self, as_of: datetime) -> Score:
        if not self.seen:
            return Score(as_of=as_of, total=0.0, sub_scores={group.key: 0.0 for group in self.definition.groups})
        sub_scores = self.sub_scores(as_of)
        crossings = [cycle.crossed_at for cycle in self.cycles if cycle.crossed_at is not None]
        return Score(
            as_of=as_of,
            total=sum(sub_scores.values()),
            sub_scores=sub_scores,
            grade="".join(grade(group, sub_scores[group.key]) for group in self.definition.groups),
            stage=self.stage,
            excluded=self.excluded(),
            qualifies=self.gate_holds(as_of),
            qualified_at=crossings[0] if crossings else None,
            cycles=tuple(self.cycles),
            skipped=self.skipped,
        )


class Reading:
    """Values by folded field."""

    def __init__(self, values: dict[str, Value]) -> None:
        self._values = values

    def get(self, field: str, /) -> Value:
        return self._values.get(folded(field))


class _WithChannel:
    """An event's values, and the channel it came through; the wire's own `channel` is never read."""

    def __init__(self, event: Event, channel: str | None) -> None:
        self._event, self._channel = EventReading(event), channel

    def get(self, field: str, /) -> Value:
        return self._channel if folded(field) == "channel" else self._event.get(field)


def counted(definition: Definition, criterion: Criterion, seen: Sequence[Event]) -> list[Contribution]:
    """What `seen`, in order, contributes under a criterion on events: matches, then the limit, then channel weights."""
    found: list[Contribution] = []
    taken: dict[object, int] = {}
    for event in seen:
        if criterion.on is None or folded(event.name) != folded(criterion.on):
            continue
        channel = channel_of(definition, event)
        reading = _WithChannel(event, channel.key if channel is not None else None)
        if criterion.when is not None and not criterion.when.holds(reading):
            continue
        if criterion.limit is not None:
            bucket = bucket_of(event.occurred_at, criterion.limit.per, ZoneInfo(definition.timezone))
            taken[bucket] = taken.get(bucket, 0) + 1
            if taken[bucket] > criterion.limit.count:
                continue
        weight = channel.weight if channel is not None else 1.0
        found.append(Contribution(criterion, event.occurred_at, criterion.points * weight))
    return found


def channel_of(definition: Definition, event: Event) -> Channel | None:
    """The first row of the channel table that an event matches."""
    reading = _WithChannel(event, None)
    matching = (row for row in definition.channels if row.when is None or row.when.holds(reading))
    return next(matching, None)


def bucket_of(at: datetime, per: str, zone: ZoneInfo) -> object:
    """The local day, ISO week or month in which `at` lies; for `ever` there is only one."""
    day = at.astimezone(zone).date()
    return {"day": day, "week": day.isocalendar()[:2], "month": (day.year, day.month), "ever": None}[per]


def is_act(definition: Definition, event: Event) -> bool:
    """Whether an event is an act of the lead: not what others did, nor a call that only states facts.

    A call that states facts is an act where the definition names it, as a criterion or a bypass does.
    """
    if named(event, definition.not_acts):
        return False
    names = [criterion.on for criterion in definition.criteria if criterion.on is not None]
    states_facts = event.kind in ("identify", "group", "alias")
    return not states_facts or named(event, (*names, *definition.mql.at_once, *definition.returns_by))


def named(event: Event, names: Sequence[str]) -> bool:
    return any(folded(event.name) == folded(name) for name in names)


def same_value(left: Value, right: Value) -> bool:
    """7 is 7.0; neither is "7" or true."""
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        return len(left) == len(right) and all(map(same_value, left, right))
    return isinstance(left, bool) == isinstance(right, bool) and left == right


def read_facts(definition: Definition) -> Iterable[str]:
    """The facts that the definition reads, and those by which a lead can be reached, folded."""
    conditions = [criterion.when for criterion in definition.criteria if criterion.on is None]
    conditions += [exclusion.when for exclusion in definition.excluded]
    points = {"total", *(folded(group.key) for group in definition.groups)}
    gate = definition.mql.when
    yield from ("email", "phone")
    yield from (folded(field) for when in conditions if when is not None for field in when.fields())
    yield from (folded(field) for field in (gate.fields() if gate is not None else ()) if folded(field) not in points)


def _is_there(known: Known | None) -> bool:
    """A blank text is an empty field of a form, and a list is there by its members."""
    if known is None:
        return False
    told = known.value if isinstance(known.value, list) else [known.value]
    return any(not isinstance(one, str) or one.strip() != "" for one in told)


def clamped(group: Group, points: float) -> float:
    capped = points if group.cap is None else min(points, group.cap)
    return capped if group.floor is None else max(capped, group.floor)


def grade(group: Group, points: float) -> str:
    bands = (band for band in group.grades if band.at_least is None or round(points, 6) >= band.at_least)
    return next((band.grade for band in bands), "")
