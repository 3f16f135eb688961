"""A definition written out as the text it could have been read from, for tests that go through the loader."""

import json
from datetime import timedelta
from typing import Any as Plain

from ripeline.criteria.age import Age
from ripeline.criteria.combine import All, Any, Not
from ripeline.criteria.condition import Condition
from ripeline.criteria.equals import Equals
from ripeline.criteria.exists import Exists
from ripeline.criteria.one_of import OneOf
from ripeline.definition.model import Criterion, Definition, Gate, Group


def written(definition: Definition) -> str:
    """A YAML text (JSON is one) that loads as `definition`."""
    return json.dumps(as_plain(definition), indent=1)


def as_plain(definition: Definition) -> dict[str, Plain]:
    profile = definition.minimum_profile
    return {
        "definition": definition.key,
        "title": definition.title,
        "timezone": definition.timezone,
        **({"minimum_profile": condition(profile)} if profile is not None else {}),
        "channels": {
            row.key: {"weight": row.weight, **({"when": condition(row.when)} if row.when is not None else {})}
            for row in definition.channels
        },
        "scores": {each.key: group(each) for each in definition.groups},
        "excluded": {each.key: condition(each.when) for each in definition.excluded},
        "stages": {
            "mql": gate(definition.mql),
            "sal": {
                "reject_reasons": {
                    reason.key: {"recycled": span(reason.wait)} if reason.stage == "recycled" else reason.stage
                    for reason in definition.reject_reasons
                }
            },
            "recycled": {"reset": definition.resets},
            "disqualified": {"returns_by": definition.returns_by},
        },
        "not_acts": definition.not_acts,
        "visitors_may_qualify": definition.visitors_may_qualify,
        "handover_within": span(definition.handover_within),
    }


def group(each: Group) -> dict[str, Plain]:
    bounds = {"cap": each.cap, "floor": each.floor}
    return {
        **{name: bound for name, bound in bounds.items() if bound is not None},
        "criteria": {line.key: criterion(line) for line in each.criteria},
        "grades": {band.grade: band.at_least for band in each.grades},
    }


def criterion(line: Criterion) -> dict[str, Plain]:
    plain: dict[str, Plain] = {"points": line.points, **age(line.age)}
    if line.on is not None:
        plain["on"] = line.on
    if line.when is not None:
        plain["when" if line.on is None else "where"] = condition(line.when)
    if line.limit is not None:
        form = "{} ever" if line.limit.per == "ever" else "{} per " + line.limit.per
        plain["limit"] = form.format(line.limit.count)
    return plain


def age(each: Age) -> dict[str, str]:
    return {} if each.kind == "none" else {each.kind: span(each.span)}


def gate(each: Gate) -> dict[str, Plain]:
    plain: dict[str, Plain] = {"at_once": each.at_once}
    if each.when is not None:
        plain["when"] = condition(each.when)
    if each.answer_within is not None:
        plain["answer_within"] = span(each.answer_within)
    return plain


def span(each: timedelta) -> str:
    return f"{each.total_seconds():g} seconds" if each.total_seconds() < 1e5 else f"{each.days} days"


def condition(each: Condition) -> dict[str, Plain]:
    match each:
        case All(conditions=parts):
            return {"all": [condition(part) for part in parts]}
        case Any(conditions=parts):
            return {"any": [condition(part) for part in parts]}
        case Not(condition=inner):
            return {"not": condition(inner)}
        case Exists(field=field):
            return {field: {"exists": True}}
        case Equals(field=field, value=value, exact=exact):
            return {field: {"equals": value, "exact": exact}}
        case OneOf(field=field, values=values, exact=exact):
            return {field: {"one_of": values, "exact": exact}}
    field, keyword = each.fields()[0], type(each).keyword
    texts = getattr(each, "texts", None)
    argument = {"exact": getattr(each, "exact", False)} if texts is not None else {}
    return {field: {keyword: texts if texts is not None else getattr(each, "number"), **argument}}  # noqa: B009
