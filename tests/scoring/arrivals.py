"""A lead as the log keeps it while events arrive: in whatever order and groups, each folded on from what is kept."""

from collections.abc import Sequence
from datetime import datetime

from ripeline.definition.model import Definition
from ripeline.events.event import Event
from ripeline.events.instants import instant
from ripeline.scoring import live, tables
from ripeline.scoring.acts import LEADS_TO, LEGAL_FROM, UNDO, Act, Transition
from ripeline.scoring.live import Checkpoint, Earlier, Folded, LeadWork, Standing
from ripeline.scoring.program import compiled
from ripeline.scoring.rows import told
from ripeline.scoring.standing import head_of


class LiveLead:
    """One lead's rows, recorded transitions and standing; what `server.log` does for each, and nothing else."""

    def __init__(self, definition: Definition, *, reachable: bool) -> None:
        self.definition = definition
        self.reachable = reachable
        self.transitions: list[Transition] = []
        self.folded: Folded | None = None
        self._rows: list[Event] = []
        self._standing: Standing | None = None
        self._checkpoints: bytes | None = None
        self._lately: Standing | None = None
        self._program = compiled(definition)
        self._by_people: list[Transition | None] = []  # of each act the move it made

    @property
    def stage(self) -> str:
        return self.folded.stage if self.folded is not None else "visitor"

    def arrive(self, events: Sequence[Event], *, now: datetime) -> None:
        """Append a group of events and fold them."""
        before = len(self._rows)
        self._rows.extend(events)
        self._fold(now, events=events, before=before)

    def act(self, act: Act) -> None:
        """A person's act, if it is legal now: a move, or one taken back. Nobody acts on whom nothing is known of."""
        if not self._rows:
            return
        if act.act == UNDO:
            move = self._by_people.pop() if self._by_people else None
            if move is not None:
                self.transitions.remove(move)
                self._fold(act.at, again=True)
            return
        move = self._move_of(act)
        self._by_people.append(move)
        if move is not None:
            self._fold(act.at, transitions=[move])

    def read(self, *, at: datetime) -> dict[str, object] | None:
        """The lead at `at`, without folding anything: what is kept, aged."""
        if self.folded is None or self._standing is None:
            return None
        aged = live.aged(self._program, [self._standing.state], at=at)
        keys = [group.key for group in self.definition.groups]
        return {
            "score": float(aged.total[0]),
            **dict(zip(keys, aged.sub_scores[0].tolist(), strict=True)),
            "stage": self.folded.stage,
            "qualifies": bool(aged.qualifies[0]),
            "qualified_at": _instant(self.folded.qualified_at),
            "crossed_at": _instant(self.folded.crossed_at),
            "cycles": self.folded.cycle,
            "is_excluded": self.folded.excluded,
        }

    def _move_of(self, act: Act) -> Transition | None:
        reasons = {reason.key: reason.stage for reason in self.definition.reject_reasons}
        to = LEADS_TO.get(act.act) or reasons.get(act.reason)
        if to is None or self.stage not in LEGAL_FROM[act.act]:
            return None
        return Transition(to=to, moved_at=act.at, reason=act.reason)

    def _fold(
        self,
        now: datetime,
        *,
        events: Sequence[Event] = (),
        transitions: Sequence[Transition] = (),
        before: int | None = None,
        again: bool = False,
    ) -> None:
        self._before = len(self._rows) if before is None else before
        work = LeadWork(
            1,
            standing=self._standing,
            told=[told(self._program.shapes, event) for event in events],
            head=len(self._rows),
            transitions=list(transitions),
            reachable=self.reachable,
            again=again,
        )
        if again:
            self._lately = None
        elif self._lately is None:
            self._lately = self._standing
        [self.folded] = live.fold(self._program, [work], self, now=now)
        self._standing = Standing(bytes(self.folded.state), len(self._rows))
        if self.folded.checkpoints is not None:
            self._checkpoints = live.packed(self.folded.checkpoints)
        self.transitions.extend(transitions)
        self.transitions.extend(Transition(to=move.to, moved_at=now) for move in self.folded.moves)

    def checkpoints(self, lead: int) -> tuple[Checkpoint, ...]:
        """As the log keeps them."""
        return live.unpacked(self._checkpoints)

    def stood(self, lead: int, *, before: int) -> Standing | None:
        """As the log remembers it: how the lead stood when something came in order for the first time."""
        if self._lately is not None and head_of(self._lately.state)[tables.NEWEST] >= before:
            self._lately = None
        return self._lately

    def earlier(self, lead: int, *, after: int, newer_than: int) -> Earlier:
        """What was in the log before this group."""
        rows = [told(self._program.shapes, event) for event in self._rows[after : self._before]]
        return Earlier(sorted(row for row in rows if row.at > newer_than), list(self.transitions))


def as_it_happened(lead: LiveLead, events: Sequence[Event], acts: Sequence[Act]) -> None:
    """Every event arrives the moment it happens, the events of an instant together, before what people do then."""
    for at in sorted({event.occurred_at for event in events} | {act.at for act in acts}):
        now = [event for event in events if event.occurred_at == at]
        if now:
            lead.arrive(now, now=at)
        for act in acts:
            if act.at == at:
                lead.act(act)


def arrive_late(
    lead: LiveLead, arrivals: Sequence[tuple[datetime, Event]], acts: Sequence[Act], *, most_at_once: int = 1
) -> None:
    """Each event arrives at an instant of its own, in groups of at most so many; people act in between."""
    waiting: list[tuple[datetime, Event]] = sorted(arrivals, key=lambda arrival: arrival[0])
    for act in [*sorted(acts, key=lambda act: act.at), None]:
        due = [arrival for arrival in waiting if act is None or arrival[0] <= act.at]
        waiting = waiting[len(due) :]
        for first in range(0, len(due), most_at_once):
            group = due[first : first + most_at_once]
            lead.arrive([event for _, event in group], now=group[-1][0])
        if act is not None:
            lead.act(act)


def _instant(word: int | None) -> datetime | None:
    return None if word is None else instant(word)
