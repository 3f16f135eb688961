"""From a definition to the tables that the kernels read."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ripeline.criteria.at_least import AtLeast
from ripeline.criteria.combine import All, Any
from ripeline.criteria.condition import Condition
from ripeline.criteria.exists import Exists
from ripeline.criteria.more_than import MoreThan
from ripeline.definition.model import Criterion, Definition, Group
from ripeline.events.instants import MICROSECOND
from ripeline.events.names import folded
from ripeline.scoring import jit, tables
from ripeline.scoring.calendar import utc_distance
from ripeline.scoring.postfix import Facts, Postfix
from ripeline.scoring.state import Layout, all_unknown, new_lead
from ripeline.scoring.tables import EVER, FREELY, I8, NEVER, PER_DAY, PER_MONTH, PER_WEEK, Tables

# Facts by which a lead can be reached.
REACHED_BY: Condition = Any((Exists("email"), Exists("phone")))

_PER = {"day": PER_DAY, "week": PER_WEEK, "month": PER_MONTH, "ever": EVER}

Row = Sequence[int | float]  # points are floats, everything else whole numbers


class Compiled(NamedTuple):
    """What the kernels read of a definition, which of its words are points, and how its states are laid out."""

    layout: Layout
    tables: Tables
    holds_points: NDArray[np.bool_]


def facts_read(definition: Definition) -> Facts:
    """The facts that a definition reads, e-mail and phone among them."""
    facts = Facts()
    facts.take(REACHED_BY)
    for criterion in definition.criteria:
        if criterion.on is None and criterion.when is not None:
            facts.take(criterion.when)
    for exclusion in definition.excluded:
        facts.take(exclusion.when)
    if definition.mql.when is not None:
        facts.take(definition.mql.when, frozenset(_points_fields(definition)))
    return facts


def tabled(definition: Definition, facts: Facts, key: int) -> Compiled:
    """The tables of a definition; `key` marks the states that they fold."""
    postfix = Postfix(facts, _points_fields(definition))
    holders, windows = _holders(definition, in_windows=False), _holders(definition, in_windows=True)
    on_facts = [criterion for criterion in definition.criteria if criterion.on is None]
    reads = [[facts.slot(field) for field in each.when.fields()] if each.when else [] for each in on_facts]
    zone = utc_distance(definition.timezone)
    bits = facts.first_bits()
    rows: dict[int, list[Row]] = {
        tables.GROUPS: [_group_row(group, definition) for group in definition.groups],
        tables.HOLDERS: list(holders),
        tables.WINDOWS: list(windows),
        tables.CRITERIA: _criterion_rows(definition, holders, windows),
        tables.FACT_CRITERIA: _fact_rows(definition, on_facts, reads, postfix),
        tables.AGED_FACTS: [_aged_row(definition, each) for each in on_facts if each.age.kind != "none"],
        tables.GATES: _gate_rows(definition, postfix),
        tables.SLOTS: list(pairwise(bits)),
        tables.READS: [(slot,) for slots in reads for slot in slots],
        tables.ZONE: list(zip(zone.since.tolist(), zone.distance.tolist(), strict=True)),
    }
    rows |= {tables.OPERATIONS: list(postfix.operations), tables.COMPARISONS: list(postfix.comparisons)}
    layout = Layout(
        bits=-(-bits[-1] // tables.BITS),
        slots=len(facts.fields),
        aged_facts=len(rows[tables.AGED_FACTS]),
        groups=len(definition.groups),
        limits=sum(criterion.limit is not None for criterion in definition.criteria),
        windows=len(windows),
        holders=len(holders),
        stack=len(postfix.operations) + 1,
    )
    blank = all_unknown(layout, key)
    settings: dict[int, int | float] = {
        **layout.places(),
        tables.VISITORS_QUALIFY: int(definition.visitors_may_qualify),
        tables.NEEDED: needed_total(definition.mql.when),
    }
    packed, holds_points = _packed(settings, rows, blank)
    holds_points[-len(blank) :] = layout.holds_points()[: len(blank)]
    return Compiled(layout, _with_blank_weighed(layout, packed), holds_points)


def needed_total(gate: Condition | None) -> float:
    """A total without which a gate cannot hold, minus infinity where it may at any.

    >>> from ripeline.criteria.at_least import AtLeast
    >>> needed_total(All((AtLeast("total", 65), Any((Exists("title"), AtLeast("total", 80))))))
    65.0
    """
    if isinstance(gate, (AtLeast, MoreThan)) and gate.field == "total":
        return float(gate.number)
    if isinstance(gate, (All, Any)) and gate.conditions:
        totals = [needed_total(part) for part in gate.conditions]
        return max(totals) if isinstance(gate, All) else min(totals)
    return float("-inf")


def _packed(
    settings: dict[int, int | float], rows: dict[int, list[Row]], blank: I8
) -> tuple[Tables, NDArray[np.bool_]]:
    """One array of everything, the directory first; and which of its words are points."""
    size = tables.DIRECTORY + sum(len(row) for table in rows.values() for row in table) + len(blank)
    words = np.zeros(size, dtype=np.int64)
    points, is_points = words.view(np.float64), np.zeros(size, dtype=np.bool_)

    def write(place: int, value: int | float) -> None:
        is_points[place] = isinstance(value, float)
        (points if isinstance(value, float) else words)[place] = value

    for setting, value in settings.items():
        write(setting, value)
    place = tables.DIRECTORY
    for table, lines in rows.items():
        words[table : table + 3] = place, len(lines[0]) if lines else 0, len(lines)
        for cell in (cell for line in lines for cell in line):
            write(place, cell)
            place += 1
    words[tables.BLANK] = place
    words[place:] = blank
    return Tables(words, points), is_points


def _with_blank_weighed(layout: Layout, t: Tables) -> Tables:
    """The tables with a blank state that says what is true where nothing is known, so that no lead has to find out."""
    first, size = int(t.words[tables.BLANK]), int(t.words[tables.SIZE])
    lead = new_lead(layout, queue_room=0, pool_room=0)
    lead.words[:size] = t.words[first:]
    lead.words[tables.FIRST] = 0
    jit.plain().weigh_facts(t, lead)
    born = slice(layout.places()[tables.AT_BORN], layout.places()[tables.AT_MARKS])
    t.words[tables.ABSENT_AGE] = int((lead.words[born] != NEVER).any())
    lead.words[born] = lead.words[tables.FIRST] = NEVER
    t.words[first:] = lead.words[:size]
    return t


def _points_fields(definition: Definition) -> dict[str, int]:
    """Fields of a gate that mean points instead of a fact."""
    return {"total": tables.TOTAL, **{folded(group.key): number for number, group in enumerate(definition.groups)}}


def _number_of(definition: Definition, criterion: Criterion) -> int:
    return [group.key for group in definition.groups].index(criterion.group)


def _holder(definition: Definition, criterion: Criterion) -> tuple[int, int]:
    """Group and span (microseconds, 0 without one) of what contributions of one kind are held in."""
    span = 0 if criterion.age.kind == "none" else criterion.age.span // MICROSECOND
    return _number_of(definition, criterion), span


def _holders(definition: Definition, *, in_windows: bool) -> list[tuple[int, int]]:
    """All accumulators, or all windows."""
    found = {
        _holder(definition, criterion)
        for criterion in definition.criteria
        if criterion.on is not None and (criterion.age.kind == "window") == in_windows
    }
    return sorted(found)


def _group_row(group: Group, definition: Definition) -> Row:
    cap = float("inf") if group.cap is None else float(group.cap)
    floor = float("-inf") if group.floor is None else float(group.floor)
    return cap, floor, int(group.key in definition.resets)


def _criterion_rows(
    definition: Definition, holders: list[tuple[int, int]], windows: list[tuple[int, int]]
) -> list[Row]:
    rows: list[Row] = []
    limited = 0
    for criterion in definition.criteria:
        in_window, holder = criterion.age.kind == "window", _holder(definition, criterion)
        target = (windows if in_window else holders).index(holder) if criterion.on is not None else -1
        limit = criterion.limit
        counts = (min(limit.count, 0xFFFFFFFF), _PER[limit.per], limited) if limit else (0, FREELY, -1)
        limited += limit is not None
        rows.append((target, int(in_window), *counts))
    return rows


def _fact_rows(
    definition: Definition, on_facts: list[Criterion], reads: list[list[int]], postfix: Postfix
) -> list[Row]:
    rows: list[Row] = []
    read, aged = 0, 0
    for criterion, slots in zip(on_facts, reads, strict=True):
        first, end = postfix.add(criterion.when or All(()))
        ages = criterion.age.kind != "none"
        group, points = _number_of(definition, criterion), float(criterion.points)
        rows.append((group, points, first, end, read, read + len(slots), aged if ages else -1))
        read, aged = read + len(slots), aged + ages
    return rows


def _aged_row(definition: Definition, criterion: Criterion) -> Row:
    group, span = _holder(definition, criterion)
    return group, span, float(criterion.points), int(criterion.age.kind == "window")


def _gate_rows(definition: Definition, postfix: Postfix) -> list[Row]:
    """Who is excluded, who can be reached, what opens the gate."""
    excluded = Any(tuple(exclusion.when for exclusion in definition.excluded)) if definition.excluded else None
    return [
        postfix.add(excluded),
        postfix.add(REACHED_BY),
        postfix.add(definition.mql.when, reads_points=True),
    ]
