"""Scores and histories straight from files of events."""

import csv
import errno
import gzip
import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.batch.lakes import PRICING, by_lead, days, jsonl, pricing

from ripeline.batch import collecting
from ripeline.batch.answers import UnwritableFile, check, write
from ripeline.batch.filed import Filed, RefusedRow
from ripeline.batch.files import read
from ripeline.batch.mapping_text import mapping
from ripeline.batch.score import history_of, score_files
from ripeline.definition.load import load
from ripeline.scoring import reference


def visit(number: int, day: float = 0, **more: Any) -> dict[str, Any]:
    """A row: somebody looks at prices."""
    return {
        "id": f"e{number}",
        "type": "page",
        "path": "/pricing",
        "occurred_at": days(day).isoformat(),
        **({} if "anonymous_id" in more or "user_id" in more else {"lead": "ada"}),
        **more,
    }


def test_leads_are_named_as_the_file_names_them(tmp_path: Path) -> None:
    rows = [visit(1), visit(2, lead="ben"), visit(3, anonymous_id="x"), visit(4, user_id="cai")]
    found = by_lead(score_files(pricing(), jsonl(tmp_path / "e.jsonl", rows), as_of=days(0)))

    assert list(found) == ["ada", "ben", "cai", "x"]
    assert {row["score"] for row in found.values()} == {8.0}


@pytest.mark.parametrize(("who", "stage"), [({"lead": "ada"}, "mql"), ({"anonymous_id": "ada"}, "visitor")])
def test_a_lead_counts_as_reachable_and_a_visitor_does_not(tmp_path: Path, who: dict[str, Any], stage: str) -> None:
    definition = load(PRICING.replace("visitors_may_qualify: true", ""))
    rows = [visit(1, **who), visit(2, **who), {**visit(3, **who), "type": "track", "name": "Demo Requested"}]
    history = history_of(jsonl(tmp_path / "e.jsonl", rows), None, "ada")

    assert history is not None
    found = reference.score(definition, history.events, as_of=days(0), reachable=history.reachable)
    assert (found.total, found.stage) == (46.0, stage)


def test_copies_and_rows_that_cannot_be_read_cost_their_neighbours_nothing(tmp_path: Path) -> None:
    file = tmp_path / "e.jsonl"
    lines = [visit(1), visit(1), {**visit(2), "occurred_at": "soon"}, visit(3)]
    file.write_bytes(b"\n".join([*map(msgspec.json.encode, lines), b"{no json"]))
    refused: list[RefusedRow] = []
    found = by_lead(score_files(pricing(), file, as_of=days(0), refused=refused.append))

    assert found["ada"]["score"] == 16.0
    assert [(row.line, row.reason) for row in refused] == [(3, "unreadable-time"), (5, "not-json")]


def test_every_format_tells_the_same(tmp_path: Path) -> None:
    rows = [visit(number, day=number / 10, lead=f"lead-{number % 3}") for number in range(1, 13)]
    jsonl(tmp_path / "a.jsonl", rows)
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress((tmp_path / "a.jsonl").read_bytes()))
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "c.parquet")
    with gzip.open(tmp_path / "d.csv.gz", "wt", newline="") as text:
        writer = csv.DictWriter(text, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)

    tables = [score_files(pricing(), file, as_of=days(2)) for file in sorted(tmp_path.iterdir())]
    assert len(tables) == 4 and tables[0].num_rows == 3
    assert all(table.equals(tables[0]) for table in tables)
    assert score_files(pricing(), tmp_path, as_of=days(2)).equals(tables[0])  # all four are copies of one another


def test_many_events_go_through_the_disk_and_come_out_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [visit(n, day=n % 40 / 4, **_who(n)) for n in range(400)]
    file = jsonl(tmp_path / "e.jsonl", rows)
    in_memory = score_files(pricing(), file, as_of=days(10))
    monkeypatch.setattr(collecting, "EVENTS_IN_MEMORY", 50)

    assert score_files(pricing(), file, as_of=days(10)).equals(in_memory)
    assert in_memory.num_rows == 12


def _who(number: int) -> dict[str, str]:
    """Users on browsers, some of whom say who they are only now and then."""
    person = number % 12
    return {"anonymous_id": f"a{person}"} if number % 5 else {"anonymous_id": f"a{person}", "user_id": f"u{person}"}


def test_a_history_is_what_the_score_was_made_of(tmp_path: Path) -> None:
    file = jsonl(tmp_path / "e.jsonl", [visit(n, day=n % 9, **_who(n)) for n in range(200)])
    found = by_lead(score_files(pricing(), file, as_of=days(5)))

    for lead, row in found.items():
        history = history_of(file, None, lead)
        assert history is not None
        told = reference.score(pricing(), history.events, as_of=days(5), reachable=history.reachable)
        assert row["score"] == pytest.approx(told.total, abs=1e-6)
        assert history.events == sorted(history.events, key=lambda event: (event.occurred_at, event.message_id))


def test_nobody_has_no_history(tmp_path: Path) -> None:
    assert history_of(jsonl(tmp_path / "e.jsonl", [visit(1)]), None, "nobody") is None


def test_a_file_without_events_gives_an_empty_answer(tmp_path: Path) -> None:
    table = score_files(pricing(), jsonl(tmp_path / "e.jsonl", []), as_of=days(0))

    assert (table.num_rows, table.column_names[:2]) == (0, ["lead", "score"])


def test_a_mapping_is_applied(tmp_path: Path) -> None:
    text = "{lead: who, id: nr, occurred_at: day, events: [{name: {always: Demo Requested}}], facts: {title: Job}}"
    (tmp_path / "e.csv").write_text("who,nr,day,Job\nada,1,2026-03-01,Head of Sales\n")
    found = by_lead(score_files(pricing(), tmp_path, mapping(text), as_of=days(0)))

    assert (found["ada"]["fit"], found["ada"]["engagement"]) == (20.0, 30.0)


@pytest.mark.parametrize("name", ["scores.csv", "scores.csv.gz", "scores.jsonl", "scores.jsonl.gz", "scores.parquet"])
def test_answers_are_written_by_how_the_name_ends(tmp_path: Path, name: str) -> None:
    rows = [visit(number) for number in range(3)] + [{**visit(9), "type": "track", "name": "Demo Requested"}]
    table = score_files(pricing(), jsonl(tmp_path / "e.jsonl", rows), as_of=days(0))
    write(table, tmp_path / name)

    told = _read_back(tmp_path / name)
    assert told["lead"] == "ada" and float(told["score"]) == 54.0 and int(told["cycles"]) == 1
    assert str(told["qualifies"]).lower() == "true"
    assert str(told["qualified_at"]).replace(" ", "T").replace("+00:00", "Z") == "2026-03-01T00:00:00Z"


def test_csv_says_instants_and_truth_as_files_of_events_do(tmp_path: Path) -> None:
    columns = {"lead": ["ada"], "qualifies": [True], "lost": [False], "qualified_at": [days(0)], "grade": [None]}
    write(pa.table(columns), tmp_path / "scores.csv")

    assert (tmp_path / "scores.csv").read_text() == (
        "lead,qualifies,lost,qualified_at,grade\nada,true,false,2026-03-01T00:00:00Z,\n"
    )


def _read_back(file: Path) -> dict[str, Any]:
    raw = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    if ".parquet" in file.name:
        row: dict[str, Any] = pq.read_table(file).to_pylist()[0]
        return row
    if ".jsonl" in file.name:
        return msgspec.json.decode(raw, type=dict[str, Any])
    return next(csv.DictReader(raw.decode().splitlines()))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("scores.xlsx", "scores.xlsx: write .parquet, .csv or .jsonl (the last two also .gz)"),
        ("scores.tsv", "write .parquet"),
        ("scores.parquet.gz", "write .parquet"),
        ("scores", "write .parquet"),
        ("nowhere/scores.csv", "there is no folder "),
        ("folder.csv", "folder.csv: nothing can be written here"),
    ],
)
def test_an_answer_that_has_no_place_is_refused_before_it_is_made(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "folder.csv").mkdir()

    for attempt in (check, lambda path: write(pa.table({"lead": ["ada"]}), path)):
        with pytest.raises(UnwritableFile, match=re.escape(words)):
            attempt(tmp_path / name)


@pytest.mark.parametrize("name", ["scores.csv", "scores.csv.gz", "scores.jsonl", "scores.parquet"])
def test_what_cannot_be_written_to_its_end_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / name).write_bytes(b"of yesterday")
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(os, "fsync", Mock(side_effect=full))
    with pytest.raises(OSError, match="No space left"):
        write(pa.table({"lead": ["ada"]}), tmp_path / name)

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [(name, b"of yesterday")]


def test_an_answer_goes_where_a_link_points(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.csv").write_bytes(b"of yesterday")
    (tmp_path / "scores.csv").symlink_to(tmp_path / "elsewhere.csv")
    write(pa.table({"lead": ["ada"]}), tmp_path / "scores.csv")

    assert (tmp_path / "scores.csv").is_symlink()
    assert (tmp_path / "elsewhere.csv").read_text() == "lead\nada\n"


def test_what_came_before_and_after_as_of_is_told_apart(tmp_path: Path) -> None:
    file = jsonl(tmp_path / "e.jsonl", [visit(1, day=1), visit(2, day=3)])

    assert score_files(pricing(), file, as_of=days(1) - timedelta(microseconds=1)).num_rows == 0
    assert score_files(pricing(), file, as_of=days(1))["score"].to_pylist() == [8.0]
    assert [type(each) for each in read(file)] == [Filed, Filed]
