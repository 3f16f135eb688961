"""What was no event: how much of it there is, what it was, and what became of it."""

from datetime import datetime
from typing import Any

import msgspec

from ripeline.events.instants import instant, micros
from ripeline.server.log.asking.connection import database, reader, rows
from ripeline.server.log.records import RefusedCount, RefusedEvent, Resumption
from ripeline.server.log.store import identities
from ripeline.server.log.store.connection import can_be_a_row
from ripeline.server.log.store.events import EventRow

LONGEST_HEAD = 10_000  # bytes of a body in a list

_COLUMNS = """
refused.id, source.name AS source, refused.kind, reason, detail, received_at, length(body) AS size, sent_at, settled_as,
settled_at, settled_by, stored, seq, message_id
"""
_WANTED = """
  (:settled_as IS NULL OR settled_as = :settled_as)
  AND (:source IS NULL OR source.name = :source) AND (:reason IS NULL OR reason = :reason)
  AND (:since IS NULL OR received_at >= :since) AND (:until IS NULL OR received_at < :until)
"""
_LISTED = f"""
SELECT {_COLUMNS}, substr(body, 1, :head) AS body FROM refused JOIN source ON source.id = refused.source
WHERE {{settled}} AND {_WANTED} AND (:before IS NULL OR refused.id < :before)
ORDER BY refused.id DESC LIMIT :limit OFFSET :skip
"""
_ONE = f"SELECT {_COLUMNS}, body FROM refused JOIN source ON source.id = refused.source WHERE refused.id = :id"
_COUNTED = f"""
SELECT source.name AS source, reason, count(*) AS count, max(received_at) AS latest_at
FROM refused JOIN source ON source.id = refused.source
WHERE {{settled}} AND {_WANTED} GROUP BY refused.source, reason
"""
_DAY = 86_400_000_000  # microseconds
_ONLY_COUNTED = f"""
SELECT source.name AS source, reason, sum(count) AS count, max(day) * {_DAY} AS latest_at
FROM refused_day JOIN source ON source.id = refused_day.source
WHERE NOT kept AND (:source IS NULL OR source.name = :source) AND (:reason IS NULL OR reason = :reason)
  AND (:since IS NULL OR (day + 1) * {_DAY} > :since) AND (:until IS NULL OR day * {_DAY} < :until)
GROUP BY refused_day.source, reason
"""
_NEIGHBOURS = f"""
SELECT
  (SELECT min(refused.id) FROM refused JOIN source ON source.id = refused.source
   WHERE {{settled}} AND {_WANTED} AND refused.id > :id) AS newer,
  (SELECT max(refused.id) FROM refused JOIN source ON source.id = refused.source
   WHERE {{settled}} AND {_WANTED} AND refused.id < :id) AS older
"""
_RESUMED = """
SELECT resumption.*, coalesce(source.name, '') AS source_name
FROM resumption LEFT JOIN source ON source.id = resumption.source
"""
_PART = """
SELECT id FROM refused
WHERE settled_as = '' AND id > :reached AND id <= :last
  AND (:source IS NULL OR source = (SELECT id FROM source WHERE name = :source))
  AND (:reason IS NULL OR reason = :reason)
  AND (:since IS NULL OR received_at >= :since) AND (:until IS NULL OR received_at < :until)
ORDER BY id LIMIT :limit
"""


class RefusedWish(msgspec.Struct, frozen=True, kw_only=True):
    """Which refused events are meant; what is None is left open. `settled_as` is empty for those nobody settled."""

    source: str | None = None
    reason: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    settled_as: str | None = None


EVERYTHING = RefusedWish()


def refused(
    *,
    source: str | None = None,
    reason: str | None = None,
    before: int | None = None,
    limit: int = 50,
    skip: int = 0,
    wish: RefusedWish = EVERYTHING,
) -> list[RefusedEvent]:
    """Refused events, newest first; `before` is the id of the last one of the page before."""
    wish = msgspec.structs.replace(wish, source=source or wish.source, reason=reason or wish.reason)
    place = {"before": before, "limit": limit, "skip": skip, "head": LONGEST_HEAD}
    return [_event(row) for row in rows(_sql(_LISTED, wish), {**_told(wish), **place})]


def refused_one(id: int) -> RefusedEvent | None:
    """One with all of its bytes; None where there never was one."""
    found = rows(_ONE, {"id": id}) if can_be_a_row(id) else []
    if not found:
        return None
    lead = _lead_at(found[0]["seq"]) if found[0]["seq"] else None
    return msgspec.structs.replace(_event(found[0]), lead=lead)


def refused_beside(id: int, wish: RefusedWish) -> tuple[int | None, int | None]:
    """The next newer and the next older one among those meant."""
    [found] = rows(_sql(_NEIGHBOURS, wish), {**_told(wish), "id": id})
    return found["newer"], found["older"]


def refused_counts(wish: RefusedWish = EVERYTHING) -> list[RefusedCount]:
    """How many were refused, by source and reason, most first; with `settled_as` open also those only counted."""
    counted = [
        RefusedCount(
            source=row["source"], reason=row["reason"], count=row["count"], latest_at=instant(row["latest_at"])
        )
        for row in [*rows(_sql(_COUNTED, wish), _told(wish)), *_only_counted(wish)]
    ]
    return sorted(counted, key=lambda row: (-row.count, row.source, row.reason))


def _only_counted(wish: RefusedWish) -> list[dict[str, Any]]:
    """What is refused for want of consent and of which nothing else is kept: nobody can settle it."""
    return rows(_ONLY_COUNTED, _told(wish)) if wish.settled_as is None else []


def resumption(id: int) -> Resumption | None:
    """One, done or under way."""
    found = rows(f"{_RESUMED} WHERE resumption.id = :id", {"id": id}) if can_be_a_row(id) else []
    return _resumption(found[0]) if found else None


def resumptions_under_way() -> list[Resumption]:
    """Those that are not done, in the order in which they were asked for."""
    return [_resumption(row) for row in rows(f"{_RESUMED} WHERE done_at IS NULL ORDER BY resumption.id")]


def refused_part(of: Resumption, *, limit: int) -> list[int]:
    """The next refused events that a resumption has to look at, the oldest first."""
    wish = RefusedWish(source=of.source or None, reason=of.reason or None, since=of.since, until=of.until)
    asked = {**_told(wish), "reached": of.reached, "last": of.last, "limit": limit}
    return [row["id"] for row in rows(_PART, asked)]


def _sql(sql: str, wish: RefusedWish) -> str:
    """Said as a fact, so that an index is used where only what nobody settled is wanted."""
    return sql.format(settled="TRUE" if wish.settled_as is None else "settled_as = :settled_as")


def _told(wish: RefusedWish) -> dict[str, Any]:
    at = {name: None if (told := getattr(wish, name)) is None else micros(told) for name in ("since", "until")}
    return {"source": wish.source, "reason": wish.reason, "settled_as": wish.settled_as, **at}


def _event(row: dict[str, Any]) -> RefusedEvent:
    times = {name: None if row[name] is None else instant(row[name]) for name in ("sent_at", "settled_at")}
    plain = {name: row[name] for name in RefusedEvent.__struct_fields__ if name in row and name not in times}
    body = bytes(row["body"] or b"")  # a part of nothing is NULL
    return RefusedEvent(**{**plain, "received_at": instant(row["received_at"]), "body": body, **times})


def _lead_at(seq: int) -> int | None:
    """Whose the event at a place in the log is by now."""
    found = database().execute(f"SELECT {', '.join(EventRow._fields)} FROM event WHERE seq = ?", (seq,)).fetchone()
    if found is None:
        return None
    row = EventRow._make(found)
    _, known = reader()
    return identities.resolved(database(), known.lead_of(known.entry(row.identity), row.occurred_at))


def _resumption(row: dict[str, Any]) -> Resumption:
    times = {name: None if row[name] is None else instant(row[name]) for name in ("since", "until", "done_at")}
    plain = {name: row[name] for name in Resumption.__struct_fields__ if name in row and name not in times}
    return Resumption(**{**plain, **times, "asked_at": instant(row["asked_at"]), "source": row["source_name"]})
