"""The simple values of a definition, read strictly: None, and a problem noted, where the text says no such thing."""

import math
from collections.abc import Collection
from datetime import timedelta

from ripeline.criteria.condition import Complaint
from ripeline.definition import nodes
from ripeline.definition.durations import duration
from ripeline.definition.findings import Findings, did_you_mean, one_of
from ripeline.definition.nodes import Mapping, Scalar
from ripeline.definition.places import Place
from ripeline.translation import translated

LONGEST_KEY = 80
MOST_POINTS = 1_000_000.0


def entries(place: Place, findings: Findings) -> dict[str, Place]:
    """The keys of a mapping with their places; an empty value is an empty mapping. A key twice is a problem."""
    if isinstance(place.node, Scalar) and place.node.value is None:
        return {}
    if not isinstance(place.node, Mapping):
        findings.add(place, translated("keys with values belong here"), "wrong-shape", hint="`key: value`")
        return {}
    found: dict[str, Place] = {}
    for key, node in place.node.entries:
        if not isinstance(key, Scalar) or not key.text:
            where = Place(place.path, key, key.line, key.column)
            findings.add(where, translated("a key is a word"), "wrong-shape")
        elif key.text in found:
            hint = translated("it stands in line {line} already", line=found[key.text].line)
            findings.add(
                place.under(key, node), translated("the same key twice"), "duplicate-key", found=key.text, hint=hint
            )
        else:
            found[key.text] = place.under(key, node)
    return found


def has_keys(place: Place, findings: Findings) -> bool:
    """Whether keys with values stand here, or nothing yet; anything else is noted, once."""
    if isinstance(place.node, Mapping) or is_empty(place):
        return True
    entries(place, findings)
    return False


def settings(
    place: Place, findings: Findings, known: Collection[str], *, later: Collection[str] = ()
) -> dict[str, Place]:
    """`entries` of which only `known` keys are allowed; keys of `later` are said to be not offered yet."""
    found = entries(place, findings)
    for key in [key for key in found if key not in known]:
        strange = found.pop(key)
        if key in later:
            message = translated("unknown setting: not offered yet")
            findings.add(strange, message, "unknown-key", found=key, hint=one_of(known))
        else:
            findings.add(
                strange, translated("unknown setting"), "unknown-key", found=key, hint=did_you_mean(key, known)
            )
    return found


def is_empty(place: Place) -> bool:
    """Whether nothing is written here: `key:` or `key: ~`."""
    return isinstance(place.node, Scalar) and place.node.value is None


def text(place: Place, findings: Findings) -> str | None:
    """Text that is not blank."""
    value = place.node.value if isinstance(place.node, Scalar) else None
    if isinstance(value, str) and value.strip():
        return value.strip()
    quotable = isinstance(value, (int, float, bool))
    hint = translated("in quotes: {text}", text=f'"{place.written}"') if quotable else ""
    findings.add(place, translated("text belongs here"), "not-text", hint=hint)
    return None


def names(place: Place, findings: Findings) -> tuple[str, ...]:
    """One name or a list of names."""
    places = list(place.items()) if isinstance(place.node, nodes.Sequence) else [place]
    return tuple(name for name in (text(each, findings) for each in places) if name is not None)


def truth(place: Place, findings: Findings) -> bool | None:
    value = place.node.value if isinstance(place.node, Scalar) else None
    if isinstance(value, bool):
        return value
    findings.add(place, translated("yes or no is written `true` or `false`"), "not-a-truth", hint="`true`")
    return None


def number(place: Place, findings: Findings, *, most: float = 1e9, message: str = "") -> float | None:
    """A finite number, at most `most` to either side of zero."""
    value = place.node.value if isinstance(place.node, Scalar) else None
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        hint = _as_number(value)
        findings.add(place, message or translated("a number belongs here"), "not-a-number", hint=hint)
        return None
    if not math.isfinite(value):
        findings.add(place, translated("a number here is finite"), "not-finite")
        return None
    if abs(value) > most:
        findings.add(place, translated("a number here is at most {most}", most=f"{most:,.0f}"), "absurd-number")
        return None
    return float(value)


def _as_number(value: object) -> str:
    try:
        return translated("without quotes: {number}", number=f"{float(value):g}") if isinstance(value, str) else ""
    except ValueError:
        return ""


def span(place: Place, findings: Findings, *, above_zero: bool = True) -> timedelta | None:
    """A length of time, as in `30 days`."""
    if not isinstance(place.node, Scalar) or isinstance(place.node.value, bool) or is_empty(place):
        findings.add(place, translated("a time belongs here"), "not-a-time", hint="`30 days`")
        return None
    found = duration(place.node.text)
    if isinstance(found, Complaint):
        findings.complain(place, found)
        return None
    if above_zero and found == timedelta(0):
        findings.add(place, translated("a time here is longer than nothing"), "not-positive")
        return None
    return found


def key_of(place: Place, name: str, findings: Findings) -> bool:
    """Whether `name` can be a key that others refer to: letters, digits, `_` and `-`, beginning with a letter."""
    plain = name[0].isalpha() and len(name) <= LONGEST_KEY and all(sign.isalnum() or sign in "_-" for sign in name)
    if not plain:
        findings.add(
            place,
            translated("a name is made of letters, digits, _ and -, and begins with a letter"),
            "bad-name",
            found=name[:LONGEST_KEY],
        )
    return plain
