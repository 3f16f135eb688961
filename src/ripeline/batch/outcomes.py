"""Outcomes in files: `lead, outcome, occurred_at` and what a won or lost deal was about, one row a deal."""

from collections.abc import Iterator
from datetime import datetime
from math import isfinite
from typing import Any, Literal

import msgspec

from ripeline.batch.cells import plain, written
from ripeline.batch.csv_records import BrokenRow
from ripeline.batch.filed import LONGEST_NAME, NoEvent, RefusedRow, moment
from ripeline.batch.files import Paths, chosen
from ripeline.batch.tables import kind, rows, typed
from ripeline.events.ids import LONGEST_ID, LONGEST_MESSAGE_ID, present
from ripeline.events.names import folded
from ripeline.events.reason import Reason

_FIELDS = {
    folded(name): name for name in ("lead", "outcome", "occurred_at", "amount", "currency", "reason", "by", "id")
}
_OUTCOMES: dict[str, Literal["won", "lost"]] = {"won": "won", "lost": "lost"}


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """A deal that was won or lost. `amount` of `currency`; `id` counts it once, without one all that it says does."""

    lead: str
    outcome: Literal["won", "lost"]
    occurred_at: datetime
    amount: float | None = None
    currency: str = ""
    reason: str = ""
    by: str = ""
    id: str = ""


def read_outcomes(paths: Paths) -> Iterator[Outcome | RefusedRow]:
    """The outcomes that files tell; a row that is none costs its neighbours nothing. Raises UnreadableFile."""
    for path, name, _ in chosen(paths):
        for row in rows(path):
            if isinstance(row, BrokenRow):
                yield RefusedRow(name, row.line, row.reason, row.detail, row.text)
                continue
            try:
                yield outcome(row.cells, typed=typed(kind(path)))
            except NoEvent as why:
                yield RefusedRow(name, row.line, why.reason, why.detail, row.cells)


def outcome(cells: dict[str, Any], *, typed: bool) -> Outcome:
    """The outcome a row tells; other columns are left alone. Raises NoEvent.

    >>> outcome({"lead": "ada", "outcome": "won", "occurred_at": "2026-03-01", "amount": "9000"}, typed=False).amount
    9000.0
    """
    told = {field: cell for column, cell in cells.items() if (field := _FIELDS.get(folded(column))) and cell != ""}
    return Outcome(
        lead=_lead(told.get("lead")),
        outcome=_outcome(told.get("outcome")),
        occurred_at=moment(told.get("occurred_at")),
        amount=_amount(told.get("amount"), typed=typed),
        currency=_text(told, "currency", 10),
        reason=_text(told, "reason", LONGEST_NAME),
        by=_text(told, "by", LONGEST_ID),
        id=_text(told, "id", LONGEST_MESSAGE_ID),
    )


def _lead(told: Any) -> str:
    lead = present(plain(told)) if isinstance(told, str | int | float) else None
    if lead is None or len(lead) > LONGEST_ID:
        raise NoEvent(Reason.NO_ID, "`lead` says nobody; give the id by which the events name them")
    return lead


def _outcome(told: Any) -> Literal["won", "lost"]:
    found = _OUTCOMES.get(str(told).strip().lower())
    if found is None:
        raise NoEvent(Reason.WRONG_SHAPE, f"`outcome` {told!r} is neither won nor lost")
    return found


def _amount(told: Any, *, typed: bool) -> float | None:
    if told is None:
        return None
    try:
        number = plain(told) if typed or not isinstance(told, str) else written(told.strip())
    except ValueError:
        number = None
    if isinstance(number, bool) or not isinstance(number, int | float) or not isfinite(number):
        raise NoEvent(Reason.WRONG_SHAPE, f"`amount` {told!r} is no number")
    return float(number)


def _text(told: dict[str, Any], field: str, longest: int) -> str:
    said = plain(told.get(field))
    text = "" if said is None else str(said).strip()
    if len(text) > longest:
        raise NoEvent(Reason.WRONG_SHAPE, f"`{field}` is longer than {longest} characters")
    return text
