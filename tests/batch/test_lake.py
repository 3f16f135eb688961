"""What is mirrored is there once, whole and in order, whatever dies in between."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.batch.dying import LOG, mirrored_on
from tests.batch.lakes import logged, numbers_in, seen_pricing

from ripeline.batch import backfill, compaction
from ripeline.batch.backfill import STATEMENTS
from ripeline.batch.compaction import compact, worth_compacting
from ripeline.batch.lake import Lake, LoggedEvent
from ripeline.batch.layers import Layers
from ripeline.batch.sealing import EVENT, sealed


def test_a_new_lake_holds_nothing(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")

    assert lake.mirrored_to() == 0
    assert lake.contents().files == ()
    assert not (tmp_path / "lake").exists()


def test_a_segment_keeps_the_whole_message_in_the_order_of_the_lake(tmp_path: Path) -> None:
    rows = [logged(1, 9, 2), logged(2, 4, 5), logged(3, 4, 1)]
    segment = Lake(tmp_path).mirror(rows)

    assert segment is not None and segment.name == "000000000001-000000000003.parquet"
    table = pq.read_table(segment)
    assert table["seq"].to_pylist() == [3, 2, 1]
    assert table["body"].to_pylist() == [rows[2].body, rows[1].body, rows[0].body]
    assert table.schema.names == EVENT.names


def test_ties_are_ordered_by_source_then_id_as_text(tmp_path: Path) -> None:
    told = [("site", "b"), ("shop", "c"), ("site", "a"), ("site", "10"), ("site", "9")]
    rows = [logged(seq, 1, 0, source=source, message_id=id) for seq, (source, id) in enumerate(told, start=1)]
    segment = Lake(tmp_path).mirror(rows)

    assert segment is not None
    assert pq.read_table(segment)["message_id"].to_pylist() == ["c", "10", "9", "a", "b"]


def test_rows_mirrored_before_are_left_out(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.mirror([logged(seq, seq, 0) for seq in range(1, 6)])
    lake.mirror([logged(seq, seq, 0) for seq in range(3, 9)])

    assert lake.mirror([logged(4, 4, 0)]) is None
    assert numbers_in(lake) == list(range(1, 9))
    assert Lake(tmp_path).mirrored_to() == 8


def test_compaction_sorts_by_identity_and_keeps_every_row(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    for start in (1, 41, 81):
        lake.mirror([seen_pricing(seq, seq * 7 % 30, seq % 5) for seq in range(start, start + 40)])
    compact(lake, rows_in_a_part=40)

    contents = lake.contents()
    assert contents.segments == () and len(contents.parts) > 1
    assert numbers_in(lake) == list(range(1, 121))
    identities = [ends[:2] for part in contents.parts for ends in Layers(part).identities()]
    assert identities == sorted(identities)
    assert all(earlier[1] < later[0] for earlier, later in pairwise(identities))
    assert lake.mirrored_to() == Lake(tmp_path).mirrored_to() == 120


def test_ids_that_lie_far_apart_leave_no_empty_file_between_them(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.mirror([logged(seq, 1 if seq <= 12 else 500, 0) for seq in range(1, 25)])
    compact(lake, rows_in_a_part=5)

    assert [Layers(part).identities() for part in lake.contents().parts] == [[(1, 1, 12)], [(500, 500, 12)]]


def test_what_comes_after_a_compaction_is_sorted_by_the_next(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.mirror([logged(seq, 1, seq) for seq in range(1, 4)])
    assert compact(lake) == 3
    lake.mirror([logged(4, 1, 0)])
    assert len(lake.contents().segments) == 1
    assert compact(lake) == 4

    assert numbers_in(lake) == [1, 2, 3, 4]
    assert [folder.name for folder in tmp_path.glob("sorted-*")] == ["sorted-000000000004"]
    assert list((tmp_path / "events").iterdir()) == []


class Stopped(Exception):
    """A compaction goes no further."""


@pytest.mark.slow
@pytest.mark.parametrize("step", range(12))
@pytest.mark.parametrize("look", range(2, 5))
@pytest.mark.parametrize("sorted_before", [False, True])
def test_a_reader_beside_a_compaction_sees_every_row_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sorted_before: bool, look: int, step: int
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _handle: None)  # nothing loses power here
    lake = Lake(tmp_path)
    lake.mirror([logged(seq, seq, 0) for seq in range(1, 4)])
    if sorted_before:
        compact(lake, rows_in_a_part=1)
    lake.mirror([logged(4, 2, 0)])
    _before_look(monkeypatch, look, lambda: _compacted_up_to(lake, step))

    assert numbers_in(Lake(tmp_path)) == [1, 2, 3, 4]


def _before_look(monkeypatch: pytest.MonkeyPatch, number: int, then: Callable[[], None]) -> None:
    """Have `then` happen just before somebody looks into a folder for the time of this `number`."""
    left = iter(range(number - 1, -1, -1))

    def looking(function: Callable[..., Any]) -> Callable[..., Any]:
        def look(*arguments: Any) -> Any:
            if next(left, -1) == 0:
                then()
            return function(*arguments)

        return look

    monkeypatch.setattr(Path, "glob", looking(Path.glob))
    monkeypatch.setattr(Path, "iterdir", looking(Path.iterdir))


def _compacted_up_to(lake: Lake, step: int) -> None:
    """A compaction that has renamed and deleted so many things by now."""
    left = iter(range(step, -1, -1))

    def stepping(function: Callable[..., Any]) -> Callable[..., Any]:
        def take_step(*arguments: Any, **named: Any) -> Any:
            if next(left, -1) == 0:
                raise Stopped
            return function(*arguments, **named)

        return take_step

    with pytest.MonkeyPatch.context() as patch, suppress(Stopped):
        for name in ("rename", "unlink", "rmdir"):
            patch.setattr(os, name, stepping(getattr(os, name)))
        compact(lake, rows_in_a_part=1)


def test_compacting_nothing_new_changes_nothing(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    assert compact(lake) == 0
    lake.mirror([logged(1, 1, 0)])
    compact(lake)
    before = lake.contents()

    assert compact(lake) == 1
    assert lake.contents() == before
    assert not worth_compacting(lake)


def test_sorting_pays_when_a_fifth_is_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "ROWS_IN_A_GROUP", 0)
    lake = Lake(tmp_path)
    lake.mirror([logged(seq, seq, 0) for seq in range(1, 11)])
    assert worth_compacting(lake)
    compact(lake)
    lake.mirror([logged(seq, seq, 0) for seq in (11, 12)])
    assert not worth_compacting(lake)
    lake.mirror([logged(13, 13, 0)])

    assert worth_compacting(lake)


def test_what_a_mirror_that_died_left_goes_and_what_a_reader_is_writing_stays(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.mirror([logged(1, 1, 0)])
    for name in ("000000000002-000000000009.parquet.1f.unfinished", "000000000001-000000000001.read-ab.1f.unfinished"):
        (tmp_path / "events" / name).touch()
    lake.mirror([logged(2, 1, 0)])

    left = [path.name for path in (tmp_path / "events").iterdir() if path.name.endswith(".unfinished")]
    assert left == ["000000000001-000000000001.read-ab.1f.unfinished"]


def test_columns_that_were_read_stay_through_a_compaction(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    segment = lake.mirror([seen_pricing(1, 1, 0), logged(2, 2, 0, properties={"plan": "pro"})])
    assert segment is not None
    Layers(segment).filled(["event.path", STATEMENTS])
    lake.mirror([logged(3, 1, 1, properties={"path": 7})])
    compact(lake)

    (part,) = lake.contents().parts
    assert Layers(part).fields == {"event.path", STATEMENTS}
    table = Layers(part).table(["seq"], fields=["event.path"])
    assert table["event.path:text"].to_pylist() == ["/pricing", None, None]
    assert table["event.path:number"].to_pylist() == [None, 7.0, None]


def test_two_readers_of_different_fields_at_once_find_both(tmp_path: Path) -> None:
    told: dict[str, Any] = {"properties": {"plan": "pro", "seats": 5}, "context": {"traits": {"title": "CEO"}}}
    segment = Lake(tmp_path).mirror([logged(1, 1, 0, **told)])
    assert segment is not None
    one, other = Layers(segment), Layers(segment)
    one = one.filled(["event.plan", "event.seats", STATEMENTS])
    other.filled(["event.seats", "event.path", STATEMENTS])

    for layers in (one, Layers(segment)):
        table = layers.table(["seq"], fields=["event.plan", "event.seats", STATEMENTS])
        assert len(set(table.column_names)) == len(table.column_names)
        (row,) = table.to_pylist()
        assert (row["seq"], row["event.plan:text"], row["event.seats:number"]) == (1, "pro", 5.0)
        assert [each["field"] for each in row[STATEMENTS]] == ["title"]


def test_what_an_earlier_release_read_out_of_messages_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake(tmp_path)
    segment = lake.mirror([logged(1, 1, 0, context={"traits": {"country": "Sverige"}})])
    assert segment is not None
    with monkeypatch.context() as earlier:
        earlier.setattr(backfill, "STATEMENTS", "statements")
        earlier.setattr(backfill, "_FORMER", frozenset())
        Layers(segment).filled(["statements"])
    lake.mirror([logged(2, 1, 1, context={"traits": {"title": "CEO"}})])

    Layers(segment).filled([STATEMENTS])
    compact(lake)

    (part,) = lake.contents().parts
    told = Layers(part).table(["seq"], fields=[STATEMENTS]).to_pylist()
    assert [[each["field"] for each in row[STATEMENTS]] for row in told] == [["country", "countrycode"], ["title"]]


def test_a_column_that_is_promised_and_missing_is_an_error(tmp_path: Path) -> None:
    segment = Lake(tmp_path).mirror([logged(1, 1, 0, properties={"plan": "pro"})])
    assert segment is not None
    layers = Layers(segment).filled(["event.plan"])
    (tmp_path / "x").mkdir()
    other = Layers(segment.rename(tmp_path / "x" / segment.name)).filled(["event.path"])
    for mine, theirs in zip(layers.paths, other.paths, strict=True):
        theirs.rename(mine)

    with pytest.raises(LookupError, match=r"read-\w+\.parquet no longer has event\.plan:text"):
        layers.table(["seq"], fields=["event.plan"])


def test_of_two_that_write_a_file_at_once_each_is_whole(tmp_path: Path) -> None:
    table = pa.table({"a": [1]})

    def twice() -> Iterator[pa.Table]:
        yield table
        sealed(tmp_path / "a.parquet", [table, table], table.schema)
        yield table

    sealed(tmp_path / "a.parquet", twice(), table.schema)
    assert pq.read_table(tmp_path / "a.parquet").num_rows == 2
    assert [path.name for path in tmp_path.iterdir()] == ["a.parquet"]


def test_columns_of_a_segment_that_is_gone_go_with_the_next_compaction(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    segment = lake.mirror([logged(1, 1, 0, properties={"plan": "pro"})])
    assert segment is not None
    late = Layers(segment).filled(["event.plan"]).paths[1]
    kept = late.read_bytes()
    compact(lake)
    late.write_bytes(kept)
    compact(lake)

    assert list((tmp_path / "events").iterdir()) == []


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), min_size=1, max_size=60), st.integers(1, 20))
def test_any_grouping_gives_the_same_sorted_rows(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[int, int]], size: int
) -> None:
    rows = [logged(seq, identity, day) for seq, (identity, day) in enumerate(drawn, start=1)]
    once, often = (Lake(tmp_path_factory.mktemp("lake")) for _ in range(2))
    once.mirror(rows)
    for start in range(0, len(rows), size):
        often.mirror(rows[start : start + size])
        compact(often, rows_in_a_part=10)

    assert _all_rows(once) == _all_rows(often)


def _all_rows(lake: Lake) -> list[dict[str, object]]:
    return [row for path in lake.contents().files for row in Layers(path).table(EVENT.names).to_pylist()]


def test_records_are_as_they_stood_last(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    running = (1, 7, 1, 1, "mql", 1, "ada", 10, 20, None, "", None, False)
    stopped = (1, 7, 1, 1, "mql", 1, "ada", 10, 20, 15, "accepted", None, False)
    lake.record("clocks", [running, (2, 8, 1, 1, "mql", 1, "ben", 11, 21, None, "", None, False)], through=3)
    lake.record("clocks", [stopped], through=9)
    lake.record("clocks", [running], through=9)

    clocks = lake.records("clocks")
    assert clocks["stopped_as"].to_pylist() == ["accepted", ""]
    assert Lake(tmp_path).mirrored_to("clocks") == 9
    assert lake.records("outcomes").num_rows == 0


def test_a_dropped_record_is_gone_until_its_number_is_anothers(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    running = (1, 7, 1, 1, "mql", 1, "ada", 10, 20, None, "", None, False)
    dropped = (1, 7, *[None] * 10, True)
    lake.record("clocks", [running], through=1)
    lake.record("clocks", [dropped], through=2)
    gone = lake.records("clocks").num_rows

    lake.record("clocks", [dropped, (1, 8, *running[2:])], through=3)

    assert (gone, lake.records("clocks")["lead"].to_pylist()) == (0, [8])


# A mirror that is killed at its Nth step towards the disk: a file forced, a file or folder renamed or deleted.
DYING = """
import os, shutil, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
left = int(sys.argv[2])
def dying(function):
    def step(*arguments, **named):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **named)
    return step
from tests.batch.dying import mirrored_on
os.fsync, shutil.rmtree = dying(os.fsync), dying(shutil.rmtree)
Path.rename, Path.unlink = dying(Path.rename), dying(Path.unlink)
mirrored_on(Path(sys.argv[1]))
"""


@pytest.mark.slow
def test_a_kill_at_any_step_loses_and_doubles_nothing(tmp_path: Path) -> None:
    root = str(Path(__file__).parents[2])
    step, died = 0, -signal.SIGKILL
    while died == -signal.SIGKILL:
        step += 1
        lake = tmp_path / f"lake-{step}"
        died = subprocess.run([sys.executable, "-c", DYING, str(lake), str(step), root], check=False).returncode
        mirrored_on(lake)
        assert numbers_in(Lake(lake)) == list(range(1, len(LOG) + 1)), f"killed at step {step}"
        assert [path.name for path in lake.iterdir()] == ["events", "sorted-000000000020"]
        assert list((lake / "events").iterdir()) == []

    assert died == 0 and step > 10


def test_a_row_is_a_tuple_in_the_order_of_the_lake() -> None:
    assert LoggedEvent._fields == tuple(EVENT.names)
