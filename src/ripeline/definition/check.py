"""What is wrong with the text of a definition: all of it, in the order of the text."""

from collections.abc import Iterator

from ripeline.criteria.comparing import is_number
from ripeline.criteria.condition import Condition, Leaf
from ripeline.criteria.equals import Equals
from ripeline.criteria.one_of import OneOf
from ripeline.criteria.problem import Problem
from ripeline.criteria.words import number
from ripeline.definition.drafts import Draft, draft
from ripeline.definition.findings import Findings, did_you_mean
from ripeline.definition.forms import check_forms
from ripeline.definition.nodes import BrokenTextError, Node, composed
from ripeline.definition.reach import Range, blocked, ranges
from ripeline.events.names import folded
from ripeline.translation import translated

_BY_SIZE = ("more_than", "at_least", "less_than", "at_most")


def problems(text: str) -> list[Problem]:
    """Every problem of `text`, those of its meaning too; none means that it can be published."""
    try:
        return checked(text).findings.problems()
    except BrokenTextError as broken:
        return [broken.problem]


def checked(text: str) -> Draft:
    """`text` taken apart, with all its problems noted; raises `BrokenTextError` if it is not YAML."""
    return checked_node(composed(text))


def checked_node(root: Node | None) -> Draft:
    """The same for a definition that is part of a larger text."""
    read = draft(root)
    _check_resets(read)
    _check_scores_outside_gates(read)
    _check_channels_read(read)
    gate = read.definition.mql.when
    check_forms(read, [*_fact_conditions(read), *([gate] if gate is not None else [])])
    _check_named_acts(read)
    if gate is not None:
        _check_gate(read, gate)
    return read


def _check_resets(read: Draft) -> None:
    known = [group.key for group in read.definition.groups]
    for name, place in read.stages.resets:
        if name not in known:
            hint = did_you_mean(name, known)
            read.findings.add(place, translated("no group of this name to reset"), "unknown-group", hint=hint)


def _fact_conditions(read: Draft) -> Iterator[Condition]:
    """Everything that reads facts of a lead, apart from gates."""
    definition = read.definition
    if definition.minimum_profile is not None:
        yield definition.minimum_profile
    yield from (line.when for line in definition.criteria if line.on is None and line.when is not None)
    yield from (exclusion.when for exclusion in definition.excluded)


def _check_scores_outside_gates(read: Draft) -> None:
    """Scores are read in gates only; elsewhere the same name is a fact, and then no gate could read that fact."""
    keys = {folded(each.group.key): each for each in read.groups}
    shadowed: dict[str, Leaf] = {}
    for leaf in (leaf for condition in _fact_conditions(read) for leaf in condition.leaves()):
        name = folded(leaf.field)
        if name == "total":
            message = translated("the total is read in gates only")
            read.findings.add(read.findings.place_of(leaf), message, "score-outside-gate")
        elif name in keys:
            shadowed.setdefault(name, leaf)
    for name, leaf in shadowed.items():
        message = translated("a group of this name hides the fact that a condition reads")
        hint = translated("rename the group; line {line} reads the fact", line=read.findings.place_of(leaf).line)
        read.findings.add(keys[name].place, message, "hidden-fact", found=keys[name].group.key, hint=hint)


def _check_channels_read(read: Draft) -> None:
    """A criterion that asks for a channel asks for one of the table."""
    keys = tuple(channel.key for channel in read.definition.channels)
    folded_keys = {key.casefold() for key in keys}
    for leaf in _event_leaves(read):
        if folded(leaf.field) != "channel" or not isinstance(leaf, (Equals, OneOf)):
            continue
        for value in leaf.values if isinstance(leaf, OneOf) else (leaf.value,):
            if not isinstance(value, str) or value.casefold() not in folded_keys:
                hint = did_you_mean(str(value), keys) if keys else translated("there is no channel table")
                message = translated("no channel of this name")
                place = read.findings.place_of(leaf)
                read.findings.add(place, message, "unknown-channel", found=str(value), hint=hint)


def _event_leaves(read: Draft) -> Iterator[Leaf]:
    for line in read.definition.criteria:
        if line.on is not None and line.when is not None:
            yield from line.when.leaves()


def _check_named_acts(read: Draft) -> None:
    """What opens a gate by itself or brings somebody back must be able to move a lead."""
    silent = {folded(name) for name in read.definition.not_acts}
    for name, place in (*read.stages.at_once, *read.stages.returns_by):
        if folded(name) in silent:
            message = translated("this event moves nobody, since it is among `not_acts`")
            hint = translated("take it from one of the two lists")
            read.findings.add(place, message, "not-an-act", found=name, hint=hint)


def _check_gate(read: Draft, gate: Condition) -> None:
    scores = ranges(read.definition, shaky=read.shaky)
    facts = _fact_names(read, gate)
    for leaf in gate.leaves():
        if leaf.field in scores and _compares_text(leaf):
            message = translated("a score is a number, and text is never equal to one")
            hint = f"`{{{leaf.field}: {{at_least: 50}}}}`"
            read.findings.add(read.findings.place_of(leaf), message, "text-for-number", hint=hint)
        elif leaf.field not in scores and _seems_a_score(leaf, facts):
            hint = translated(
                "{guess}; if it is a fact, say so beside it: {sample}",
                guess=did_you_mean(leaf.field, scores).in_words(),
                sample=f"`{{{leaf.field}: {{exists: true}}}}`",
            )
            place, message = read.findings.place_of(leaf), translated("no group of this name, and no fact that is read")
            read.findings.add(place, message, "unknown-group", found=leaf.field, hint=hint)
    fed = _fed(read)
    for leaf in blocked(gate, scores):
        if _compares_text(leaf):
            continue
        if leaf.field in fed or leaf.field in read.shaky:
            _note_unreachable(leaf, scores[leaf.field], read.findings)
        else:
            message = translated("a gate fed by no criterion")
            hint = translated("write criteria that give points to {group}", group=leaf.field)
            read.findings.add(read.findings.place_of(leaf), message, "gate-unfed", hint=hint)


def _fed(read: Draft) -> set[str]:
    """Scores that some criterion gives points to."""
    fed = {group.key for group in read.definition.groups if group.criteria}
    return {*fed, *(("total",) if fed or read.shaky else ())}


def _compares_text(leaf: Leaf) -> bool:
    values = leaf.values if isinstance(leaf, OneOf) else (leaf.value,) if isinstance(leaf, Equals) else ()
    return leaf.keyword in ("begins_with", "contains") or any(not is_number(value) for value in values)


def _seems_a_score(leaf: Leaf, facts: set[str]) -> bool:
    """Whether a comparison by size reads a name that nothing else takes for a fact: most likely a misspelt group."""
    return leaf.keyword in _BY_SIZE and "." not in leaf.field and folded(leaf.field) not in facts


def _fact_names(read: Draft, gate: Condition) -> set[str]:
    """Names that are certainly facts: read outside of the gate, or within it as nobody reads a score."""
    named_in_gate = (each.field for each in gate.leaves() if each.keyword not in _BY_SIZE)
    named_elsewhere = (each.field for condition in _fact_conditions(read) for each in condition.leaves())
    return {folded(name) for name in (*named_in_gate, *named_elsewhere)}


def _note_unreachable(leaf: Leaf, reach: Range, findings: Findings) -> None:
    if reach.high == float("inf") or leaf.keyword in ("at_most", "less_than"):
        span = translated("never below {low}", low=number(reach.low))
    else:
        span = translated("never above {high}", high=number(reach.high))
    message = translated("no lead can ever pass this gate: {score} is {span}", score=leaf.field, span=span)
    hint = translated("lower the gate, or raise cap or points")
    findings.add(findings.place_of(leaf), message, "gate-unreachable", hint=hint)
