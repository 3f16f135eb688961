"""Leads as they stand: the list of all, and those that wait for an answer."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from ripeline.events.instants import instant, micros
from ripeline.events.mail_address import mail_address
from ripeline.server.log.asking.agreement import named_scores
from ripeline.server.log.asking.connection import database, rows
from ripeline.server.log.asking.people import rep_names
from ripeline.server.log.records import LeadRow, Page, Place, Queued, SlaShare, Waiting
from ripeline.translation import translated

# The row of the present cycle; those of past cycles are not folded any more.
PRESENT = "(state.fold IS NOT NULL OR state.definition = 0)"
NAME = "coalesce(nullif(lead.name, ''), lead.email)"

# By which column leads are ranked, and how.
_ORDERS = {
    "recent": ("state.newest_at", "ranked DESC, lead DESC"),
    "score": ("state.total", "ranked DESC, lead DESC"),
    "name": (NAME, "ranked = '', ranked COLLATE NOCASE, lead"),
}
# What they say of their company, else what somebody else there said.
COMPANY = (
    "coalesce(nullif(lead.company, ''), (SELECT name FROM account WHERE account.id = lead.account), '') AS company"
)
_COLUMNS = f"""
    lead.id AS lead, {NAME} AS name, lead.title, {COMPANY}, lead.email, state.stage, state.owner, state.total,
    state.sub_scores, state.grade, state.scored_at, state.newest_at, state.version
"""
_AS_MQL = """
FROM state
LEFT JOIN clock ON clock.lead = state.lead AND clock.definition = state.definition AND clock.stopped_at IS NULL
WHERE state.stage = 'mql' AND state.stage IN ('mql', 'sal', 'sql', 'opportunity') AND state.fold IS NOT NULL
"""
# The offers first, and for each its state: the other way round every lead there is would be read.
_ON_OFFER = f"""
FROM (
  WITH offered AS MATERIALIZED (SELECT lead, definition, cycle, offered_at FROM offer) SELECT * FROM offered
) AS offer
JOIN state ON state.lead = offer.lead AND state.definition = offer.definition AND state.cycle = offer.cycle
WHERE {PRESENT}
"""
_QUEUED = f"""
SELECT state.lead, state.total, clock.due_at, clock.started_at {_AS_MQL} {{mine}}
UNION ALL SELECT state.lead, state.total, NULL, offer.offered_at {_ON_OFFER} {{mine}}
"""
_WAITING = f"""
WITH waiting AS (    -- with its clock, if one runs
  SELECT state.id, clock.due_at, clock.started_at, clock.breached_at, false AS offered {_AS_MQL} {{mine}}
  UNION ALL SELECT state.id, NULL, NULL, NULL, true {_ON_OFFER} {{mine}}
)
SELECT {_COLUMNS}, waiting.due_at, waiting.started_at, waiting.breached_at, waiting.offered
FROM waiting JOIN state ON state.id = waiting.id JOIN lead ON lead.id = state.lead
"""
_MINE = "AND state.owner = :owner"
_THESE = "AND state.lead IN (SELECT value FROM json_each(:leads))"
MOST_WORDS = 32  # of a search; SQLite refuses a condition that is a thousand deep


def queue(*, owner: str | None = None) -> list[Queued]:
    """Everybody `waiting` would list, in no order, and little of each: there may be thousands."""
    found = database().execute(_QUEUED.format(mine="" if owner is None else _MINE), {"owner": owner})
    return [
        Queued(lead=lead, total=total, due_at=maybe_instant(due_at), since=maybe_instant(since))
        for lead, total, due_at, since in found
    ]


def waiting(*, now: datetime, owner: str | None = None, leads: Iterable[int] | None = None) -> list[Waiting]:
    """Who waits for an answer, soonest deadline first, then the offered by score; only `owner`'s, `leads` if given."""
    names = rep_names()
    only = ("" if owner is None else _MINE) + ("" if leads is None else _THESE)
    values = {"owner": owner, "leads": msgspec.json.encode(list(leads or ())).decode()}
    found = [_waiting(row, names) for row in rows(_WAITING.format(mine=only), values)]
    return sorted(found, key=lambda lead: (lead.offered, lead.due_at or now, -lead.total, lead.lead))


def waiting_count(*, owner: str | None = None) -> int:
    """How many `waiting` would list."""
    counted = f"SELECT count(*) FROM ({_QUEUED.format(mine='' if owner is None else _MINE)})"
    return int(database().execute(counted, {"owner": owner}).fetchone()[0])


def leads(  # noqa: PLR0913 - each is a filter of its own
    *,
    search: str = "",
    page: int = 1,
    per_page: int = 50,
    stage: str | None = None,
    visitors: bool = True,
    email: str | None = None,
    user_id: str | None = None,
    anonymous_id: str | None = None,
    owner: str | None = None,
    account: int | None = None,
    order: str = "recent",
) -> Page:
    """Leads and visitors that match all that is given. `order`: recent (latest event first), score, name.

    `search` looks for its words in names, companies and addresses, and for the whole of it among ids.
    """
    wanted = {"stage": stage, "owner": owner, "email": email, "user_id": user_id, "anonymous_id": anonymous_id}
    where, values = _conditions(search, wanted, account=account)
    if not visitors:
        where.append("state.stage <> 'visitor'")
    ranked, by = _ORDERS.get(order, _ORDERS["recent"])
    listed = _LISTED.format(
        ranked=ranked,
        by=by,
        join="JOIN lead ON lead.id = state.lead" if order == "name" else "",
        where=" AND ".join(where),
    )

    def at(number: int) -> list[dict[str, Any]]:
        return rows(listed, {**values, "limit": per_page, "offset": (number - 1) * per_page})

    number, found = max(page, 1), at(max(page, 1))
    if not found and number > 1:  # beyond the last page stands the last
        first = at(1)
        number = max(1, -(-_total(first) // per_page))
        found = at(number) if number > 1 else first
    total, names = _total(found), rep_names()
    pages = max(1, -(-total // per_page))
    return Page(items=[_row(row, names) for row in found], total=total, number=number, pages=pages)


_LISTED = f"""
WITH matching AS MATERIALIZED (    -- read once, for the page and for the total
  SELECT state.id, state.lead, {{ranked}} AS ranked FROM state {{join}} WHERE {{where}}
), page AS (
  SELECT id, lead AS placed, ranked FROM matching ORDER BY {{by}} LIMIT :limit OFFSET :offset
)
SELECT {_COLUMNS}, page.ranked, (SELECT count(*) FROM matching) AS matches
FROM page JOIN state ON state.id = page.id JOIN lead ON lead.id = state.lead ORDER BY {{by}}
"""


def _total(found: list[dict[str, Any]]) -> int:
    return int(found[0]["matches"]) if found else 0


# For programs that follow a list while it changes: what ranks a lead in it, who comes after a place, and the order.
_FOLLOWED = {
    "recent": ("state.newest_at", "(ranked, placed) < (:rank, :lead)", "ranked DESC, placed DESC"),
    "score": ("state.total", "(ranked, placed) < (:rank, :lead)", "ranked DESC, placed DESC"),
    "name": (
        NAME,
        "(ranked = '', ranked COLLATE NOCASE, placed) > (:rank = '', :rank, :lead)",
        "ranked = '', ranked COLLATE NOCASE, placed",
    ),
    "id": ("state.lead", "placed > :lead", "placed"),
}


def leads_after(
    place: Place | None, *, order: str, limit: int, search: str = "", account: int | None = None, **wanted: str | None
) -> list[tuple[Place, LeadRow]]:
    """At most `limit` leads after `place` in `order`, each with its own place; `wanted` as `leads` takes them.

    Whoever moves meanwhile moves within the list, and takes nobody else along. By id nobody ever moves.
    """
    where, values = _conditions(search, wanted, account=account)
    ranked, after, by = _FOLLOWED[order]
    names_matter = "JOIN lead ON lead.id = state.lead" if order == "name" else ""
    values |= {"limit": limit} | ({} if place is None else {"rank": place.rank, "lead": place.lead})
    found = rows(
        f"""
        WITH matching AS (    -- with what each is ranked by
          SELECT state.id, state.lead AS placed, {ranked} AS ranked
          FROM state {names_matter} WHERE {" AND ".join(where)}
        ), page AS (
          SELECT * FROM matching WHERE {"true" if place is None else after} ORDER BY {by} LIMIT :limit
        )
        SELECT {_COLUMNS}, ranked FROM page JOIN state ON state.id = page.id JOIN lead ON lead.id = placed ORDER BY {by}
        """,
        values,
    )
    names = rep_names()
    return [(Place(rank=row["ranked"], lead=row["lead"]), _row(row, names)) for row in found]


def rows_of(ids: Iterable[int]) -> dict[int, LeadRow]:
    """These leads as a list shows them, by their ids."""
    names = rep_names()
    found = rows(
        f"SELECT {_COLUMNS} FROM state JOIN lead ON lead.id = state.lead WHERE {PRESENT} {_THESE}",
        {"leads": msgspec.json.encode(list(ids)).decode()},
    )
    return {row["lead"]: _row(row, names) for row in found}


def sla_share(*, since: datetime, now: datetime, owner: str | None = None) -> SlaShare:
    """How many answers that were due from `since` to `now` came in time. Merged and reassigned clocks do not count."""
    mine = "" if owner is None else "AND rep = :owner"
    found = rows(
        f"""
        SELECT coalesce(sum(stopped_at IS NOT NULL AND breached_at IS NULL), 0) AS in_time,
               coalesce(sum(stopped_at IS NOT NULL AND breached_at IS NOT NULL), 0) AS late,
               coalesce(sum(stopped_at IS NULL), 0) AS overdue
        FROM clock
        WHERE due_at BETWEEN :since AND :now AND stopped_as NOT IN ('merged', 'reassigned') {mine}
        """,
        {"since": micros(since), "now": micros(now), "owner": owner},
    )
    return SlaShare(**found[0])


def _conditions(search: str, wanted: dict[str, str | None], *, account: int | None) -> tuple[list[str], dict[str, Any]]:
    where, values = [PRESENT], dict[str, Any]()
    words = list(dict.fromkeys(search.casefold().split()))[:MOST_WORDS]
    if words:
        told = " AND ".join(f"sought LIKE :word{place} ESCAPE '\\'" for place in range(len(words)))
        of_accounts = f"SELECT id FROM lead WHERE account IN (SELECT id FROM account WHERE {told})"
        found = f"SELECT id FROM lead WHERE {told} UNION {of_accounts} UNION SELECT value FROM json_each(:named)"
        where.append(f"state.lead IN ({found})")
        values |= {f"word{place}": f"%{_literally(word)}%" for place, word in enumerate(words)}
        values["named"] = msgspec.json.encode(_named(search.strip())).decode()
    if account is not None:
        where.append("state.lead IN (SELECT id FROM lead WHERE account = :account)")
        values["account"] = account
    for field, column in (("stage", "state.stage"), ("owner", "state.owner")):
        if wanted.get(field) is not None:
            where.append(f"{column} = :{field}")
            values[field] = wanted[field]
    for field, kind in (("email", "email"), ("user_id", "user"), ("anonymous_id", "anonymous")):
        value = wanted.get(field)
        if value is not None:
            where.append(f"state.lead IN (SELECT value FROM json_each(:{field}))")
            values[field] = msgspec.json.encode(_having(kind, value)).decode()
    return where, values


def _named(value: str) -> list[int]:
    """Who has an id of this value, of whichever kind."""
    return [lead for kind in ("user", "external", "anonymous") for lead in _having(kind, value)]


def _having(kind: str, value: str) -> list[int]:
    """Who has an id. An anonymous one may belong to several, each at their time."""
    value = mail_address(value) or value if kind == "email" else value
    return [
        row[0]
        for row in database().execute(
            "SELECT lead FROM identity WHERE kind = :kind AND value = :value "
            "UNION SELECT anchor.lead FROM identity JOIN interval ON interval.identity = identity.id "
            "JOIN identity AS anchor ON anchor.id = interval.anchor "
            "WHERE identity.kind = :kind AND identity.value = :value",
            {"kind": kind, "value": value},
        )
    ]


def _literally(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def shown_name(name: str, lead: int) -> str:
    """What a lead is called where nothing else is known."""
    return name or translated("Visitor {id}", id=lead)


def _row(row: dict[str, Any], names: dict[str, str]) -> LeadRow:
    return LeadRow(
        id=row["lead"],
        name=shown_name(row["name"], row["lead"]),
        title=row["title"],
        company=row["company"],
        email=row["email"],
        stage=row["stage"],
        owner=row["owner"],
        owner_name=names.get(row["owner"], row["owner"]),
        total=row["total"],
        sub_scores=named_scores(row["sub_scores"], row["version"]),
        grade=row["grade"],
        scored_at=instant(row["scored_at"]),
        newest_at=instant(row["newest_at"]),
    )


def _waiting(row: dict[str, Any], names: dict[str, str]) -> Waiting:
    return Waiting(
        lead=row["lead"],
        name=shown_name(row["name"], row["lead"]),
        title=row["title"],
        company=row["company"],
        stage=row["stage"],
        total=row["total"],
        sub_scores=named_scores(row["sub_scores"], row["version"]),
        grade=row["grade"],
        due_at=maybe_instant(row["due_at"]),
        started_at=maybe_instant(row["started_at"]),
        breached_at=maybe_instant(row["breached_at"]),
        owner=row["owner"],
        owner_name=names.get(row["owner"], row["owner"]),
        offered=bool(row["offered"]),
    )


def maybe_instant(at: int | None) -> datetime | None:
    """An instant, where there is one."""
    return None if at is None else instant(at)
