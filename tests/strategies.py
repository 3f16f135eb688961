"""Definitions, and the words they are made of, for property tests.

Names and values come from small pools, so that what is drawn here meets what `histories` draw elsewhere.
"""

from datetime import timedelta
from functools import cache
from string import ascii_lowercase

from hypothesis import strategies as st

from ripeline.criteria.age import Age
from ripeline.criteria.at_least import AtLeast
from ripeline.criteria.at_most import AtMost
from ripeline.criteria.begins_with import BeginsWith
from ripeline.criteria.combine import All, Any, Not
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
CHANNEL_KEYS = ("paid", "event", "inbound")
ZONES = ("UTC", "Europe/Warsaw", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia")
POINTS = (1.0, 2.5, 5.0, 10.0, 20.0, 0.1, 0.0, -5.0, -20.0, -0.3)
SPANS = (timedelta(hours=1), timedelta(days=1), timedelta(days=7), timedelta(days=30), timedelta(days=90))


def leaves(fields: dict[str, tuple[Scalar, ...]]) -> st.SearchStrategy[Leaf]:
    """One comparison of one of `fields`, of any kind, with a value that the field may have."""
    return st.sampled_from(sorted(fields)).flatmap(lambda field: _leaves_of(field, fields[field]))


def _leaves_of(field: str, values: tuple[Scalar, ...]) -> st.SearchStrategy[Leaf]:
    texts = tuple(dict.fromkeys(value for value in values if isinstance(value, str) and value)) or ("sales", "7")
    numbers = tuple(value for value in values if isinstance(value, (int, float)) and not isinstance(value, bool))
    by_size = (MoreThan, LessThan, AtLeast, AtMost) if numbers else (MoreThan,)  # of text, it never holds
    some_texts = st.lists(st.sampled_from((*texts, *(text[:3] for text in texts))), min_size=1, max_size=2).map(tuple)
    exact = st.booleans()
    return st.one_of(
        st.builds(Equals, st.just(field), st.sampled_from(values), exact),
        st.builds(OneOf, st.just(field), st.lists(st.sampled_from(values), min_size=1, max_size=3).map(tuple), exact),
        st.builds(BeginsWith, st.just(field), some_texts, exact),
        st.builds(Contains, st.just(field), some_texts, exact),
        *(st.builds(kind, st.just(field), st.sampled_from(numbers or (7, 0))) for kind in by_size),
        st.just(Exists(field)),
    )


def conditions(fields: dict[str, tuple[Scalar, ...]]) -> st.SearchStrategy[Condition]:
    """A condition over `fields`: a comparison, or a few joined by all, any and not."""
    return st.recursive(
        leaves(fields),
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: All(tuple(parts))),
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: Any(tuple(parts))),
            inner.map(Not),
        ),
        max_leaves=4,
    )


# Building a strategy costs far more than drawing from it, so each is built once.
@cache
def fact_conditions() -> st.SearchStrategy[Condition]:
    return conditions(FACT_FIELDS)


@cache
def event_conditions(channel_keys: tuple[str, ...]) -> st.SearchStrategy[Condition]:
    """Conditions on an event, which may ask for a channel of the table, if there is one."""
    return conditions({**EVENT_FIELDS, "channel": channel_keys} if channel_keys else EVENT_FIELDS)


@cache
def channel_conditions() -> st.SearchStrategy[Condition]:
    return conditions({**EVENT_FIELDS, "event": EVENT_NAMES})


@cache
def ages() -> st.SearchStrategy[Age]:
    return st.one_of(
        st.just(Age()),
        st.builds(Age, st.just("half_life"), st.sampled_from(SPANS)),
        st.builds(Age, st.just("window"), st.sampled_from(SPANS)),
    )


@cache
def limits() -> st.SearchStrategy[Limit | None]:
    return st.one_of(st.none(), st.builds(Limit, st.integers(1, 4), st.sampled_from(("day", "week", "month", "ever"))))


@st.composite
def criteria(draw: st.DrawFn, *, key: str, group: str, channel_keys: tuple[str, ...]) -> Criterion:
    points, age = draw(st.sampled_from(POINTS)), draw(ages())
    if draw(st.integers(0, 3)) == 0:
        return Criterion(key=key, group=group, points=points, age=age, when=draw(fact_conditions()))
    return Criterion(
        key=key,
        group=group,
        points=points,
        age=age,
        on=draw(st.sampled_from(EVENT_NAMES)),
        when=draw(event_conditions(channel_keys)) if draw(st.booleans()) else None,
        limit=draw(limits()),
    )


@st.composite
def groups(draw: st.DrawFn, *, key: str, channel_keys: tuple[str, ...]) -> Group:
    floor = draw(st.sampled_from((None, 0.0, -10.0)))
    return Group(
        key=key,
        criteria=tuple(
            draw(criteria(key=f"{key}_{letter}", group=key, channel_keys=channel_keys))
            for letter in ascii_lowercase[: draw(st.integers(1, 4))]
        ),
        cap=draw(st.sampled_from((None, 15.0, 40.0))),
        floor=floor,
        grades=draw(st.sampled_from(((), bands("A", "B", "C"), bands("1", "2")))),
    )


def bands(*grades: str) -> tuple[Band, ...]:
    """Bands ten points apart, the last one for what is left."""
    steps = [10.0 * count for count in range(len(grades) - 1, 0, -1)]
    return tuple(Band(grade=grade, at_least=step) for grade, step in zip(grades, [*steps, None], strict=True))


@st.composite
def channels(draw: st.DrawFn) -> tuple[Channel, ...]:
    keys = draw(st.sampled_from(((), CHANNEL_KEYS[:1], CHANNEL_KEYS[:2], CHANNEL_KEYS)))
    rows = [
        Channel(key=key, when=draw(channel_conditions()), weight=draw(st.sampled_from((1.0, 0.8, 1.2, 0.0))))
        for key in keys
    ]
    rest = [Channel(key="other", when=None, weight=draw(st.sampled_from((1.0, 0.5))))]
    return tuple(rows + rest * draw(st.integers(0, min(1, len(rows)))))


@cache
def gates(group_keys: tuple[str, ...]) -> st.SearchStrategy[Gate]:
    """An MQL gate low enough that short histories cross it now and then."""
    thresholds = st.one_of(
        st.builds(AtLeast, st.sampled_from(("total", *group_keys)), st.sampled_from((1.0, 5.0, 10.0, 25.0))),
        st.builds(MoreThan, st.sampled_from(("total", *group_keys)), st.sampled_from((0.0, 4.5))),
    )
    more = st.lists(st.one_of(thresholds, leaves(FACT_FIELDS)), max_size=2)
    whens = st.one_of(
        thresholds,
        st.builds(lambda first, rest: All((first, *rest)), thresholds, more),
        st.builds(lambda first, rest: Any((first, *rest)), thresholds, more),
    )
    return st.builds(
        Gate,
        opens=st.just("mql"),
        when=whens,
        at_once=st.sampled_from(((), ("Demo Requested",))),
        answer_within=st.sampled_from((None, timedelta(hours=4))),
    )


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    """A definition that `check` has nothing against, apart from gates its few criteria may be unable to reach."""
    keys = draw(st.sampled_from((("fit", "engagement"), ("engagement",), ("fit", "engagement", "product"))))
    table = draw(channels())
    return Definition(
        key="drawn",
        title="Drawn",
        timezone=draw(st.sampled_from(ZONES)),
        groups=tuple(draw(groups(key=key, channel_keys=tuple(row.key for row in table))) for key in keys),
        minimum_profile=draw(st.sampled_from((None, Exists("title"), All((Exists("title"), Exists("phone")))))),
        channels=table,
        excluded=tuple(
            Exclusion(key=f"excluded_{number}", when=draw(fact_conditions()))
            for number in range(draw(st.sampled_from((0, 0, 0, 1))))
        ),
        mql=draw(gates(keys)),
        reject_reasons=(
            RejectReason(key="not_a_fit", stage="disqualified"),
            RejectReason(
                key="not_now", stage="recycled", wait=draw(st.sampled_from((timedelta(0), timedelta(days=90))))
            ),
        ),
        resets=draw(st.sampled_from(((), (keys[-1],), keys))),
        returns_by=draw(st.sampled_from(((), ("Demo Requested",)))),
        visitors_may_qualify=draw(st.booleans()),
    )
