"""Definitions, and the words they are made of, for property tests.

Names and values come from small pools, so that what is drawn here meets what `histories` draw elsewhere.
"""

from datetime import timedelta
from functools import cache
from string import ascii_lowercase
from typing import Literal

from hypothesis import strategies as st

from ripeline.criteria.age import Age
from ripeline.criteria.at_least import AtLeast
from ripeline.criteria.at_most import AtMost
from ripeline.criteria.begins_with import BeginsWith
from ripeline.criteria.combine import All, Any, Not
from ripeline.criteria.comparing import is_number
from ripeline.criteria.condition import Condition, Leaf, Scalar
from ripeline.criteria.contains import Contains
from ripeline.criteria.equals import Equals
from ripeline.criteria.exists import Exists
from ripeline.criteria.less_than import LessThan
from ripeline.criteria.limit import Limit
from ripeline.criteria.more_than import MoreThan
from ripeline.criteria.one_of import OneOf
from ripeline.definition.model import Band, Channel, Criterion, Definition, Exclusion, Gate, Group, RejectReason

WAITS = (timedelta(0), timedelta(days=90))
EVENT_NAMES = ("Page Viewed", "Demo Requested", "Webinar Attended", "Email Sent", "Product Added")
PATHS = ("/pricing", "/Pricing/team", "/careers/seller", "/", "")
TEXTS = ("PL", "pl", "NO", "Head of Sales", "sales engineer", "7", "", "Straße", "STRASSE")
BUCKETS: tuple[Literal["day", "week", "month", "ever"], ...] = ("day", "week", "month", "ever")
NUMBERS = (0, 1, 7, 7.0, 0.5, -3, 50, 1000.25)
SCALARS: tuple[Scalar, ...] = (*TEXTS, *NUMBERS, True, False)
EVENT_FIELDS: dict[str, tuple[Scalar, ...]] = {
    "path": PATHS,
    "utm_medium": ("cpc", "email", "CPC"),
    "share": NUMBERS,
    "plan": SCALARS,
    "cart.total": NUMBERS,
}
FACT_FIELDS: dict[str, tuple[Scalar, ...]] = {
    "title": TEXTS,
    "country": TEXTS,
    "company.employees": SCALARS,
    "phone": ("+48 22 000 00 00", "", " "),
    "consent": (True, False, "true", 1),
}


def sendable(values: tuple[Scalar, ...]) -> tuple[Scalar | list[Scalar | None] | None, ...]:
    """What a sender may give for a field that has `values`: null and lists too, and null in a list."""
    return (*values, None, [None], [None, *values[:2]], [])


CHANNEL_KEYS = ("paid", "event", "inbound")
ZONES = ("UTC", "Europe/Warsaw", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia")
POINTS = (1.0, 2.5, 5.0, 10.0, 20.0, 0.1, 0.0, -5.0, -20.0, -0.3)
SPANS = (timedelta(hours=1), timedelta(days=1), timedelta(days=7), timedelta(days=30), timedelta(days=90))


# Building a strategy costs far more than drawing from it, so each is built once, and what is drawn is put together by
# plain calls.
BOOLEANS = st.booleans()


def leaves(fields: dict[str, tuple[Scalar, ...]]) -> st.SearchStrategy[Leaf]:
    """One comparison of one of `fields`, of any kind, with a value that the field may have."""
    return st.one_of([kind for field, values in fields.items() for kind in _leaves_of(field, values)])


def _leaves_of(field: str, values: tuple[Scalar, ...]) -> list[st.SearchStrategy[Leaf]]:
    texts = tuple(dict.fromkeys(value for value in values if isinstance(value, str) and value)) or ("sales", "7")
    found = [value for value in values if is_number(value)]
    numbers = st.sampled_from(found or [7, 0])
    one = st.sampled_from(values)
    some = st.lists(one, min_size=1, max_size=3)
    some_texts = st.lists(st.sampled_from((*texts, *(text[:3] for text in texts))), min_size=1, max_size=2)
    by_size: tuple[type[MoreThan | LessThan | AtLeast | AtMost], ...] = (MoreThan, LessThan, AtLeast, AtMost)
    return [
        st.tuples(one, BOOLEANS).map(lambda drawn: Equals(field, *drawn)),
        st.tuples(some, BOOLEANS).map(lambda drawn: OneOf(field, tuple(drawn[0]), drawn[1])),
        st.tuples(some_texts, BOOLEANS).map(lambda drawn: BeginsWith(field, tuple(drawn[0]), drawn[1])),
        st.tuples(some_texts, BOOLEANS).map(lambda drawn: Contains(field, tuple(drawn[0]), drawn[1])),
        st.tuples(st.sampled_from(by_size), numbers).map(lambda drawn: drawn[0](field, drawn[1])),
        st.just(Exists(field)),
    ]


def conditions(fields: dict[str, tuple[Scalar, ...]]) -> st.SearchStrategy[Condition]:
    """A condition over `fields`: a comparison, or a few joined by all, any and not, three levels deep at most."""
    level: st.SearchStrategy[Condition] = leaves(fields)
    for _ in range(2):
        few = st.lists(level, min_size=1, max_size=2)
        combined = [
            few.map(lambda parts: All(tuple(parts))),
            few.map(lambda parts: Any(tuple(parts))),
            level.map(Not),
        ]
        level = st.one_of([level, level, *combined])
    return level


FACT_CONDITIONS = conditions(FACT_FIELDS)
CHANNEL_CONDITIONS = conditions({**EVENT_FIELDS, "event": EVENT_NAMES})


@cache
def event_conditions(channel_keys: tuple[str, ...]) -> st.SearchStrategy[Condition]:
    """Conditions on an event, which may ask for a channel of the table, if there is one."""
    return conditions({**EVENT_FIELDS, "channel": channel_keys} if channel_keys else EVENT_FIELDS)


AGES = st.sampled_from([Age(), Age(), *(Age(kind, span) for kind in ("half_life", "window") for span in SPANS)])
LIMITS = st.sampled_from([None, None, *(Limit(count, per) for count in (1, 2, 3) for per in BUCKETS)])
DRAWN_POINTS = st.sampled_from(POINTS)
DRAWN_NAMES = st.sampled_from(EVENT_NAMES)
ONE_IN_FOUR = st.sampled_from((True, False, False, False))


@st.composite
def criteria(draw: st.DrawFn, key: str, group: str, channel_keys: tuple[str, ...]) -> Criterion:
    points, age = draw(DRAWN_POINTS), draw(AGES)
    if draw(ONE_IN_FOUR):
        return Criterion(key=key, group=group, points=points, age=age, when=draw(FACT_CONDITIONS))
    when = draw(event_conditions(channel_keys)) if draw(BOOLEANS) else None
    name, limit = draw(DRAWN_NAMES), draw(LIMITS)
    return Criterion(key=key, group=group, points=points, age=age, on=name, when=when, limit=limit)


def bands(*grades: str) -> tuple[Band, ...]:
    """Bands ten points apart, the last one for what is left."""
    steps = [10.0 * count for count in range(len(grades) - 1, 0, -1)]
    return tuple(Band(grade=grade, at_least=step) for grade, step in zip(grades, [*steps, None], strict=True))


CAPS = st.sampled_from((None, 15.0, 40.0))
FLOORS = st.sampled_from((None, 0.0, -10.0))
GRADES = st.sampled_from(((), bands("A", "B", "C"), bands("1", "2")))
COUNTS = st.integers(1, 4)


@st.composite
def groups(draw: st.DrawFn, key: str, channel_keys: tuple[str, ...]) -> Group:
    letters = ascii_lowercase[: draw(COUNTS)]
    lines = tuple(draw(_criteria(f"{key}_{letter}", key, channel_keys)) for letter in letters)
    return Group(key=key, criteria=lines, cap=draw(CAPS), floor=draw(FLOORS), grades=draw(GRADES))


_criteria = cache(criteria)
_groups = cache(groups)
TABLES = st.sampled_from(((), (), CHANNEL_KEYS[:1], CHANNEL_KEYS[:2], CHANNEL_KEYS))
WEIGHTS = st.sampled_from((1.0, 0.8, 1.2, 0.0))


@st.composite
def channels(draw: st.DrawFn) -> tuple[Channel, ...]:
    rows = tuple(Channel(key=key, when=draw(CHANNEL_CONDITIONS), weight=draw(WEIGHTS)) for key in draw(TABLES))
    catch_all = draw(ONE_IN_FOUR)
    return (*rows, Channel(key="other", when=None, weight=draw(WEIGHTS))) if rows and catch_all else rows


@cache
def gates(group_keys: tuple[str, ...]) -> st.SearchStrategy[Gate]:
    """An MQL gate low enough that short histories cross it now and then."""
    scores = st.sampled_from(("total", *group_keys))
    thresholds = st.one_of(
        st.tuples(scores, st.sampled_from((1.0, 5.0, 10.0, 25.0))).map(lambda drawn: AtLeast(*drawn)),
        st.tuples(scores, st.sampled_from((0.0, 4.5))).map(lambda drawn: MoreThan(*drawn)),
    )
    more = st.lists(st.one_of(thresholds, leaves(FACT_FIELDS)), max_size=2)
    whens = st.one_of(
        thresholds,
        st.tuples(thresholds, more).map(lambda drawn: All((drawn[0], *drawn[1]))),
        st.tuples(thresholds, more).map(lambda drawn: Any((drawn[0], *drawn[1]))),
    )
    named = st.sampled_from(((), ("Demo Requested",)))
    times = st.sampled_from((None, timedelta(hours=4)))
    return st.tuples(whens, named, times).map(
        lambda drawn: Gate(opens="mql", when=drawn[0], at_once=drawn[1], answer_within=drawn[2])
    )


GROUP_KEYS = st.sampled_from((("fit", "engagement"), ("engagement",), ("fit", "engagement", "product")))
PROFILES = st.sampled_from((None, Exists("title"), All((Exists("title"), Exists("phone")))))
EXCLUSIONS = st.lists(FACT_CONDITIONS, max_size=1)
DRAWN_ZONES = st.sampled_from(ZONES)
DRAWN_WAITS = st.sampled_from(WAITS)
RETURNS = st.sampled_from(((), ("Demo Requested",)))
ONE_OF_THREE = st.integers(0, 2)
TABLE = channels()


@st.composite
def _definitions(draw: st.DrawFn) -> Definition:
    keys, table = draw(GROUP_KEYS), draw(TABLE)
    channel_keys = tuple(row.key for row in table)
    excluded = draw(EXCLUSIONS) if draw(ONE_IN_FOUR) else []
    return Definition(
        key="drawn",
        title="Drawn",
        timezone=draw(DRAWN_ZONES),
        groups=tuple(draw(_groups(key, channel_keys)) for key in keys),
        minimum_profile=draw(PROFILES),
        channels=table,
        excluded=tuple(Exclusion(key=f"excluded_{number}", when=when) for number, when in enumerate(excluded)),
        mql=draw(gates(keys)),
        reject_reasons=(
            RejectReason(key="not_a_fit", stage="disqualified"),
            RejectReason(key="not_now", stage="recycled", wait=draw(DRAWN_WAITS)),
        ),
        resets=((), keys[-1:], keys)[draw(ONE_OF_THREE)],
        returns_by=draw(RETURNS),
        visitors_may_qualify=draw(BOOLEANS),
    )


DEFINITIONS = _definitions()


def definitions() -> st.SearchStrategy[Definition]:
    """Definitions that `check` has nothing against, apart from gates their few criteria may be unable to reach."""
    return DEFINITIONS
