"""What the fold reads: a lead's history as rows of three numbers, in the order of the log."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from ripeline.events.event import Event
from ripeline.events.facts import hints, statements
from ripeline.events.instants import micros
from ripeline.scoring.acts import Act, Transition
from ripeline.scoring.shapes import ShapeTable
from ripeline.scoring.tables import NEVER

__all__ = ["NEVER", "LeadRows", "RowBuilder", "Told", "in_order", "told"]


class Told(msgspec.Struct, frozen=True, order=True, gc=False):
    """An event as the fold reads it: its place among a lead's others, by which it sorts, and its (shape, value) rows.

    Shapes are of one process.
    """

    at: int
    source: str
    message_id: str
    rows: tuple[tuple[int, int], ...]


class LeadRows(NamedTuple):
    """Many leads' rows, one lead after the other.

    Lead `i` has rows `starts[i]:starts[i + 1]`, sorted by (occurred_at, source, message id); an event's own row stands
    before the statements it makes, and acts and transitions stand after everything else of their instant.
    Copies of an event are already left out.

    - `starts`     int64, one more than leads
    - `at`         int64, microseconds since 1970 (UTC): `occurred_at`; `at`/`moved_at` of acts and transitions
    - `shape`      int32, what the row means: a number given by `program.shapes`, valid in this process only
    - `value`      int64, which value a statement states (`shapes.statement`), 0 for all other rows; may be of length 0
                   when no row states a fact
    - `reachable`  uint8, one a lead: a way to reach them is known without their e-mail or phone (a file row's `lead`);
                   may be of length 0, then nobody is
    """

    starts: NDArray[np.int64]
    at: NDArray[np.int64]
    shape: NDArray[np.int32]
    value: NDArray[np.int64]
    reachable: NDArray[np.uint8]


class RowBuilder:
    """Makes rows of events, acts and transitions, lead by lead, in the order in which they are added."""

    def __init__(self, shapes: ShapeTable) -> None:
        self._shapes = shapes
        self.at: list[int] = []
        self.shape: list[int] = []
        self.value: list[int] = []
        self.starts: list[int] = [0]

    def add(self, event: Event) -> None:
        """The event's row, then a row for each fact it states or hints at."""
        at = micros(event.occurred_at)
        self.at.append(at)
        self.shape.append(self._shapes.of(event))
        self.value.append(0)
        if event.facts or event.hints:
            for field, value in statements(event):
                self._append(at, *self._shapes.statement(field, value))
            for field, value in hints(event):
                self._append(at, *self._shapes.statement(field, value, hint=True))

    def add_told(self, told: Iterable[Told], transitions: Sequence[Transition] = ()) -> None:
        """A lead's events, in order and without copies, with the moves that were recorded in between."""
        moves = sorted(transitions, key=_decided_at)[::-1]
        for one in told:
            at = one.at
            while moves and micros(moves[-1].moved_at) < at:
                self.add_transition(moves.pop())
            for shape, value in one.rows:
                self.at.append(at)
                self.shape.append(shape)
                self.value.append(value)
        while moves:
            self.add_transition(moves.pop())

    def add_act(self, act: Act) -> None:
        self._append(micros(act.at), self._shapes.act(act.act, act.reason), 0)

    def add_transition(self, transition: Transition) -> None:
        self._append(micros(transition.moved_at), self._shapes.transition(transition.to, transition.reason), 0)

    def add_history(
        self, events: Iterable[Event], *, acts: Sequence[Act] = (), transitions: Sequence[Transition] = ()
    ) -> dict[int, Event]:
        """A lead's events, in order and without copies, with what was decided about it in between.

        Returns the event of each row that is an event's own.
        """
        of_rows: dict[int, Event] = {}
        decided: list[Act | Transition] = sorted([*acts, *transitions], key=_decided_at)
        place = 0
        for event in events:
            while place < len(decided) and _decided_at(decided[place]) < event.occurred_at:
                self._add_decision(decided[place])
                place += 1
            of_rows[len(self.at)] = event
            self.add(event)
        for decision in decided[place:]:
            self._add_decision(decision)
        return of_rows

    def end_lead(self) -> None:
        """What is added from here on belongs to the next lead."""
        self.starts.append(len(self.at))

    def rows(self, reachable: Sequence[bool] = ()) -> LeadRows:
        return LeadRows(
            np.array(self.starts, dtype=np.int64),
            np.array(self.at, dtype=np.int64),
            np.array(self.shape, dtype=np.int32),
            np.array(self.value, dtype=np.int64),
            np.array(reachable, dtype=np.uint8),
        )

    def _add_decision(self, decision: Act | Transition) -> None:
        if isinstance(decision, Act):
            self.add_act(decision)
        else:
            self.add_transition(decision)

    def _append(self, at: int, shape: int, value: int) -> None:
        self.at.append(at)
        self.shape.append(shape)
        self.value.append(value)


def _decided_at(decision: Act | Transition) -> datetime:
    return decision.at if isinstance(decision, Act) else decision.moved_at


def told(shapes: ShapeTable, event: Event, at: int | None = None) -> Told:
    """`event` as rows of these shapes; `at` is its instant, where that is known already."""
    if event.facts or event.hints:
        builder = RowBuilder(shapes)
        builder.add(event)
        rows = tuple(zip(builder.shape, builder.value, strict=True))
    else:
        rows = ((shapes.of(event), 0),)
    return Told(micros(event.occurred_at) if at is None else at, event.source, event.message_id, rows)


def in_order(events: Iterable[Event]) -> list[Event]:
    """A lead's events in the order of the log, (`occurred_at`, source, message id); of copies the first stored wins."""
    first: dict[tuple[str, str], Event] = {}
    for event in events:
        first.setdefault((event.source, event.message_id), event)
    return sorted(first.values(), key=lambda event: (event.occurred_at, event.source, event.message_id))
