"""What an event states about a lead, taken apart: one flat field, one value. Live and batch read it here."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime  # noqa: F401 - the doctests read them
from typing import Any

from ripeline.events.derived import derived, suggested_domain
from ripeline.events.event import Event
from ripeline.events.mail_address import mail_address
from ripeline.events.names import LONGEST_NAME, folded

# What a fact or a property can be. A list matches by its members; None is absent, and as a statement it unsets.
Value = str | int | float | bool | list[Any] | None

_LARGEST = 2**63


def statements(event: Event) -> list[tuple[str, Value]]:
    """What `event` states, by folded dotted field, each field once; None unsets it.

    Beside what was said stands what is read out of it (`derived`): `emaildomain`, `countrycode` and so on. What a
    sender states under such a name itself is left alone. An address alone suggests `companydomain`: see `hints`.

    >>> at = datetime(2026, 3, 1, tzinfo=UTC)
    >>> ada = {"Email": "Ada@Firm.example", "company.employees": 430}
    >>> statements(Event(source="site", message_id="m1", kind="identify", name="Identified", facts=ada,
    ...                  occurred_at=at, received_at=at))  # doctest: +NORMALIZE_WHITESPACE
    [('email', 'Ada@Firm.example'), ('company.employees', 430), ('emaildomain', 'firm.example'),
     ('freemail', False), ('disposablemail', False)]
    """
    return list(_stated(event.facts).items()) if event.facts else []


def hints(event: Event) -> list[tuple[str, Value]]:
    """What `event` suggests by the way: it fills what is unknown and never replaces what is known.

    That is `context.traits` outside of identify, and the domain of an e-mail address as `companydomain`, unless it is
    one where everybody can have an address.

    >>> at = datetime(2026, 3, 1, tzinfo=UTC)
    >>> hints(Event(source="site", message_id="m1", kind="identify", name="Identified",
    ...             facts={"email": "ada@firm.example"}, occurred_at=at, received_at=at))
    [('companydomain', 'firm.example')]
    """
    if not event.facts and not event.hints:
        return []
    stated = _stated(event.facts)
    suggested = {**_stated(event.hints), **stated}
    if suggested.get("emaildomain") is not None and "companydomain" not in suggested:
        suggested["companydomain"] = suggested_domain(suggested["emaildomain"])
    return [(field, value) for field, value in suggested.items() if value is not None and field not in stated]


def email(event: Event) -> str | None:
    """The address by which `event` names its person, in its one form; None where it gives none that can be read.

    >>> at = datetime(2026, 3, 1, tzinfo=UTC)
    >>> email(Event(source="mail", message_id="m1", kind="track", name="Email Opened",
    ...             hints={"email": " Ada@Firm.example "}, occurred_at=at, received_at=at))
    'ada@firm.example'
    """
    for told in (event.facts, event.hints):
        for field, value in told.items():
            if folded(field) == "email":
                address = mail_address(value)
                if address is not None:
                    return address
    return None


def stated_email(event: Event) -> str | None:
    """The address that an identify call states: what is only suggested makes nobody known.

    >>> at = datetime(2026, 3, 1, tzinfo=UTC)
    >>> stated_email(Event(source="mail", message_id="m1", kind="track", name="Email Opened",
    ...                    hints={"email": "ada@firm.example"}, occurred_at=at, received_at=at))
    """
    return email(event) if event.kind == "identify" and event.facts else None


def flattened(nested: Mapping[str, Any]) -> dict[str, Value]:
    """`nested` with dotted names for what lies deeper, spelled as sent; lists keep what can be compared.

    What would have a name beyond `LONGEST_NAME` is left out: a name repeated before thousands of others is how a small
    message becomes gigabytes.

    >>> flattened({"name": "Ada", "company": {"name": "Firm", "size": {"people": 430}}, "tags": ["new", {"id": 7}]})
    {'name': 'Ada', 'company.name': 'Firm', 'company.size.people': 430, 'tags': ['new'], 'tags.id': [7]}
    """
    flat: dict[str, Value] = {}
    _flatten(flat, "", nested)
    return flat


def _flatten(flat: dict[str, Value], within: str, nested: Mapping[str, Any]) -> None:
    for field, value in nested.items():
        if len(within) + len(field) > LONGEST_NAME:
            continue
        name = within + field
        if isinstance(value, dict):
            _flatten(flat, f"{name}.", value)
        elif isinstance(value, (list, tuple)):
            _flatten_list(flat, name, value)
        else:
            flat[name] = comparable(value)


def _flatten_list(flat: dict[str, Value], field: str, members: list[Any] | tuple[Any, ...]) -> None:
    plain = [member for member in members if not isinstance(member, (dict, list, tuple))]
    if plain or not members:
        flat[field] = listed(plain)
    gathered: dict[str, list[Any]] = {}
    for member in members:
        if isinstance(member, dict):
            told: dict[str, Value] = {}
            _flatten(told, f"{field}.", member)
            for name, value in told.items():
                gathered.setdefault(name, []).extend(value if isinstance(value, list) else listed([value]))
    flat.update(gathered)


def listed(members: Iterable[Any]) -> list[Any]:
    """The plain `members` of a list that can be compared: what is absent is no member of anything.

    >>> listed(["new", None, 7, float("inf")])
    ['new', 7]
    """
    return [value for member in members if (value := comparable(member)) is not None]


def comparable(value: Any) -> Value:
    """`value` if it is text, number or truth, else None. A whole number beyond 64 bits becomes a float.

    >>> comparable(2**70), comparable(float("nan")), comparable({})
    (1.1805916207174113e+21, None, None)
    """
    if isinstance(value, (str, bool)) or value is None:
        return value
    if isinstance(value, int):
        if -_LARGEST <= value < _LARGEST:
            return value
        return float(value) if -(10**308) < value < 10**308 else None
    return value if isinstance(value, float) and value - value == 0 else None  # infinite and NaN are no numbers


def _stated(told: Mapping[str, Value]) -> dict[str, Value]:
    if not told:
        return {}
    stated = {folded(field): value for field, value in told.items()}
    for field, value in list(derived(stated)):
        stated.setdefault(field, value)
    return stated
