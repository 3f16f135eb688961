from collections.abc import Sequence
from datetime import datetime

from tests.scoring.happened import agreed, day, did

from ripeline.definition.model import Definition
from ripeline.events.event import Event
from ripeline.scoring import live, starting
from ripeline.scoring.acts import Transition
from ripeline.scoring.live import Checkpoint, Earlier, Folded, LeadWork, Standing
from ripeline.scoring.program import Program, compiled
from ripeline.scoring.rows import told

TRIAL = agreed("{engagement: {criteria: {demo: {on: Demo Requested, points: 20}, page: {on: Page Viewed, points: 1}}}}")


class Kept:
    """A lead's events in order of arrival, and from which sequence numbers on they were asked for."""

    def __init__(self, definition: Definition = TRIAL) -> None:
        self.program = compiled(definition)
        self.stored: list[Event] = []
        self.standing: Standing | None = None
        self.transitions: list[Transition] = []
        self.asked: list[int] = []
        self._checkpoints: tuple[Checkpoint, ...] = ()

    def receive(self, events: Sequence[Event], *, now: datetime) -> Folded:
        self._before = len(self.stored)
        self.stored += events
        work = shared(self.program, events, standing=self.standing, head=len(self.stored))
        folded = live.fold(self.program, [work], self, now=now)[0]
        self.standing = Standing(folded.state, len(self.stored))
        self._checkpoints = self._checkpoints if folded.checkpoints is None else folded.checkpoints
        self.transitions += [Transition(to=move.to, moved_at=now) for move in folded.moves]
        return folded

    def checkpoints(self, lead: int) -> tuple[Checkpoint, ...]:
        return self._checkpoints

    def stood(self, lead: int, *, before: int) -> Standing | None:
        return None

    def earlier(self, lead: int, *, after: int, newer_than: int) -> Earlier:
        self.asked.append(after)
        rows = [told(self.program.shapes, event) for event in self.stored[after : self._before]]
        return Earlier(sorted(row for row in rows if row.at > newer_than), list(self.transitions))


def shared(program: Program, events: Sequence[Event], standing: Standing | None = None, head: int = 0) -> LeadWork:
    rows = [told(program.shapes, event) for event in events]
    return LeadWork(1, standing=standing, told=rows, head=head, reachable=True)


def test_what_comes_in_order_asks_for_nothing_earlier() -> None:
    lead = Kept()

    totals = [lead.receive([did("Page Viewed", day(number))], now=day(number)).total for number in range(100)]

    assert lead.asked == []
    assert totals[-1] == 100.0


def test_what_is_a_little_late_is_folded_from_the_youngest_checkpoint_before_it() -> None:
    lead = Kept()
    for number in range(300):
        lead.receive([did("Page Viewed", day(number))], now=day(number))

    folded = lead.receive([did("Page Viewed", day(280))], now=day(300))

    assert folded.late and folded.total == 301.0
    [asked] = lead.asked
    assert 280 - starting.LONG <= asked <= 280


def test_what_is_later_than_all_checkpoints_is_folded_from_the_first_event() -> None:
    lead = Kept()
    for number in range(10):
        lead.receive([did("Page Viewed", day(number))], now=day(number))

    folded = lead.receive([did("Page Viewed", day(-1))], now=day(10))

    assert lead.asked == [0]
    assert folded.checkpoints is None and lead.checkpoints(1) == ()


def test_a_late_event_that_changes_nothing_folds_nothing_again() -> None:
    lead = Kept()
    lead.receive([did("Demo Requested", day(0)), did("Page Viewed", day(9))], now=day(9))

    folded = lead.receive([did("Banner Seen", day(5))], now=day(9))

    assert lead.asked == [] and not folded.late


def test_before_the_crossing_it_may_be_the_crossing_so_it_does() -> None:
    debt = "debt: {on: Careers Viewed, points: -20, half_life: 1 days}"
    lead = Kept(agreed(f"{{e: {{criteria: {{{debt}, demo: {{on: Demo Requested, points: 25}}}}}}}}"))
    lead.receive([did("Demo Requested", day(0)), did("Careers Viewed", day(0)), did("Page Viewed", day(9))], now=day(9))

    folded = lead.receive([did("Banner Seen", day(5))], now=day(9))

    assert folded.late
    assert folded.crossed_at == int(day(5).timestamp()) * 1_000_000


def test_a_crossing_that_comes_to_light_late_moves_the_lead_now() -> None:
    lead = Kept()
    lead.receive([did("Page Viewed", day(9))], now=day(9))

    [move] = lead.receive([did("Demo Requested", day(1))], now=day(9)).moves

    assert (move.source, move.to, move.via) == ("lead", "mql", "points")
    assert move.crossed_at == int(day(1).timestamp()) * 1_000_000


def test_one_that_does_not_hold_any_more_moves_nobody() -> None:
    fading = "{e: {criteria: {demo: {on: Demo Requested, points: 25, window: 3 days}}}}"
    lead = Kept(agreed(fading))
    lead.receive([did("Page Viewed", day(9))], now=day(9))

    folded = lead.receive([did("Demo Requested", day(1))], now=day(9))

    assert folded.moves == () and folded.crossed_at is not None


def test_a_state_does_not_depend_on_the_process_that_kept_it() -> None:
    events = [did("Page Viewed", day(0)), did("Demo Requested", day(1))]
    states = []
    for seen_before in ([], [did("Other", day(0)), did("Demo Requested", day(0))]):
        program = Program(TRIAL)
        for event in seen_before:
            program.shapes.of(event)
        states.append(live.fold(program, [shared(program, events)], Kept(), now=day(1))[0].state)

    assert states[0] == states[1]


def test_a_lead_whose_state_is_of_another_definition_is_folded_again_from_the_first_event() -> None:
    lead = Kept()
    lead.receive([did("Demo Requested", day(0))], now=day(0))
    lead.program = compiled(agreed("{engagement: {criteria: {demo: {on: Demo Requested, points: 21}}}}"))
    assert lead.standing is not None and not live.fits(lead.program, lead.standing.state)

    folded = lead.receive([did("Page Viewed", day(1))], now=day(1))

    assert lead.asked == [0] and folded.total == 21.0


def test_checkpoints_go_into_one_blob_and_come_back() -> None:
    checkpoints = (live.Checkpoint(b"older", 7, False), live.Checkpoint(b"younger", 9))

    assert live.unpacked(live.packed(checkpoints)) == checkpoints
    assert live.unpacked(None) == ()


def test_scores_of_many_leads_are_aged_in_one_call() -> None:
    program = compiled(agreed("{e: {criteria: {page: {on: Page Viewed, points: 8, half_life: 10 days}}}}"))
    work = [shared(program, [did("Page Viewed", day(number))]) for number in (0, 10)]
    states = [folded.state for folded in live.fold(program, work, Kept(), now=day(10))]

    assert live.aged(program, states, at=day(20)).total.tolist() == [2.0, 4.0]
    assert live.aged(program, [], at=day(20)).total.tolist() == []
