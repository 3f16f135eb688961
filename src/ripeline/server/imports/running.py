"""A history goes to the writer part by part: one is read while another is stored, and live events come in between."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from ripeline.batch.filed import Filed, RefusedRow
from ripeline.batch.history import History
from ripeline.batch.in_order import in_order
from ripeline.batch.outcomes import Outcome
from ripeline.events.event import Event
from ripeline.server.log.commands import Command, Imported, ImportHistory, RecordedAct

SERVED = 1_000  # events in a part while a server answers others: they wait for no longer than one part takes
ALONE = 20_000  # and where nobody waits
MOST_BYTES = 4 * 2**20  # of messages in a part
ACTS = 1_000
READ_BETWEEN = 10_000  # rows, before `told` hears again


class Counts(msgspec.Struct, kw_only=True):
    """How far an import has come. `unknown` outcomes are about nobody the log knows."""

    rows: int = 0
    stored: int = 0
    duplicates: int = 0
    refused: int = 0
    outcomes: int = 0
    unknown: int = 0


class Stopped(Exception):
    """Somebody wants no more of it. What was stored by then stays, and counts once if it comes again."""


class Import:
    """Takes `history` in, and then `outcomes`, by `submit`; what cannot be is told to `refused`, row by row.

    First all of it is read, so that it goes in by time, whatever order files have it in; what waits for its turn lies
    in `folder`. `told` hears of the counts now and then and may raise Stopped. Raises what the writer raises.
    """

    def __init__(
        self,
        submit: Callable[[Command], "Future[Any]"],
        *,
        refused: Callable[[RefusedRow], None],
        told: Callable[[Counts], None],
        at_once: int = ALONE,
        folder: Path | None = None,
    ) -> None:
        self.counts = Counts()
        self._folder = folder
        self._submit = submit
        self._refused = refused
        self._told = told
        self._at_once = at_once
        self._pending: Future[Any] | None = None

    def run(self, history: History, outcomes: Iterable[Outcome | RefusedRow] = (), *, end: datetime) -> Counts:
        """Everything is on disk when this returns. Who qualifies at `end` and acted lately is on offer then."""
        for events, known in self._parts(in_order(self._taken(history), self._folder)):
            self._go_on(ImportHistory(events=events, known=known))
        for acts in self._acts(outcomes):
            self._go_on(ImportHistory(events=(), acts=acts))
        self._go_on(ImportHistory(events=(), end=end))
        self._settle()
        self._told(self.counts)
        return self.counts

    def _taken(self, history: History) -> Iterator[Filed]:
        """What of the rows can be taken in."""
        heard = 0
        for each in history:
            if history.rows >= heard + READ_BETWEEN:
                heard = self.counts.rows = history.rows
                self._told(self.counts)
            if isinstance(each, RefusedRow):
                self._refuse(each)
            else:
                yield each
        self.counts.rows = history.rows
        self._told(self.counts)

    def _parts(self, told: Iterable[Filed]) -> Iterator[tuple[list[Event], list[str]]]:
        """Events of a part, and which of the people in it a file says are known."""
        events: list[Event] = []
        known: set[str] = set()
        size = 0
        for each in told:
            events.append(each.event)
            size += len(each.event.body)
            if each.lead is not None:
                known.add(each.lead)
            if len(events) >= self._at_once or size >= MOST_BYTES:
                yield events, sorted(known)
                events, known, size = [], set(), 0
        if events:
            yield events, sorted(known)

    def _acts(self, told: Iterable[Outcome | RefusedRow]) -> Iterator[list[RecordedAct]]:
        acts: list[RecordedAct] = []
        for each in told:
            if isinstance(each, RefusedRow):
                self._refuse(each)
                continue
            acts.append(_act(each))
            if len(acts) >= ACTS:
                yield acts
                acts = []
        if acts:
            yield acts

    def _refuse(self, row: RefusedRow) -> None:
        self.counts.refused += 1
        self._refused(row)

    def _go_on(self, part: ImportHistory) -> None:
        """The next part is given up once the one before it is on disk: two are in memory, whatever comes."""
        self._settle()
        self._pending = self._submit(part)

    def _settle(self) -> None:
        if self._pending is None:
            return
        answer: Imported = self._pending.result()
        self._pending = None
        self.counts.stored += answer.stored
        self.counts.duplicates += answer.duplicates
        self.counts.outcomes += answer.acts
        self.counts.unknown += answer.skipped
        self._told(self.counts)


def _act(told: Outcome) -> RecordedAct:
    return RecordedAct(
        user_id=told.lead, act=told.outcome, at=told.occurred_at, by=told.by, reason=told.reason, amount=told.amount,
        currency=told.currency, message_id=told.id,
    )  # fmt: skip
