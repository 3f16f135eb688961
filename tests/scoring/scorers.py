"""Every scorer there is, asked about one lead, with answers that can be laid beside each other."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from tests.scoring.conformance_cases import Case, History

from ripeline.batch.compaction import compact
from ripeline.batch.lake import Lake, LoggedEvent
from ripeline.batch.owners import ALWAYS, Owned, Owners
from ripeline.batch.score import score as score_lake
from ripeline.definition.model import STAGES
from ripeline.events.event import Event
from ripeline.events.instants import instant, micros
from ripeline.scoring import history, reference
from ripeline.scoring.acts import Transition, standing_acts
from ripeline.scoring.explain import Explanation, explain
from ripeline.scoring.program import Program, compiled
from ripeline.scoring.rows import NEVER, RowBuilder, in_order
from ripeline.scoring.score import Score

# What one scorer says of one lead: `score`, each group, `grade`, … as in a case; None: that there is nobody.
Answer = dict[str, Any] | None


def of_reference(case: Case, lead: str, *, transitions: Sequence[Transition] | None = None) -> Answer:
    told = case.leads[lead]
    found = reference.score(
        case.definition,
        told.events,
        as_of=case.as_of,
        known_at=case.known_at,
        reachable=told.reachable,
        acts=told.acts,
        transitions=transitions,
    )
    return as_answer(found) if found.cycles else None


def as_answer(found: Score) -> dict[str, Any]:
    return {
        "score": found.total,
        **found.sub_scores,
        "grade": found.grade,
        "stage": found.stage,
        "qualifies": found.qualifies,
        "qualified_at": found.qualified_at,
        "cycles": len(found.cycles),
        "crossings": [cycle.crossed_at for cycle in found.cycles],
        "excluded": list(found.excluded),
        "skipped": found.skipped,
    }


def of_history(case: Case, lead: str, *, transitions: Sequence[Transition] | None = None) -> Answer:
    """The fold over columns, all rows of the lead in one call."""
    program, told = compiled(case.definition), known(case, lead)
    builder = RowBuilder(program.shapes)
    acts = () if transitions is not None else standing_acts(told.acts)
    builder.add_history(in_order(told.events), acts=acts, transitions=transitions or ())
    builder.end_lead()
    table = history.fold(program, builder.rows([told.reachable]), as_of=case.as_of, as_if=transitions is None)
    return _row(program, table)


def _row(program: Program, table: history.ScoreTable) -> Answer:
    if not table.present[0]:
        return None
    return {
        "score": float(table.total[0]),
        **dict(zip((group.key for group in program.definition.groups), table.sub_scores[0].tolist(), strict=True)),
        "grade": table.grades(program)[0],
        "stage": STAGES[table.stage[0]],
        "qualifies": bool(table.qualifies[0]),
        "qualified_at": _instant(table.qualified_at[0]),
        "crossed_at": _instant(table.crossed_at[0]),
        "cycles": int(table.cycles[0]),
        "is_excluded": bool(table.excluded[0]),
        "skipped": int(table.skipped[0]),
    }


def of_lake(case: Case, lead: str) -> Answer:
    """The lead's rows in a lake of their own, half of them compacted."""
    told = case.leads[lead]
    with TemporaryDirectory() as folder:
        lake = Lake(Path(folder))
        rows = [logged(seq, event) for seq, event in enumerate(stored(told.events), start=1)]
        half = len(rows) // 2
        lake.mirror(rows[:half])
        if half:
            compact(lake)
        lake.mirror(rows[half:])
        acts = [(n, 1, act.act, micros(act.at), act.by, act.reason, "", False) for n, act in enumerate(told.acts, 1)]
        lake.record("acts", acts, through=1)
        owners = Owners([Owned(1, ALWAYS, 1)], reachable=[1] if told.reachable else [])
        found = score_lake(case.definition, lake, as_of=case.as_of, owners=owners, known_at=case.known_at).to_pylist()
    if not found:
        return None
    found[0].pop("lead")
    return dict(found[0])


def logged(seq: int, event: Event) -> LoggedEvent:
    at, received = micros(event.occurred_at), micros(event.received_at)
    return LoggedEvent(1, at, event.source, event.message_id, seq, received, event.kind, event.name, event.body)


def known(case: Case, lead: str) -> History:
    """The lead's history without copies, as far as it was known."""
    told, known_at = case.leads[lead], case.known_at or datetime.max.replace(tzinfo=UTC)
    return History(
        tuple(event for event in stored(told.events) if event.received_at <= known_at),
        tuple(act for act in told.acts if act.at <= known_at),
        told.reachable,
    )


def stored(events: Sequence[Event]) -> list[Event]:
    """As a log that takes each (source, id) once: the first."""
    return list({(event.source, event.message_id): event for event in reversed(events)}.values())[::-1]


def agrees(answer: Answer, expected: Answer, *, without: Sequence[str] = ()) -> None:
    """What `answer` says is what `expected` says of the same: points to a millionth, everything else exactly."""
    if answer is None or expected is None:
        assert answer is expected
        return
    expected = derived(expected)
    for key in (answer.keys() & expected.keys()) - set(without):
        if isinstance(expected[key], float):
            assert answer[key] == pytest.approx(expected[key], abs=1e-6), key
        else:
            assert (key, answer[key]) == (key, expected[key])


def derived(expected: dict[str, Any]) -> dict[str, Any]:
    """`expected` with what those scorers say who know less: whether excluded, and the present cycle's crossing."""
    more: dict[str, Any] = {}
    if "crossings" in expected:
        more = {"crossed_at": expected["crossings"][-1], "cycles": len(expected["crossings"])}
    if "excluded" in expected:
        more["is_excluded"] = bool(expected["excluded"])
    numbers = {key: float(value) for key, value in expected.items() if type(value) is int and key not in _COUNTS}
    return expected | more | numbers


_COUNTS = ("cycles", "skipped")


def _instant(word: int) -> datetime | None:
    return None if word == NEVER else instant(int(word))


def explained(case: Case, lead: str) -> Explanation:
    told = case.leads[lead]
    return explain(
        case.definition,
        told.events,
        as_of=case.as_of,
        known_at=case.known_at,
        acts=told.acts,
        reachable=told.reachable,
    )


def adds_up(explanation: Explanation) -> None:
    """What is shown of each part is what is shown of the whole, the points of limits and clamps included."""
    shown = sum(round(part.points * 10) for part in explanation.parts)

    assert shown == round(explanation.shown * 10)
    assert all(part.points == round(part.points, 1) for part in explanation.parts)
    assert abs(explanation.shown - explanation.score.total) < 0.1 + 1e-9
    assert not (explanation.score.qualifies and explanation.missing)
