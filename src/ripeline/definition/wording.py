"""A definition read back as sentences, in the order of the page: the agreement as a salesperson reads it."""

from collections.abc import Iterator

import msgspec

from ripeline.criteria.combine import All, Any, Not
from ripeline.criteria.condition import Condition, Naming
from ripeline.criteria.exists import Exists
from ripeline.criteria.words import both, either, fact_name, field_name, number
from ripeline.definition.criterion_wording import about_lead, criterion_sentence, name_of
from ripeline.definition.durations import in_words
from ripeline.definition.model import Channel, Definition, Exclusion, Group, RejectReason
from ripeline.translation import translated

__all__ = ["Line", "Section", "agreement", "criterion_sentence", "gate_sentence", "name_of", "profile_sentence"]


class Line(msgspec.Struct, frozen=True):
    """One whole sentence, beginning with its points where it has any.

    `key` is that of the criterion, group or setting; `points` tell a gain from a loss and are None where it is neither.
    """

    key: str
    sentence: str
    points: float | None = None


class Section(msgspec.Struct, frozen=True):
    """A part of the page; `key` is one of `who`, `does`, `unwanted`, `handover`, `back`."""

    title: str
    lines: list[Line]
    key: str


def agreement(definition: Definition) -> list[Section]:
    """The whole definition in sentences; a section without lines is left out."""
    sections = [
        Section(translated("Who we want"), list(_who(definition)), "who"),
        Section(translated("What they do"), list(_does(definition)), "does"),
        Section(translated("What we do not want"), list(_unwanted(definition)), "unwanted"),
        Section(translated("When sales gets them"), list(_handover(definition)), "handover"),
        Section(translated("The way back"), list(_back(definition)), "back"),
    ]
    return [section for section in sections if section.lines]


def _who(definition: Definition) -> Iterator[Line]:
    for line in definition.criteria:
        if line.on is None and line.points >= 0:
            yield Line(line.key, criterion_sentence(line), line.points)
    for group in definition.groups:
        if _is_about_facts(group):
            yield from _group_lines(group)


def _does(definition: Definition) -> Iterator[Line]:
    for line in definition.criteria:
        if line.on is not None and line.points >= 0:
            yield Line(line.key, criterion_sentence(line), line.points)
    for group in definition.groups:
        if not _is_about_facts(group):
            yield from _group_lines(group)
    for channel in definition.channels:
        yield Line(channel.key, channel_sentence(channel))


def _unwanted(definition: Definition) -> Iterator[Line]:
    for line in definition.criteria:
        if line.points < 0:
            yield Line(line.key, criterion_sentence(line), line.points)
    for exclusion in definition.excluded:
        yield Line(exclusion.key, exclusion_sentence(exclusion))


def _is_about_facts(group: Group) -> bool:
    return 2 * sum(line.on is None for line in group.criteria) > len(group.criteria)


def _group_lines(group: Group) -> Iterator[Line]:
    name, cap, floor = name_of(group.key), group.cap, group.floor
    if cap is not None and floor is not None:
        sentence = translated("{group} counts from {floor} to {cap}", group=name, floor=number(floor), cap=number(cap))
        yield Line(group.key, sentence)
    elif cap is not None:
        yield Line(group.key, translated("{group} counts up to {cap}", group=name, cap=number(cap)))
    elif floor is not None:
        yield Line(group.key, translated("{group} never counts below {floor}", group=name, floor=number(floor)))
    if group.grades:
        yield Line(group.key, _grades_sentence(group))


def _grades_sentence(group: Group) -> str:
    bands = [
        translated("{grade} otherwise", grade=band.grade)
        if band.at_least is None
        else translated("{grade} from {points}", grade=band.grade, points=number(band.at_least))
        for band in group.grades
    ]
    return translated("Grades of {group}: {bands}", group=name_of(group.key), bands=", ".join(bands))


def channel_sentence(channel: Channel) -> str:
    """Which events come through a channel, and what that makes of their points.

    >>> from ripeline.criteria.equals import Equals
    >>> channel_sentence(Channel(key="paid", when=Equals("utm_medium", "cpc"), weight=0.8))
    'Through “Paid” comes an event whose UTM medium is cpc; its points count 0.8 times'
    """
    name, weight = name_of(channel.key), number(channel.weight)
    if channel.when is None:
        if channel.weight == 1:
            return translated("Through “{channel}” comes every other event", channel=name)
        return translated(
            "Through “{channel}” comes every other event; its points count {weight} times", channel=name, weight=weight
        )
    words = channel.when.sentence()
    if channel.weight == 1:
        return translated("Through “{channel}” comes an event whose {condition}", channel=name, condition=words)
    return translated(
        "Through “{channel}” comes an event whose {condition}; its points count {weight} times",
        channel=name,
        condition=words,
        weight=weight,
    )


def exclusion_sentence(exclusion: Exclusion) -> str:
    """Whom no gate lets through.

    >>> from ripeline.criteria.equals import Equals
    >>> exclusion_sentence(Exclusion(key="student", when=Equals("role", "student")))
    'Student: never handed over when the role is student'
    """
    return translated(
        "{exclusion}: never handed over when {condition}",
        exclusion=name_of(exclusion.key),
        condition=exclusion.when.sentence(about_lead),
    )


def profile_sentence(profile: Condition) -> str:
    """What must be known of a lead.

    >>> profile_sentence(All((Exists("first_name"), Any((Exists("email"), Exists("phone"))))))
    'The minimum profile is first name and e-mail or phone'
    """
    parts = profile.conditions if isinstance(profile, All) else (profile,)
    return translated("The minimum profile is {fields}", fields=both([_profile_part(part) for part in parts]))


def _profile_part(part: Condition) -> str:
    if isinstance(part, Exists):
        return fact_name(part.field)
    if isinstance(part, Any) and all(isinstance(each, Exists) for each in part.conditions):
        return either([_profile_part(each) for each in part.conditions])
    return part.sentence(fact_name)


class _Spoken(Condition, frozen=True):
    """A part of a gate that has a name of its own."""

    words: str
    denied: str

    def sentence(self, named: Naming = field_name) -> str:  # noqa: ARG002 - it reads no field by name
        return self.words

    def denial(self, named: Naming = field_name) -> str:  # noqa: ARG002 - it reads no field by name
        return self.denied


def gate_sentence(definition: Definition, condition: Condition) -> str:
    """The condition of a gate in words, its minimum profile by that name."""
    scores = {group.key: name_of(group.key) for group in definition.groups} | {"total": translated("the total")}

    def named(field: str) -> str:
        return scores.get(field) or about_lead(field)

    return _with_profile_named(condition, definition.minimum_profile).sentence(named)


def _with_profile_named(condition: Condition, profile: Condition | None) -> Condition:
    if profile is not None and condition == profile:
        return _Spoken(translated("the minimum profile is known"), translated("the minimum profile is not known"))
    if isinstance(condition, Not):
        return Not(_with_profile_named(condition.condition, profile))
    if isinstance(condition, (All, Any)):
        return type(condition)(tuple(_with_profile_named(part, profile) for part in condition.conditions))
    return condition


def _handover(definition: Definition) -> Iterator[Line]:
    gate = definition.mql
    if gate.when is not None:
        words = gate_sentence(definition, gate.when)
        yield Line("mql", translated("A lead becomes an MQL when {condition}", condition=words))
    if gate.at_once:
        yield Line("at_once", translated("A lead becomes an MQL at once by {events}", events=_events(gate.at_once)))
    if definition.minimum_profile is not None:
        yield Line("minimum_profile", profile_sentence(definition.minimum_profile))
    if definition.visitors_may_qualify:
        sentence = translated("Visitors may qualify too, before anyone knows how to reach them")
        yield Line("visitors_may_qualify", sentence)
    if gate.answer_within is not None:
        yield Line("answer_within", translated("Sales answers within {time}", time=in_words(gate.answer_within)))
    sentence = translated(
        "Who qualified more than {time} ago is offered to sales, without a clock",
        time=in_words(definition.handover_within),
    )
    yield Line("handover_within", sentence)
    if definition.not_acts:
        yield Line("not_acts", translated("Nobody is moved by {events}", events=_events(definition.not_acts)))


def _back(definition: Definition) -> Iterator[Line]:
    for reason in definition.reject_reasons:
        yield Line(reason.key, reason_sentence(reason))
    if definition.resets:
        groups = both([name_of(key) for key in definition.resets])
        yield Line("reset", translated("Who is recycled begins anew in {groups}", groups=groups))
    if definition.returns_by:
        sentence = translated("Who is disqualified comes back only by {events}", events=_events(definition.returns_by))
        yield Line("returns_by", sentence)


def reason_sentence(reason: RejectReason) -> str:
    """What follows a rejection, as in `Not now: back to nurture for 90 days`.

    >>> reason_sentence(RejectReason(key="not_a_fit", stage="disqualified"))
    'Not a fit: disqualified'
    """
    name = name_of(reason.key)
    if reason.stage == "disqualified":
        return translated("{reason}: disqualified", reason=name)
    if not reason.wait:
        return translated("{reason}: back to nurture", reason=name)
    return translated("{reason}: back to nurture for {time}", reason=name, time=in_words(reason.wait))


def _events(names: tuple[str, ...]) -> str:
    return either([translated("“{text}”", text=name) for name in names])
