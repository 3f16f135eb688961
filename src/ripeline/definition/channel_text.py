"""The channel table as text: rows in order, the first that matches wins."""

from ripeline.definition.conditions import ConditionReader
from ripeline.definition.findings import Findings
from ripeline.definition.model import Channel
from ripeline.definition.places import Place
from ripeline.definition.values import entries, key_of, number, settings
from ripeline.events.names import folded
from ripeline.translation import translated

SETTINGS = {
    "when": "a condition on the event; a row without one takes everything that is left, and is the last",
    "weight": "multiplies the points of what came through the channel; 1 unless told",
}
MOST_WEIGHT = 1000.0


def channels(place: Place, findings: Findings) -> tuple[Channel, ...]:
    """The rows of the table. A row after the one that takes everything is never reached, which is a problem."""
    rows: list[Channel] = []
    taken_by = ""
    for key, each in entries(place, findings).items():
        key_of(each, key, findings)
        if taken_by:
            message = translated("no event reaches this row: the one before takes everything")
            hint = translated("put `{row}` last", row=taken_by)
            findings.add(each, message, "channel-never-reached", found=key, hint=hint)
        found = settings(each, findings, SETTINGS)
        if "when" not in found:
            taken_by = taken_by or key
        row = _channel(key, found, findings)
        if row is not None:
            rows.append(row)
    return tuple(rows)


def _channel(key: str, found: dict[str, Place], findings: Findings) -> Channel | None:
    weight = number(found["weight"], findings, most=MOST_WEIGHT) if "weight" in found else 1.0
    if weight is not None and weight < 0:
        findings.add(found["weight"], translated("a weight is not negative"), "not-positive")
        return None
    when = ConditionReader(findings).read(found["when"]) if "when" in found else None
    for leaf in when.leaves() if when is not None else ():
        if folded(leaf.field) == "channel":
            message = translated("the channel table decides the channel and cannot read it")
            findings.add(findings.place_of(leaf), message, "channel-reads-itself")
    if weight is None or ("when" in found and when is None):
        return None
    return Channel(key=key, when=when, weight=weight)
