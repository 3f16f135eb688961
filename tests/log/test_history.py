"""What the lake says of a workspace is what its live states say, whatever happened in which order."""

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.log.book import book, keep_states_often, live_standings, settled
from tests.log.desk import MORNING, Desk

from ripeline.batch.compaction import compact
from ripeline.scoring.acts import LEGAL_FROM
from ripeline.server import history
from ripeline.server.log.commands import (
    Accept,
    Command,
    CommandError,
    DifferentPeople,
    ImportHistory,
    Outcome,
    RecordedAct,
    Reject,
    SamePerson,
    Take,
    Undo,
    UndoRuling,
    Unmerge,
)
from ripeline.server.mirror import Mirror

AGREEMENT = """
definition: trial
timezone: Europe/Stockholm
minimum_profile: [email]
channels:
  paid: {when: {utm_medium: cpc}, weight: 0.5}
  other: {}
scores:
  fit:
    grades: {A: 10, B: 0}
    criteria:
      decides: {when: {title: {contains: head}}, points: 10, half_life: 90 days}
  engagement:
    half_life: 7 days
    cap: 90
    criteria:
      demo: {on: Demo Requested, points: DEMO}
      page: {on: Page Viewed, points: 5, limit: 2 per day, window: 10 days}
excluded:
  students: {title: student}
stages:
  mql:
    when: {all: [minimum_profile, {total: {at_least: 40}}]}
    at_once: [Call Requested]
    answer_within: 4 hours
  sal:
    reject_reasons:
      not_a_fit: disqualified
      not_now: {recycled: 1 days}
  recycled: {reset: engagement}
  disqualified: {returns_by: [Call Requested]}
visitors_may_qualify: true
"""
FIRST, SECOND = (AGREEMENT.replace("DEMO", points) for points in ("30", "45"))


Message = dict[str, Any]


class Step(NamedTuple):
    """After some minutes one thing happens: messages arrive, somebody acts, the lake follows.

    Whom an act is about is a place among the leads there are then, those first from whose stage it is legal; it may be
    undone a second later.
    """

    minutes: int
    does: str
    messages: tuple[tuple[int, Message], ...] = ()  # how many minutes ago, and what
    about: int = 0
    undone: bool = False


PEOPLE = st.fixed_dictionaries(
    {},
    optional={
        "userId": st.sampled_from(["ann", "bob", "cyd"]),
        "anonymousId": st.sampled_from(["laptop", "phone"]),
        "context": st.sampled_from(
            [{"externalIds": [{"type": "crm", "id": "1"}]}, {"traits": {"email": "a@x.example", "title": "Head"}}]
        ),
    },
).filter(lambda who: "userId" in who or "anonymousId" in who)
TRAITS = st.fixed_dictionaries(
    {},
    optional={
        "email": st.sampled_from(["a@x.example", "b@x.example"]),
        "title": st.sampled_from(["Head of IT", "student", None]),
        "phone": st.sampled_from(["+46 31 555 00 01", None]),
    },
)
CALLS = st.one_of(
    st.sampled_from(["Demo Requested", "Call Requested", "Call Requested", "Banner Seen", "Email Sent"]).map(
        lambda name: {"type": "track", "event": name}
    ),
    st.sampled_from([{}, {"utm_medium": "cpc"}]).map(lambda told: {"type": "page", "properties": told}),
    TRAITS.map(lambda told: {"type": "identify", "traits": told}),
    TRAITS.map(lambda told: {"type": "identify", "traits": told}),
    st.sampled_from(["ann", "bob", "cyd"]).map(lambda old: {"type": "alias", "previousId": old}),
)
AGO = st.one_of(st.just(0), st.just(0), st.integers(0, 5), st.integers(0, 60 * 24 * 20))
MESSAGES = st.tuples(AGO, st.builds(lambda who, call: {**who, **call}, PEOPLE, CALLS))
MINUTES = st.one_of(st.just(0), st.integers(0, 10), st.integers(0, 60 * 24 * 9))
SENDS = st.builds(
    lambda minutes, messages: Step(minutes, "send", tuple(messages)),
    MINUTES,
    st.lists(MESSAGES, min_size=1, max_size=5),
)
ACTS = st.builds(
    lambda minutes, does, about, undone: Step(minutes, does, about=about, undone=undone),
    MINUTES,
    st.sampled_from(["accept", "accept", "not_a_fit", "not_a_fit", "not_now", "take", "won", "lost"]),
    st.sampled_from([0, 0, 0, 1, 2]),
    st.sampled_from([False, False, True]),
)
CHORES = st.builds(
    lambda minutes, does, about: Step(minutes, does, about=about),
    MINUTES,
    st.sampled_from(["again", "again", "due", "mirror", "compact"]),
    st.integers(0, 2),
)
RULINGS = st.builds(
    lambda minutes, does, about, undone: Step(minutes, does, about=about, undone=undone),
    MINUTES,
    st.sampled_from(["same", "same", "apart", "unmerge", "unmerge"]),
    st.integers(0, 3),
    st.sampled_from([False, False, True]),
)
STEPS = st.one_of(SENDS, SENDS, ACTS, ACTS, CHORES)
DECIDED = st.one_of(SENDS, SENDS, ACTS, RULINGS, RULINGS, CHORES)
PUBLISHES = st.sampled_from(["now", "replay"])


class Lived:
    """A workspace in which steps are taken, and its lake."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        data = desk.workspace.folder / "data"
        self.path = data / "ripeline.db"
        self.mirror = Mirror(self.path, data / "lake")
        self._sent: list[Message] = []

    def take(self, step: Step) -> None:
        self.desk.clock.advance(minutes=step.minutes)
        if step.does == "send":
            self._send([self.message(*each) for each in step.messages])
        elif step.does == "again":
            self._send(self._sent[step.about :: 3])
        elif step.does == "due":
            settled(self.desk)
        elif step.does in ("mirror", "compact"):
            self.mirror.catch_up()
            if step.does == "compact":
                compact(self.mirror.lake, rows_in_a_part=5)
        elif step.does in ("same", "apart", "unmerge"):
            self._rule(step)
        else:
            self._act(step)

    def _send(self, messages: list[Message]) -> None:
        if messages:
            self.desk.send(*messages)

    def message(self, ago: int, told: Message) -> Message:
        at = self.desk.clock.now - timedelta(minutes=ago)
        message = {"messageId": f"{len(self._sent) * 7 % 50}-{len(self._sent)}", "timestamp": at.isoformat(), **told}
        self._sent.append(message)
        return message

    def _act(self, step: Step) -> None:
        standing = live_standings(self.desk)
        act = step.does if step.does in LEGAL_FROM else "reject"
        leads = sorted(standing, key=lambda lead: (standing[lead]["stage"] not in LEGAL_FROM[act], lead))
        if not leads:
            return
        told: dict[str, Any] = {"lead": leads[step.about % len(leads)], "by": "eve", "at": self.desk.clock.now}
        commands: dict[str, Command] = {
            "accept": Accept(**told),
            "take": Take(**told),
            "won": Outcome(outcome="won", **told),
            "lost": Outcome(outcome="lost", **told),
        }
        self._try(commands.get(act) or Reject(reason=step.does, **told))
        if step.undone:
            self._try(Undo(**told | {"at": self.desk.clock.advance(seconds=1)}))

    def _rule(self, step: Step) -> None:
        """Somebody says of two leads who they are, or takes a merge back."""
        told: dict[str, Any] = {"by": "eve", "at": self.desk.clock.now}
        leads = sorted(live_standings(self.desk))
        if step.does == "unmerge":
            with contextlib.closing(sqlite3.connect(self.path)) as db:
                merged = [row[0] for row in db.execute("SELECT lead FROM merge WHERE parted IS NULL ORDER BY id DESC")]
            if not merged:
                return
            answer = self._try(Unmerge(lead=merged[step.about % len(merged)], **told))
        elif len(leads) > 1:
            two = (leads[step.about % len(leads)], leads[(step.about + 1) % len(leads)])
            answer = self._try((SamePerson if step.does == "same" else DifferentPeople)(leads=two, **told))
        else:
            return
        if step.undone and answer is not None:
            self._try(UndoRuling(ruling=answer.seq, by="eve", at=self.desk.clock.advance(seconds=1)))

    def _try(self, command: Command) -> Any:
        with contextlib.suppress(CommandError):
            return self.desk.do(command)
        return None

    def from_the_lake(self) -> dict[int, dict[str, Any]]:
        table = history.standings(self.path, self.mirror.lake, as_of=self.desk.clock.now)
        rows = table.to_pylist()
        return {row.pop("lead"): row for row in rows}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    before=st.lists(STEPS, min_size=4, max_size=14), publish=PUBLISHES, since=st.lists(STEPS, max_size=8),
    compacted=st.booleans(),
)  # fmt: skip
def test_live_states_are_what_the_lake_says(
    migrated: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    before: list[Step],
    publish: str,
    since: list[Step],
    compacted: bool,
) -> None:
    keep_states_often(monkeypatch)
    with book(migrated, tmp_path_factory.mktemp("book")) as desk:
        lived = Lived(desk)
        desk.publish(FIRST)
        for step in before:
            lived.take(step)
        desk.publish(SECOND, mode=publish)
        for step in since:
            lived.take(step)
        settled(desk)
        lived.take(Step(1, "compact" if compacted else "mirror"))

        assert lived.from_the_lake() == live_standings(desk)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(DECIDED, min_size=6, max_size=18), compacted=st.booleans())
def test_so_they_are_after_people_were_merged_and_parted(
    migrated: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    steps: list[Step],
    compacted: bool,
) -> None:
    keep_states_often(monkeypatch)
    with book(migrated, tmp_path_factory.mktemp("book")) as desk:
        lived = Lived(desk)
        desk.publish(FIRST)
        for step in steps:
            lived.take(step)
        settled(desk)
        lived.take(Step(1, "compact" if compacted else "mirror"))

        assert lived.from_the_lake() == live_standings(desk)


RECORDED = st.builds(
    lambda user, act, reason, ago: RecordedAct(
        user_id=user, act=act, reason=reason if act == "reject" else "", at=MORNING - timedelta(minutes=ago), by="eve"
    ),
    st.sampled_from(["ann", "bob"]),
    st.sampled_from(["accept", "reject", "reject", "won", "take"]),
    st.sampled_from(["not_a_fit", "not_now"]),
    st.integers(0, 60 * 24 * 20),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    imported=st.lists(MESSAGES, min_size=1, max_size=12), acts=st.lists(RECORDED, max_size=5), as_lived=st.booleans(),
    since=st.lists(STEPS, max_size=6),
)  # fmt: skip
def test_so_they_are_after_an_import_of_history(
    migrated: Path,
    tmp_path_factory: pytest.TempPathFactory,
    imported: list[tuple[int, Message]],
    acts: list[RecordedAct],
    as_lived: bool,
    since: list[Step],
) -> None:
    with book(migrated, tmp_path_factory.mktemp("book")) as desk:
        lived = Lived(desk)
        desk.publish(FIRST)
        messages = [lived.message(*each) for each in imported]
        events = [replace(event, received_at=event.occurred_at) for event in desk.decoded(*messages).accepted]
        desk.do(ImportHistory(events=events, acts=acts, end=MORNING, as_lived=as_lived))
        for step in since:
            lived.take(step)
        settled(desk)
        lived.take(Step(1, "mirror"))

        assert lived.from_the_lake() == live_standings(desk)


@pytest.fixture
def lived(migrated: Path, tmp_path: Path) -> Iterator[Lived]:
    with book(migrated, tmp_path) as desk:
        desk.publish(FIRST)
        yield Lived(desk)


def send(*messages: Message, ago: int = 0) -> Step:
    return Step(10, "send", tuple((ago, message) for message in messages))


def called(user: str) -> Message:
    return {"userId": user, "type": "track", "event": "Call Requested"}


def check(lived: Lived) -> dict[str, Any]:
    """The lake says what is kept of the only lead, which is returned."""
    lived.take(Step(0, "compact"))
    [told] = lived.from_the_lake().values()
    assert [told] == list(live_standings(lived.desk).values())
    return told


def test_who_was_disqualified_and_came_back_began_a_cycle(lived: Lived) -> None:
    for step in (send(called("ann")), Step(10, "not_a_fit"), send(called("ann")), Step(10, "accept")):
        lived.take(step)

    told = check(lived)

    assert (told["stage"], told["cycles"]) == ("sal", 2)


def test_what_was_decided_at_one_instant_stands_in_the_order_in_which_it_was(lived: Lived) -> None:
    for step in (send(called("ann")), Step(0, "accept"), Step(0, "not_now"), Step(0, "take"), Step(0, "not_a_fit")):
        lived.take(step)

    told = check(lived)

    assert (told["stage"], told["cycles"]) == ("disqualified", 2)


def test_after_a_merge_the_loser_of_the_stage_has_never_been_recycled(lived: Lived) -> None:
    for user in ("ann", "bob"):
        lived.take(send(called(user)))
    lived.take(Step(10, "not_now"))
    lived.take(Step(10, "accept"))
    lived.take(send({"userId": "ann", "type": "alias", "previousId": "bob"}))

    told = check(lived)

    assert (told["stage"], told["cycles"]) == ("sal", 1)


def test_moves_under_another_definition_are_not_of_this_one(lived: Lived) -> None:
    lived.take(send(called("ann")))
    lived.take(Step(10, "not_now"))
    lived.desk.rename_agreement()
    lived.desk.publish(FIRST)
    settled(lived.desk)

    assert check(lived)["cycles"] == 1


def test_there_is_nothing_to_say_before_a_version_is_published(migrated: Path, tmp_path: Path) -> None:
    with book(migrated, tmp_path) as desk, pytest.raises(LookupError, match="no definition"):
        Lived(desk).from_the_lake()
