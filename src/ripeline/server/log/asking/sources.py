"""What came under each write key."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from ripeline.events.instants import instant, micros
from ripeline.server.log.asking.connection import rows
from ripeline.server.log.asking.people import keys
from ripeline.server.log.asking.standing import maybe_instant, shown_name
from ripeline.server.log.records import Key, SourceRecord
from ripeline.server.log.store.arrivals import DAY, MINUTE
from ripeline.server.log.store.events import listed

Row = dict[str, Any]

_SEEN = """
SELECT source.name, seen.events, first_at, last_at, lag, event.name AS event, event.lead
FROM seen JOIN source ON source.id = seen.source LEFT JOIN event ON event.seq = seen.seq
"""
_ARRIVED = """
SELECT source.name,
       sum(events) FILTER (WHERE minute >= :minute - 1) AS last_minute,
       sum(events) FILTER (WHERE minute > :minute - 60) AS last_hour,
       sum(events) FILTER (WHERE minute > :minute - 1440) AS last_day,
       sum(events) FILTER (WHERE minute >= :since) AS stored
FROM arrival JOIN source ON source.id = arrival.source GROUP BY source.id
"""
_REFUSED = """
SELECT source.name, reason, sum(count) AS count
FROM refused_day JOIN source ON source.id = refused_day.source
WHERE day >= :day GROUP BY source.id, reason ORDER BY count DESC, reason
"""
_LEADS = "SELECT id, merged_into, name, email FROM lead WHERE id IN (SELECT value FROM json_each(:ids))"


def sources(*, now: datetime) -> list[SourceRecord]:
    """Each write key in force with what came under it, the latest event first, then the newest key."""
    at = micros(now)
    yesterday = at // DAY - 1
    seen = {row["name"]: row for row in rows(_SEEN)}
    arrived = {row["name"]: row for row in rows(_ARRIVED, {"minute": at // MINUTE, "since": yesterday * DAY // MINUTE})}
    refused: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows(_REFUSED, {"day": yesterday}):
        refused[row["name"]][row["reason"]] = row["count"]
    leads = _present(row["lead"] for row in seen.values() if row["lead"] is not None)
    found = [
        _record(key, seen.get(key.name, {}), arrived.get(key.name, {}), refused.get(key.name, {}), leads, at=at)
        for key in keys(kind="write")
        if key.revoked_at is None
    ]
    return sorted(found, key=_latest_first)


def source(key: int, *, now: datetime) -> SourceRecord | None:
    """What came under one write key; None where none in force has this id."""
    return next((record for record in sources(now=now) if record.key.id == key), None)


def _record(
    key: Key, seen: Row, arrived: Row, refused: dict[str, int], leads: dict[int, tuple[int, str]], *, at: int
) -> SourceRecord:
    lead, name = leads.get(seen.get("lead") or 0, (None, ""))
    minutes = 1 + at % MINUTE / MINUTE  # the one before, and what has passed of this one
    return SourceRecord(
        key=key,
        events=seen.get("events") or 0,
        first_at=maybe_instant(seen.get("first_at")),
        last_at=maybe_instant(seen.get("last_at")),
        lag=timedelta(microseconds=seen["lag"]) if seen else None,
        last_event=seen.get("event") or "",
        last_lead=lead,
        last_lead_name=name,
        last_minute=(arrived.get("last_minute") or 0) / minutes,
        last_hour=arrived.get("last_hour") or 0,
        last_day=arrived.get("last_day") or 0,
        stored=arrived.get("stored") or 0,
        refused=refused,
        refused_since=instant((at // DAY - 1) * DAY).date(),
    )


def _latest_first(record: SourceRecord) -> tuple[float, int]:
    return (-record.last_at.timestamp() if record.last_at else 0.0, -record.key.id)


def _present(ids: Iterable[int]) -> dict[int, tuple[int, str]]:
    """By the id a lead had: the id and the name it has now."""
    now = {id: id for id in ids}
    found = _leads(now.values())
    while merged := {id: found[is_now]["merged_into"] for id, is_now in now.items() if found[is_now]["merged_into"]}:
        now |= merged
        found = _leads(now.values())
    return {
        id: (is_now, shown_name(found[is_now]["name"] or found[is_now]["email"], is_now)) for id, is_now in now.items()
    }


def _leads(ids: Iterable[int]) -> dict[int, Row]:
    return {row["id"]: row for row in rows(_LEADS, {"ids": listed(ids)})}
