"""Scores over a lake are those of the plain reference, whatever way the rows took into it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.batch.lakes import MARCH, as_event, by_lead, days, logged, pricing, seen_pricing
from tests.strategies import EVENT_FIELDS, EVENT_NAMES, FACT_FIELDS, definitions

from ripeline.batch.compaction import compact
from ripeline.batch.lake import Lake, LoggedEvent
from ripeline.batch.owners import ALWAYS, Owned, Owners
from ripeline.batch.score import score
from ripeline.definition.model import Definition
from ripeline.events.instants import micros
from ripeline.scoring import reference
from ripeline.scoring.acts import Act


def test_every_person_with_an_event_is_in_the_answer_and_nobody_else(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.mirror([seen_pricing(1, 1, 0), logged(2, 2, 0, event="Something Else"), seen_pricing(3, 3, 20)])
    found = by_lead(score(pricing(), lake, as_of=days(10)))

    assert sorted(found) == [1, 2]
    assert found[1]["engagement"] == pytest.approx(8 * 2 ** (-10 / 30))
    assert found[2]["score"] == 0


def test_an_empty_lake_gives_an_empty_answer(tmp_path: Path) -> None:
    table = score(pricing(), Lake(tmp_path), as_of=days(1))

    assert table.num_rows == 0
    assert table.column_names == [
        "lead", "score", "fit", "engagement", "grade", "qualifies", "qualified_at", "cycles",
    ]  # fmt: skip


def test_a_question_that_meets_the_end_of_a_compaction_asks_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake(tmp_path)
    lake.mirror([seen_pricing(1, 1, 0), seen_pricing(2, 2, 0)])
    looks = [lake.contents()]
    compact(lake)
    looks.append(lake.contents())
    monkeypatch.setattr(lake, "contents", lambda: looks.pop(0))

    assert score(pricing(), lake, as_of=days(0))["score"].to_pylist() == [8.0, 8.0]


def test_identities_of_one_lead_are_one_history(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.mirror([seen_pricing(seq, identity, 0.01 * seq) for seq, identity in enumerate((1, 7, 1, 7, 1), start=1)])
    owners = Owners([Owned(1, ALWAYS, 50), Owned(7, ALWAYS, 50)])
    found = by_lead(score(pricing(), lake, as_of=days(0.5), owners=owners))

    assert found[50]["engagement"] == pytest.approx(24, abs=0.5)  # three a day, whoever's


def test_merging_and_parting_rewrites_no_file(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.mirror([seen_pricing(1, 1, 0), seen_pricing(2, 2, 0)])
    compact(lake)
    score(pricing(), lake, as_of=days(1))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")}
    merged = score(pricing(), lake, as_of=days(0), owners=Owners([Owned(1, ALWAYS, 5), Owned(2, ALWAYS, 5)]))
    parted = score(pricing(), lake, as_of=days(0), owners=Owners([Owned(1, ALWAYS, 5), Owned(2, ALWAYS, 6)]))

    assert merged["score"].to_pylist() == [16.0]
    assert parted["score"].to_pylist() == [8.0, 8.0]
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")} == before


def test_a_shared_computer_counts_for_whoever_sat_at_it(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.mirror([seen_pricing(1, 1, 0), seen_pricing(2, 1, 2), seen_pricing(3, 1, 4)])
    owners = Owners([Owned(1, micros(days(1)), 10), Owned(1, micros(days(3)), 11)])
    found = by_lead(score(pricing(), lake, as_of=days(4), owners=owners))

    assert found[11]["engagement"] == 8
    assert found[10]["engagement"] == pytest.approx(8 * 2 ** (-4 / 30) + 8 * 2 ** (-2 / 30))


def test_what_was_not_yet_received_is_not_known(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    late = seen_pricing(2, 1, 0.5)._replace(received_at=micros(days(3)))
    lake.mirror([seen_pricing(1, 1, 0), late])

    assert score(pricing(), lake, as_of=days(1), known_at=days(2))["cycles"].to_pylist() == [1]
    before, after = (score(pricing(), lake, as_of=days(1), known_at=days(known)) for known in (2, 3))
    assert before["score"][0].as_py() == pytest.approx(8 * 2 ** (-1 / 30))
    assert after["score"][0].as_py() > before["score"][0].as_py() + 7


def test_acts_are_read_as_if_and_transitions_as_it_happened(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.mirror([logged(1, 1, 0), seen_pricing(2, 1, 0), seen_pricing(3, 1, 0.1), logged(4, 2, 0)])
    at = micros(days(1))
    acts = [(1, 1, "reject", "not_now"), (2, 2, "reject", "not_now"), (3, 2, "undo", ""), (4, 1, "reassign", "")]
    lake.record("acts", [(id, lead, act, at + id, "ben", why, "", False) for id, lead, act, why in acts], through=5)
    moved = (1, 2, 1, 1, "mql", "recycled", at, at, 1, "reject", "", "ben", "not_now", None)
    undone = (2, 1, 1, 1, "mql", "recycled", at, at, 1, "reject", "", "ben", "not_now", None)
    undo = (3, 1, 1, 1, "recycled", "mql", at, at, 1, "undo", "", "ben", "", 2)
    lake.record("transitions", [moved, undone, undo], through=5)

    as_if = by_lead(score(pricing(), lake, as_of=days(2)))
    as_it_happened = by_lead(score(pricing(), lake, as_of=days(2), as_if=False))
    assert [as_if[lead]["cycles"] for lead in (1, 2)] == [2, 1]
    assert [as_it_happened[lead]["cycles"] for lead in (1, 2)] == [1, 2]


def test_our_own_events_in_the_log_are_nobodys_doing(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    deed = LoggedEvent(
        1, micros(days(0)), "ripeline", "m2", 2, micros(days(0)), "act", "Demo Requested", b'{"by": "ben"}'
    )
    lake.mirror([seen_pricing(1, 1, 0), deed, deed._replace(identity=2, seq=3)])
    found = by_lead(score(pricing(), lake, as_of=days(0)))

    assert {lead: row["score"] for lead, row in found.items()} == {1: 8.0}


def test_what_is_stated_after_an_event_of_ours_belongs_to_who_stated_it(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    deed = LoggedEvent(1, micros(days(0)), "ripeline", "m1", 1, micros(days(0)), "act", "Lead Accepted", b"{}")
    lake.mirror([deed, logged(2, 2, 0, kind="identify", traits={"title": "Head of IT"}), seen_pricing(3, 3, 0)])
    found = by_lead(score(pricing(), lake, as_of=days(0)))

    assert {lead: row["score"] for lead, row in found.items()} == {2: 20.0, 3: 8.0}


class Drawn(NamedTuple):
    """A history: events, whose they are, acts, and how they come into the lake."""

    rows: list[LoggedEvent]
    owners: list[Owned]
    acts: list[tuple[int, Act]]
    cuts: list[int]
    compacted: int


minutes = st.integers(0, 60 * 24 * 40)
instants = st.one_of(minutes, st.sampled_from([0, 60, 1440, 1440 * 30]))
properties = st.fixed_dictionaries({}, optional={name: st.sampled_from(told) for name, told in EVENT_FIELDS.items()})
traits = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from((*told, None)) for name, told in FACT_FIELDS.items()}
)
told_events = st.one_of(
    st.tuples(st.just("track"), st.sampled_from(EVENT_NAMES), properties),
    st.tuples(st.just("page"), st.just(""), properties),
    st.tuples(st.just("identify"), st.just(""), traits),
)
acts_drawn = st.tuples(
    st.integers(0, 3),
    st.sampled_from(("accept", "reject", "won", "lost")),
    st.sampled_from(("not_a_fit", "not_now")),
    instants,
)


@st.composite
def histories(draw: st.DrawFn) -> Drawn:
    told = draw(
        st.lists(st.tuples(st.integers(0, 5), instants, told_events, st.sampled_from("abc")), min_size=1, max_size=30)
    )
    rows = [_row(seq, *each) for seq, each in enumerate(told, start=1)]
    owners = [Owned(identity, ALWAYS, draw(st.integers(0, 3))) for identity in range(6)]
    owners += [Owned(identity, micros(MARCH) + minute * 60_000_000, lead) for identity, minute, lead in draw(_SHARED)]
    acts = [(lead, _act(act, why, at)) for lead, act, why, at in draw(st.lists(acts_drawn, max_size=3))]
    cuts = sorted(draw(st.sets(st.integers(1, len(rows)), max_size=3)) | {len(rows)})
    return Drawn(rows, list({each[:2]: each for each in owners}.values()), acts, cuts, draw(st.integers(0, len(cuts))))


_SHARED = st.lists(st.tuples(st.integers(0, 5), minutes, st.integers(0, 3)), max_size=2)


def _row(seq: int, identity: int, minute: int, told: tuple[str, str, dict[str, Any]], source: str) -> LoggedEvent:
    kind, name, said = told
    message: dict[str, Any] = {"traits": said} if kind == "identify" else {"properties": said}
    if kind == "track":
        message["event"] = name
    return logged(seq, identity, minute / 1440, kind=kind, source=source, message_id=f"{seq * 7 % 30}-{seq}", **message)


def _act(act: str, reason: str, minute: int) -> Act:
    return Act(at=MARCH + timedelta(minutes=minute), act=act, reason=reason if act == "reject" else "", by="ben")


def in_a_lake(folder: Path, drawn: Drawn) -> Lake:
    lake, start = Lake(folder), 0
    for number, cut in enumerate(drawn.cuts):
        lake.mirror(drawn.rows[start:cut])
        start = cut
        if number < drawn.compacted:
            compact(lake, rows_in_a_part=7)
    rows = [
        (place, lead, act.act, micros(act.at), act.by, act.reason, "", False)
        for place, (lead, act) in enumerate(drawn.acts, start=1)
    ]
    lake.record("acts", rows, through=1)
    return lake


def of_lead(drawn: Drawn, lead: int) -> tuple[list[LoggedEvent], list[Act]]:
    """The rows and acts of a lead, by the plainest reading of the owners."""
    rows = [row for row in drawn.rows if _owner(drawn.owners, row) == lead]
    return rows, [act for whose, act in drawn.acts if whose == lead]


def _owner(owners: Sequence[Owned], row: LoggedEvent) -> int:
    return max(each for each in owners if each.identity == row.identity and each.from_at <= row.occurred_at).lead


@settings(max_examples=60)
@given(definition=definitions(), drawn=histories(), minute=instants, reachable=st.sets(st.integers(0, 3)))
def test_a_lake_agrees_with_the_reference(
    tmp_path_factory: pytest.TempPathFactory, definition: Definition, drawn: Drawn, minute: int, reachable: set[int]
) -> None:
    as_of = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=minute)
    lake = in_a_lake(tmp_path_factory.mktemp("lake"), drawn)
    found = by_lead(score(definition, lake, as_of=as_of, owners=Owners(drawn.owners, reachable=reachable)))

    for lead in range(4):
        rows, acts = of_lead(drawn, lead)
        if not any(row.occurred_at <= micros(as_of) for row in rows):
            assert lead not in found
            continue
        expected = reference.score(
            definition, [as_event(row) for row in rows], as_of=as_of, reachable=lead in reachable, acts=acts
        )
        row = found[lead]
        assert row["score"] == pytest.approx(expected.total, abs=1e-6)
        assert {key: row[key] for key in expected.sub_scores} == pytest.approx(expected.sub_scores, abs=1e-6)
        assert (row["grade"], row["qualifies"]) == (expected.grade, expected.qualifies)
        assert row["qualified_at"] == expected.qualified_at
        assert row["cycles"] == len(expected.cycles)
