"""Scores grow old by themselves: every quarter of an hour the lists get those of now, without anybody being folded."""

from datetime import timedelta

import msgspec

from ripeline.events.instants import MICROSECOND, instant
from ripeline.scoring import live
from ripeline.server.log.session import Log
from ripeline.server.log.store import lifecycle, standings
from ripeline.server.log.store.standings import StateRow

AGE = "age"
EVERY = timedelta(minutes=15)
AT_ONCE = 1_000
OPEN = ("lead", "mql", "sal", "sql", "opportunity", "recycled")


def begin(log: Log) -> None:
    """The due row is there from the first start on."""
    if not lifecycle.is_due(log.db, AGE, "lists"):
        lifecycle.put_due(log.db, at=log.at + EVERY // MICROSECOND, kind=AGE, key="lists", body="0")


def age(log: Log, body: str) -> None:
    """The next open leads' scores as of now; `body` is the last lead done in this round."""
    rows = standings.open_after(log.db, int(body), AT_ONCE, version=log.version_number, stages=OPEN)
    if log.program is not None and rows:
        _aged(log, rows)
    last = rows[-1].lead if len(rows) == AT_ONCE else 0
    at = log.at if last else log.at + EVERY // MICROSECOND
    lifecycle.put_due(log.db, at=at, kind=AGE, key="lists", body=str(last))


def _aged(log: Log, rows: list[StateRow]) -> None:
    assert log.program is not None
    whole = [row for row in rows if row.fold is not None and live.fits(log.program, row.fold)]
    at = max([log.at, *(row.newest_at for row in whole)])
    aged = live.aged(log.program, [row.fold for row in whole if row.fold is not None], at=instant(at))
    grade = log.program.grades.of_one
    changed = [
        (total, msgspec.json.encode(points), grade(points), qualifies, log.at, row.id)
        for row, total, points, qualifies in zip(
            whole, aged.total.tolist(), aged.sub_scores.tolist(), aged.qualifies.tolist(), strict=True
        )
    ]
    standings.keep_scores(log.db, changed)
    log.inbox = log.inbox or any(row.stage == log.definition.mql.opens for row in whole)
