"""Frames in, frames out."""

from typing import Any

import duckdb
import pyarrow as pa
import pytest
from tests.batch.lakes import PRICING, days, jsonl, pricing

import ripeline
from ripeline.batch.frames import score
from ripeline.batch.mapping_text import MappingError

ROWS: list[dict[str, Any]] = [
    {"id": 1, "lead": "ada", "type": "page", "name": None, "path": "/pricing", "occurred_at": days(0)},
    {"id": 2, "lead": "ben", "type": "track", "name": "Demo Requested", "occurred_at": days(1)},
]


def test_a_frame_of_any_library_is_taken_over_arrow() -> None:
    table = pa.Table.from_pylist(ROWS)
    relation = duckdb.from_arrow(table)
    answers = [score(pricing(), frame, as_of=days(1)) for frame in (table, relation, ROWS)]

    assert answers[0]["score"].to_pylist() == [pytest.approx(8 * 2 ** (-1 / 30)), 30.0]
    assert all(answer.equals(answers[0]) for answer in answers)


def test_the_answer_can_be_asked_with_sql() -> None:
    answer = score(pricing(), ROWS, as_of=days(1))

    assert duckdb.from_arrow(answer).filter("qualifies").fetchall() == []
    assert duckdb.from_arrow(answer).max("score").fetchall() == [(30.0,)]


def test_rows_that_are_no_events_are_left_out_with_a_warning() -> None:
    with pytest.warns(UserWarning, match=r"1 rows are no events, the first: events, line 2: `occurred_at` is missing"):
        answer = score(pricing(), [ROWS[0], {"id": 3, "lead": "cai", "name": "x"}], as_of=days(1))

    assert answer["lead"].to_pylist() == ["ada"]


def test_a_mapping_says_what_columns_mean(tmp_path: Any) -> None:
    (tmp_path / "map.yaml").write_text(
        "{lead: who, id: nr, occurred_at: day, events: [{name: {always: Demo Requested}}]}"
    )
    table = pa.table({"who": ["ada"], "nr": [1], "day": ["2026-03-01"]})

    assert score(pricing(), table, as_of=days(0), map=tmp_path / "map.yaml")["score"].to_pylist() == [30.0]


def test_a_column_the_frame_does_not_have_is_named(tmp_path: Any) -> None:
    (tmp_path / "map.yaml").write_text("{lead: who, id: nr, occurred_at: day, events: [{name: {always: Seen}}]}")
    table = pa.table({"whom": ["ada"], "nr": [1], "day": ["2026-03-01"]})

    with pytest.raises(MappingError, match="events has no such column\n  found: who"):
        score(pricing(), table, as_of=days(0), map=tmp_path / "map.yaml")


def test_copies_are_left_out_with_a_warning() -> None:
    with pytest.warns(UserWarning, match="1 rows have the source and id of an earlier one and are left out"):
        answer = score(pricing(), [*ROWS, ROWS[1]], as_of=days(1))

    assert answer["score"].to_pylist()[1] == 30.0


def test_the_package_offers_both_words(tmp_path: Any) -> None:
    (tmp_path / "definition.yaml").write_text(PRICING)
    definition = ripeline.load(tmp_path / "definition.yaml")

    answer = ripeline.score(
        definition, str(jsonl(tmp_path / "e.jsonl", [{**ROWS[1], "occurred_at": "2026-03-02"}])), as_of=days(1)
    )
    assert answer["lead"].to_pylist() == ["ben"]
