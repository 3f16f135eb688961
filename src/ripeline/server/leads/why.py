"""Why a score is what it is: every rule that counts as a row of a waterfall, and the strongest for the inbox."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from ripeline.criteria.at_least import AtLeast
from ripeline.criteria.more_than import MoreThan
from ripeline.criteria.words import field_name
from ripeline.definition.criterion_wording import criterion_sentence, name_of
from ripeline.definition.model import Criterion, Definition, Group
from ripeline.events.event import Event
from ripeline.scoring.explain import Explanation
from ripeline.server import charts
from ripeline.server.figures import figure, plural
from ripeline.server.leads import evidence, happenings
from ripeline.server.leads.shares import Share, shares

STRONGEST = 4


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A rule of the waterfall. `agreed` is its whole sentence; `aged` what time has taken of its points."""

    sentence: str
    icon: str
    tone: str
    points: float
    key: str = ""
    agreed: str = ""
    evidence: str = ""
    aged: float = 0.0
    url: str = ""
    step: charts.Step | None = None


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of one kind: a sub-score's gains and adjustments, or everything that counts against the lead."""

    key: str
    title: str
    tone: str
    points: float
    rows: list[Row]


class Legend(msgspec.Struct, frozen=True):
    """A part of the bar, with its colour, words and points."""

    tone: str
    title: str
    points: float
    bar: charts.Bar | None


class Tick(msgspec.Struct, frozen=True):
    """A number on the waterfall's axis."""

    x: str
    words: str
    anchor: str
    is_gate: bool = False


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """The whole card. Shown points of all rows add up to `total`, which is never rounded across the gate."""

    total: float
    aged: float
    gate: float | None
    gate_words: str
    gate_x: str
    ticks: list[Tick]
    sections: list[Section]
    score: charts.Bar
    stack: charts.Stack
    legend: list[Legend]
    strongest: list[Row]
    grade: str
    grade_title: str
    excluded: list[str]
    missing: list[str]
    summary: str


def gate_of(definition: Definition | None) -> float | None:
    """The total that the MQL gate asks for; None where it asks for none."""
    if definition is None or definition.mql.when is None:
        return None
    thresholds = [
        leaf.number
        for leaf in definition.mql.when.leaves()
        if leaf.field == "total" and isinstance(leaf, AtLeast | MoreThan)
    ]
    return max(thresholds, default=None)


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """For whom it is laid out: what is known of the lead by folded field, the moment, and a rule's address.

    `opened` is the act that made the lead an MQL at once, if one did.
    """

    known: Mapping[str, Any]
    now: datetime
    url: Callable[[str], str]
    opened: Event | None = None


def why(definition: Definition, told: Explanation, reader: Reader) -> Why:
    """Lay out what makes up a score."""
    gate, total = gate_of(definition), told.shown
    sections, scale = _drawn(_sections(definition, shares(definition, told), reader), gate)
    gains, loss = [part for part in sections if part.key], _sum(part.points for part in sections if not part.key)
    stack = charts.stack([part.points for part in gains], loss, gate=gate)
    return Why(
        total=total,
        aged=_sum(row.aged for section in sections for row in section.rows),
        gate=gate,
        gate_words=_("MQL %(gate)s") % {"gate": figure(gate)} if gate is not None else "",
        gate_x=scale.at(gate) if gate is not None else "",
        ticks=_ticks(scale, gate),
        sections=sections,
        score=scale.between(0, total),
        stack=stack,
        legend=[*_legend(gains, stack), *([Legend("neg", _("Undesirable"), loss, None)] if loss else [])],
        strongest=[*_opening(reader), *_strongest(sections)][:STRONGEST],
        grade=told.score.grade,
        grade_title=_("Fit grade") if _graded(definition) == ["fit"] else _("Grade"),
        excluded=[name_of(key) for key in told.score.excluded],
        missing=[field_name(part) for part in told.missing],
        summary=_summary(total, sections, gate),
    )


def _graded(definition: Definition) -> list[str]:
    return [group.key for group in definition.groups if group.grades]


def _sections(definition: Definition, found: Sequence[Share], reader: Reader) -> list[Section]:
    """The groups in their order, then what counts against the lead; those in which nothing counts left out."""
    order = {criterion.key: place for place, criterion in enumerate(definition.criteria)}
    ranked = sorted(found, key=lambda share: order[share.criterion.key] if share.criterion else len(order))
    parts = [
        (group.key, _title(group), _tone(group.key, place), [share for share in ranked if _is_gain(share, group.key)])
        for place, group in enumerate(definition.groups)
    ]
    parts.append(("", _("Undesirable"), "neg", [share for share in ranked if _is_against(share)]))
    sections = []
    for key, title, tone, chosen in parts:
        rows = [_row(list(of_rule), reader) for _rule, of_rule in groupby(chosen, key=_rule_of)]
        rows = [row for row in rows if row.points or row.aged]
        if rows:
            points = _sum(row.points for row in rows)
            sections.append(Section(key=key, title=title, tone=tone, points=points, rows=rows))
    return sections


def _drawn(sections: list[Section], gate: float | None) -> tuple[list[Section], charts.Scale]:
    """The sections with the bars of their rows, and the scale they are drawn to."""
    rows = [row for section in sections for row in section.rows]
    steps, scale = charts.waterfall([(row.points, -row.aged) for row in rows], gate=gate)
    bars = iter(steps)

    def with_bars(section: Section) -> Section:
        drawn = [msgspec.structs.replace(row, step=next(bars)) for row in section.rows]
        return msgspec.structs.replace(section, rows=drawn)

    return [with_bars(section) for section in sections], scale


def _rule_of(share: Share) -> str:
    """What makes one row: a criterion, or the words of a cap, floor or reset."""
    return share.criterion.key if share.criterion else share.sentence


def _is_gain(share: Share, group: str) -> bool:
    return share.group == group and not _is_against(share)


def _is_against(share: Share) -> bool:
    return share.criterion is not None and share.criterion.points < 0


def _title(group: Group) -> str:
    titles = {"fit": _("Fit, who they are"), "engagement": _("Engagement, what they did")}
    return titles.get(group.key, name_of(group.key))


def _tone(group: str, place: int) -> str:
    """The colour's name; a group of another name takes the colour of its place."""
    return {"fit": "fit", "engagement": "eng"}.get(group, ("fit", "eng", "more", "more")[min(place, 3)])


def _row(shares: list[Share], reader: Reader) -> Row:
    criterion, counted = shares[0].criterion, [share for share in shares if share.is_counted]
    points = _sum(share.points for share in counted)
    if criterion is None:
        return Row(sentence=shares[0].sentence, icon="scissors", tone="adjust", points=points)
    return Row(
        key=criterion.key,
        sentence=evidence.rule_words(criterion),
        agreed=criterion_sentence(criterion),
        evidence=_evidence(criterion, counted, len(shares) - len(counted), reader),
        icon=evidence.rule_icon(criterion),
        tone="neg" if criterion.points < 0 else "eng" if criterion.on is not None else "fit",
        points=points,
        aged=round(points - _sum(share.given for share in counted), 1),
        url=reader.url(criterion.key) if criterion.on is not None else "",
    )


def _evidence(criterion: Criterion, counted: list[Share], beyond: int, reader: Reader) -> str:
    if criterion.on is None:
        return evidence.of_facts(criterion, reader.known)
    events = [share.event for share in counted if share.event is not None]
    return evidence.of_events(events, beyond, now=reader.now) if events else ""


def _opening(reader: Reader) -> list[Row]:
    """The act that opened the gate by itself: it explains what no points do."""
    if reader.opened is None:
        return []
    when = evidence.of_events([reader.opened], 0, now=reader.now)
    icon, sentence = happenings.icon(reader.opened), happenings.title(reader.opened)
    return [Row(sentence=sentence, evidence=when, icon=icon, tone="eng", points=0.0)]


def _strongest(sections: list[Section]) -> list[Row]:
    """What the lead did speaks first; who they are stands in the heading and the legend already."""
    gains = [row for section in sections for row in section.rows if row.key and row.points > 0]
    return sorted(gains, key=lambda row: (row.tone == "fit", -row.points))


def _ticks(scale: charts.Scale, gate: float | None) -> list[Tick]:
    ends = [Tick(scale.at(0), figure(0), "start" if scale.low == 0 else "middle")]
    if gate is not None:
        words = _("MQL %(gate)s") % {"gate": figure(gate)}
        ends.append(Tick(scale.at(gate), words, "middle", is_gate=True))
    if gate is None or scale.share(gate) < 0.8:
        ends.append(Tick("100%", figure(scale.high), "end"))
    return ends


def _legend(gains: list[Section], stack: charts.Stack) -> list[Legend]:
    return [
        Legend(section.tone, name_of(section.key), section.points, bar)
        for section, bar in zip(gains, stack.bars, strict=True)
    ]


def _points(total: float) -> str:
    count = plural(total)
    if count is None:
        text = pgettext("of a fraction", "%(points)s points")
    else:
        text = ngettext("%(points)s point", "%(points)s points", count)
    return text % {"points": figure(total)}


def _summary(total: float, sections: list[Section], gate: float | None) -> str:
    """The bar in one sentence, for those who do not see it."""
    points = _points(total)
    if gate is not None:
        points = _("%(points)s of the %(gate)s that make an MQL") % {"points": points, "gate": figure(gate)}
    if not sections:
        return points
    parts = ", ".join(f"{section.title} {figure(section.points)}" for section in sections)
    return _("%(points)s: %(parts)s") % {"points": points, "parts": parts}


def _sum(parts: Iterable[float]) -> float:
    return round(sum(parts), 1)
