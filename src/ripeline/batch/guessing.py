"""What the columns of somebody else's file probably are, by names and first rows, and the mapping that says so."""

from collections.abc import Mapping as Named
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec
import yaml

from ripeline.batch.filed import NoEvent, moment
from ripeline.events.names import folded

# What a column is. `email` is a fact, and says who it was where no other column does.
Role = Literal[
    "", "lead", "user_id", "anonymous_id", "email", "name", "occurred_at", "received_at", "id", "fact", "property"
]
ROLES: tuple[Role, ...] = (
    "", "lead", "user_id", "anonymous_id", "email", "name", "occurred_at", "received_at", "id", "fact", "property",
)  # fmt: skip
ONCE: tuple[Role, ...] = ("lead", "user_id", "anonymous_id", "email", "name", "occurred_at", "received_at")
_NAMED: dict[Role, str] = {
    "occurred_at": "occurredat timestamp time datetime date eventtime activitydate createdat createdate created",
    "received_at": "receivedat importedat",
    "user_id": "userid user",
    "anonymous_id": "anonymousid visitorid cookieid deviceid clientid",
    "lead": "lead leadid contactid contact customerid customer personid person recordid",
    "email": "email emailaddress mail workemail businessemail",
    "name": "eventname event activitytype activity action interaction what name",
    "id": "id eventid messageid activityid uuid rowid",
    "fact": "firstname lastname fullname company companyname organisation organization title jobtitle position phone "
    "mobile country city industry employees website domain leadsource territory",
}
_FORMATS = (
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y",
    "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M %p", "%m/%d/%Y", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d",
    "%b %d, %Y", "%d %b %Y",
)  # fmt: skip


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """What each column is, and what no column says. `own` files already speak our words and need none of it."""

    own: bool = False
    roles: dict[str, Role] = {}
    always: str = ""  # the name of what happened, where it is the same in every row
    format: str = ""
    timezone: str = ""
    source: str = ""


def guessed(columns: Sequence[str], samples: Sequence[Named[str, Any]]) -> Choice:
    """The likeliest reading of a file with these columns and first rows.

    >>> rows = [{"Email": "ada@firm.example", "Activity": "Demo", "Date": "24.12.2025", "Plan": "S"}]
    >>> found = guessed(list(rows[0]), rows)
    >>> found.roles, found.format
    ({'Date': 'occurred_at', 'Email': 'email', 'Activity': 'name', 'Plan': 'property'}, '%d.%m.%Y')
    """
    spelled = {folded(column) for column in columns}
    if "occurredat" in spelled and spelled & {"name", "type"} and spelled & {"lead", "userid", "anonymousid"}:
        return Choice(own=True)
    roles: dict[str, Role] = {}
    for role, names in _NAMED.items():
        for name in names.split():
            column = next((each for each in columns if folded(each) == name and each not in roles), None)
            if column is None or (role in ONCE and role in roles.values()):
                continue
            if role == "occurred_at" and format_of(column, samples) is None:
                continue
            roles[column] = role
    about: Role = "property" if "name" in roles.values() else "fact"
    roles |= {column: about for column in columns if column and column not in roles}
    when = next((column for column, role in roles.items() if role == "occurred_at"), "")
    return Choice(roles=roles, format=format_of(when, samples) or "" if when else "")


def format_of(column: str, samples: Sequence[Named[str, Any]]) -> str | None:
    """How the moments of a column are written, "" for ISO 8601 and Unix time; None if it holds no moments."""
    told = [cell for row in samples if (cell := row.get(column)) not in (None, "")]
    if told and all(_is_plain(cell) for cell in told):
        return ""
    texts = [cell.strip() for cell in told if isinstance(cell, str)]
    if not told or len(texts) < len(told):
        return None
    return next((each for each in _FORMATS if all(_reads(each, text) for text in texts)), None)


def written(choice: Choice) -> str:
    """The choice as a mapping file; what is missing in it is left for whoever reads it to say."""
    of = {role: [column for column, each in choice.roles.items() if each == role] for role in ROLES}
    told: dict[str, Any] = {"source": choice.source} if choice.source else {}
    told |= {who: of[who][0] for who in ("lead", "user_id", "anonymous_id") if of[who]}
    if of["email"] and not (of["lead"] or of["user_id"]):
        told["lead"] = of["email"][0]
    if of["id"]:
        told["id"] = of["id"][0] if len(of["id"]) == 1 else of["id"]
    told |= {when: _moment(choice, of[when][0]) for when in ("occurred_at", "received_at") if of[when]}
    facts = dict.fromkeys(["email"][: len(of["email"])], of["email"][0] if of["email"] else "") | {
        column: column for column in of["fact"]
    }
    if facts:
        told["facts"] = facts
    event: dict[str, Any] = {"name": of["name"][0] if of["name"] else {"always": choice.always}}
    if of["property"]:
        event["properties"] = of["property"]
    if of["name"] or choice.always:
        told["events"] = [event]
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=1_000)


def _moment(choice: Choice, column: str) -> Any:
    told = {"column": column}
    if choice.format:
        told["format"] = choice.format
    if choice.timezone:
        told["timezone"] = choice.timezone
    return told if len(told) > 1 else column


def _is_plain(cell: Any) -> bool:
    try:
        moment(cell)
    except NoEvent:
        return False
    return True


def _reads(how: str, text: str) -> bool:
    try:
        datetime.strptime(text, how)  # noqa: DTZ007 - only tried out
    except ValueError:
        return False
    return True
