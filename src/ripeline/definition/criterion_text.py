"""One line of the agreement as text: `{on: Page Viewed, where: {path: {begins_with: /pricing}}, points: 8}`."""

from ripeline.criteria.age import Age
from ripeline.criteria.condition import Complaint, Condition
from ripeline.criteria.limit import Limit
from ripeline.definition.conditions import ConditionReader
from ripeline.definition.findings import Findings
from ripeline.definition.limits import limit
from ripeline.definition.model import Criterion
from ripeline.definition.nodes import Scalar
from ripeline.definition.places import Place
from ripeline.definition.values import MOST_POINTS, has_keys, key_of, number, settings, span, text
from ripeline.translation import translated

SETTINGS = {
    "on": "the name of the event that counts, as in `on: Page Viewed`; case, blanks, `_` and `-` do not matter",
    "where": "a condition on that event",
    "when": "instead of `on`: a condition on the facts known of the lead; it counts once, while it holds",
    "points": "what one match gives; a negative number takes away",
    "limit": "how many matches count, the earliest first: `once`, `5 ever`, `3 per day`, `3 per week`, `3 per month`; "
    "days, weeks (from Monday) and months are those of the calendar in the definition's time zone",
    "half_life": "after this time half of the points are left, after twice the time a quarter; `never` where the group "
    "has a half-life and this criterion has none",
    "window": "the points count in full for this time and then not at all",
}
LATER = ("table", "rows", "content", "idle", "at_least", "share", "counts", "mentions", "decay", "delay")
NEVER = "never"


def criterion(key: str, group: str, place: Place, findings: Findings, *, default_age: Age) -> Criterion | None:
    """The criterion written at `place`, or None with its problems noted."""
    before = findings.count
    key_of(place, key, findings)
    if not has_keys(place, findings):
        return None
    known_so_far = findings.count
    found = settings(place, findings, SETTINGS, later=LATER)
    strange = findings.count > known_so_far  # what seems to be missing is most likely what was misspelt
    on = text(found["on"], findings) if "on" in found else None
    if not strange:
        _check_about(found, place, findings)
    when = _condition(found, findings)
    points = _points(found, place, findings, forgiven=strange)
    age = age_of(found, findings, default=default_age)
    most = _limit(found, findings)
    if findings.count > before or points is None or age is None:
        return None
    return Criterion(key=key, group=group, points=points, on=on, when=when, age=age, limit=most, line=place.line)


def _check_about(found: dict[str, Place], place: Place, findings: Findings) -> None:
    """A criterion has `on` and perhaps `where`, or `when` alone."""
    if "on" in found and "when" in found:
        message = translated("a criterion is about an event or about facts, not both")
        hint = translated("a condition on the event is `where`")
        findings.add(found["when"], message, "event-and-facts", hint=hint)
    elif "where" in found and "on" not in found:
        hint = translated("name the event with `on`, or write `when` for facts")
        findings.add(
            found["where"], translated("`where` is about an event, and no event is named"), "no-event", hint=hint
        )
    elif "on" not in found and "when" not in found:
        hint = translated("`on: Demo Requested` for an event, `when: {country: PL}` for a fact")
        message = translated("a criterion says neither which event nor which facts it is about")
        findings.add(place, message, "neither-event-nor-facts", hint=hint)


def _condition(found: dict[str, Place], findings: Findings) -> Condition | None:
    """`where` of an event, or `when` of the facts."""
    conditions = ConditionReader(findings)
    written = [conditions.read(found[name]) for name in ("where", "when") if name in found]
    return written[0] if written else None


def _points(found: dict[str, Place], place: Place, findings: Findings, *, forgiven: bool) -> float | None:
    if "points" not in found and forgiven:
        return None
    if "points" not in found:
        findings.add(place, translated("a criterion without points"), "missing", hint="`points: 5`")
        return None
    return number(found["points"], findings, most=MOST_POINTS, message=translated("points are a number"))


def age_of(found: dict[str, Place], findings: Findings, *, default: Age) -> Age | None:
    """How contributions age; None with a problem where the text says no such thing."""
    if "half_life" in found and "window" in found:
        message = translated("a half-life and a window at once")
        findings.add(found["window"], message, "two-ages", hint=translated("leave one of them out"))
        return None
    if "window" in found:
        width = span(found["window"], findings)
        return None if width is None else Age("window", width)
    if "half_life" not in found:
        return default
    node = found["half_life"].node
    if isinstance(node, Scalar) and node.text == NEVER:
        return Age()
    half = span(found["half_life"], findings)
    return None if half is None else Age("half_life", half)


def _limit(found: dict[str, Place], findings: Findings) -> Limit | None:
    if "limit" not in found:
        return None
    place = found["limit"]
    if "on" not in found and "when" in found:
        message = translated("a fact counts once as it is; a limit is for events")
        findings.add(place, message, "limit-on-facts", hint=translated("leave the limit out"))
        return None
    if not isinstance(place.node, Scalar):
        findings.add(place, translated("a limit is a few words"), "unknown-limit", hint="`3 per day`")
        return None
    most = limit(place.node.text)
    if isinstance(most, Complaint):
        findings.complain(place, most)
        return None
    return most
