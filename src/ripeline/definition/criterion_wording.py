"""One line of the agreement in words."""

from ripeline.criteria.age import Age
from ripeline.criteria.limit import Limit
from ripeline.criteria.words import fact_name, field_name, points
from ripeline.definition.durations import in_words
from ripeline.definition.model import Criterion
from ripeline.events.names import folded
from ripeline.translation import counted, translated


def name_of(key: str) -> str:
    """A key as people read it.

    >>> name_of("pricing_page"), name_of("notNow")
    ('Pricing page', 'Not now')
    """
    words = field_name(key) if "_" in key or "-" in key or not key.islower() else key
    return words[:1].upper() + words[1:]


def about_lead(field: str) -> str:
    """How a fact of a lead is called in a sentence.

    >>> about_lead("title")
    'the job title'
    """
    return translated("the {field}", field=fact_name(field))


def criterion_sentence(criterion: Criterion) -> str:
    """What a criterion gives, for what, how often, and how that fades.

    >>> from datetime import timedelta
    >>> from ripeline.criteria.begins_with import BeginsWith
    >>> pricing = BeginsWith("path", ("/pricing",))
    >>> age, limit = Age("half_life", timedelta(days=30)), Limit(3, "day")
    >>> criterion_sentence(Criterion(
    ...     key="pricing", group="engagement", points=8, on="Page Viewed", when=pricing, age=age, limit=limit
    ... ))
    '+8 for each view of a page whose path begins with /pricing, at most 3 a day, halved every 30 days'
    """
    main = _fact_clause(criterion) if criterion.on is None else _event_clause(criterion, criterion.on)
    clauses = [main, *limit_clause(criterion.limit), *_age_clause(criterion.age)]
    return ", ".join(clauses)


def _fact_clause(criterion: Criterion) -> str:
    condition = criterion.when.sentence(about_lead) if criterion.when is not None else ""
    return translated("{points} when {condition}", points=points(criterion.points), condition=condition)


def _event_clause(criterion: Criterion, event: str) -> str:
    once = criterion.limit == Limit(1, "ever")
    gain, condition = points(criterion.points), criterion.when.sentence() if criterion.when is not None else ""
    if folded(event) == "pageviewed":
        return _page_clause(gain, condition, once=once)
    if once and condition:
        return translated(
            "{points} for the first “{event}” whose {condition}", points=gain, event=event, condition=condition
        )
    if once:
        return translated("{points} for the first “{event}”", points=gain, event=event)
    if condition:
        return translated(
            "{points} for each “{event}” whose {condition}", points=gain, event=event, condition=condition
        )
    return translated("{points} for each “{event}”", points=gain, event=event)


def _page_clause(gain: str, condition: str, *, once: bool) -> str:
    if once and condition:
        return translated("{points} for the first view of a page whose {condition}", points=gain, condition=condition)
    if once:
        return translated("{points} for the first view of a page", points=gain)
    if condition:
        return translated("{points} for each view of a page whose {condition}", points=gain, condition=condition)
    return translated("{points} for each view of a page", points=gain)


def limit_clause(limit: Limit | None) -> list[str]:
    """How often a criterion counts, as a clause; none where it counts freely or once."""
    if limit is None or limit == Limit(1, "ever"):  # once is said as “the first”
        return []
    match limit.per:
        case "day":
            return [counted("at most {count} a day", "at most {count} a day", limit.count)]
        case "week":
            return [counted("at most {count} a week", "at most {count} a week", limit.count)]
        case "month":
            return [counted("at most {count} a month", "at most {count} a month", limit.count)]
    return [counted("at most {count} in all", "at most {count} in all", limit.count)]


def _age_clause(age: Age) -> list[str]:
    if age.kind == "half_life":
        return [translated("halved every {time}", time=in_words(age.span))]
    if age.kind == "window":
        return [translated("for {time}", time=in_words(age.span))]
    return []
