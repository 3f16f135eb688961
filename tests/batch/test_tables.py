"""Files of rows, in every format we read, whole and broken."""

import csv
import gzip
import re
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.batch.cells import written
from ripeline.batch.csv_records import BrokenRow
from ripeline.batch.tables import Row, UnreadableFile, columns, files, kind, rows
from ripeline.events.reason import Reason

cells = st.dictionaries(
    st.sampled_from(["id", "name", "plan"]), st.text(st.characters(exclude_categories=["Cs", "Cc"]))
)


def test_jsonl_keeps_its_lines_and_skips_blank_ones(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text('\ufeff{"id": 1}\n\n{"id": 2}', encoding="utf-8")

    assert list(rows(file)) == [Row(1, {"id": 1}), Row(3, {"id": 2})]


@pytest.mark.parametrize("broken", ["{", "[1]", "7", '{"a": NaN}', "[" * 20_000, '{"a": "\\ud800"}'])
def test_a_line_that_is_no_object_costs_its_neighbours_nothing(tmp_path: Path, broken: str) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text(f'{{"id": 1}}\n{broken}\n{{"id": 3}}\n', encoding="utf-8")
    first, second, third = rows(file)

    assert (first, third) == (Row(1, {"id": 1}), Row(3, {"id": 3}))
    assert isinstance(second, BrokenRow) and (second.line, second.reason) == (2, Reason.NOT_JSON)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_is_read_with_the_separator_of_its_head(tmp_path: Path, separator: str) -> None:
    file = tmp_path / "events.csv"
    file.write_text(f'id{separator}note\n1{separator}"a{separator} b\nc"\n2{separator}\n', encoding="utf-8-sig")

    assert list(rows(file)) == [Row(2, {"id": "1", "note": f"a{separator} b\nc"}), Row(4, {"id": "2", "note": ""})]


def test_the_separator_is_looked_for_below_blank_lines(tmp_path: Path) -> None:
    assert csv_rows(tmp_path, "\n\nid;note\n1;x\n") == [Row(4, {"id": "1", "note": "x"})]


def test_csv_rows_that_are_too_long_or_no_text_are_named(tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_bytes(b"id,name\n1,a,b\n2,\xff\n3,c\n")
    long, unreadable, good = rows(file)

    assert isinstance(long, BrokenRow) and (long.line, long.reason) == (2, Reason.WRONG_SHAPE)
    assert isinstance(unreadable, BrokenRow) and (unreadable.line, unreadable.reason) == (3, Reason.NOT_TEXT)
    assert good == Row(4, {"id": "3", "name": "c"})


HEAD = "id,name,note\n"


def csv_rows(folder: Path, text: str | bytes) -> list[Row | BrokenRow]:
    file = folder / "events.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(rows(file))


@pytest.mark.parametrize(
    ("text", "line", "kept"),
    [
        ('1,a,ok\n2,b,"said 5 inches\n3,c,ok\n4,d,ok\n', 3, "134"),
        ('1,a,ok\n2,b,"said 5 inches\n3,c,ok\n4,"d, d","ok"\n', 3, "134"),
        ('1,a,"ok"\n2,"b","\n3,c,ok\n4,d,"o""k"\n', 3, "134"),
        ('1,"a\nb",ok\n2,"b\nc","d" e\n3,c,ok', 5, "13"),
        ('1,a,ok\n2,b,"', 3, "1"),
        (f'1,a,ok\n2,b,"{"x" * 16_777_216}\n3,c,ok', 3, "13"),
        (f"1,a,ok\n2,b,{'x' * 16_777_217}\n3,c,ok", 3, "13"),
    ],
)
def test_a_stray_quote_costs_its_own_line_alone(tmp_path: Path, text: str, line: int, kept: str) -> None:
    found = csv_rows(tmp_path, HEAD + text)

    assert [row.cells["id"] for row in found if isinstance(row, Row)] == list(kept)
    assert [(row.line, row.reason) for row in found if isinstance(row, BrokenRow)] == [(line, Reason.WRONG_SHAPE)]


def test_a_stray_quote_is_explained(tmp_path: Path) -> None:
    (_, broken) = csv_rows(tmp_path, HEAD + '1,a,ok\n2,b,"said 5 inches')

    assert isinstance(broken, BrokenRow)
    assert broken.detail == (
        "a quote opens here that does not close its cell; within a cell in quotes, a quote is written twice"
    )


@pytest.mark.parametrize(
    "head", ['id,"Company\nname",note\n', "\n\r\nid,Company name,note\n", ',,\n id ,"Company \r\n name",note\r\n']
)
def test_the_head_is_the_first_record_that_is_not_blank(tmp_path: Path, head: str) -> None:
    (row,) = csv_rows(tmp_path, head + "1,Acme,x\n")

    assert isinstance(row, Row) and row.cells == {"id": "1", "Company name": "Acme", "note": "x"}
    assert columns(tmp_path / "events.csv") == ["id", "Company name", "note"]


def test_a_separator_within_a_quoted_column_name_separates_nothing(tmp_path: Path) -> None:
    (row,) = csv_rows(tmp_path, '"Name, first, last, and title";id\nAda;1\n')

    assert isinstance(row, Row) and list(row.cells.values()) == ["Ada", "1"]


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"id,lead,name,lead\n", "events.csv: several columns are called `lead`; give each a name of its own"),
        ("id,lead\n1,ada\n".encode("utf-16"), "the column names are not UTF-8 text; save the file as “CSV UTF-8”"),
        ("id,lead\n1,ada\n".encode("utf-16-le"), "the column names are not UTF-8 text"),
        ("id,Größe\n".encode("latin-1"), "the column names are not UTF-8 text"),
        (b'\nid,"lead\n1,ada\n', "events.csv, line 2: a quote opens here"),
    ],
)
def test_a_head_that_cannot_be_read_is_said_to_be_none(tmp_path: Path, head: bytes, words: str) -> None:
    for read in (rows, columns):
        (tmp_path / "events.csv").write_bytes(head)
        with pytest.raises(UnreadableFile, match=re.escape(words)):
            list(read(tmp_path / "events.csv") or ())


def test_columns_without_a_name_may_be_many(tmp_path: Path) -> None:
    (row,) = csv_rows(tmp_path, "id,note,,\n1,x,,\n")

    assert isinstance(row, Row) and (row.cells["id"], row.cells["note"]) == ("1", "x")


@given(st.lists(cells, max_size=5))
def test_packed_and_plain_files_tell_the_same(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[dict[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("files")
    lines = b"".join(msgspec.json.encode(row) + b"\n" for row in drawn)
    (folder / "a.jsonl").write_bytes(lines)
    (folder / "a.jsonl.gz").write_bytes(gzip.compress(lines))

    found = [row.cells for row in rows(folder / "a.jsonl.gz") if isinstance(row, Row)]
    assert found == [row.cells for row in rows(folder / "a.jsonl") if isinstance(row, Row)] == drawn


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_csv_gives_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[str, str]]
) -> None:
    drawn = [tuple("".join(cell.split("\0")).encode(errors="ignore").decode() for cell in row) for row in drawn]  # type: ignore[misc]
    file = tmp_path_factory.mktemp("files") / "a.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([("one", "two"), *drawn])

    found = [tuple(row.cells.values()) for row in rows(file) if isinstance(row, Row)]
    assert found == drawn


def test_parquet_instants_are_whole_microseconds_in_utc(tmp_path: Path) -> None:
    at = pa.array([1_772_323_200_000_000_999], pa.timestamp("ns", tz="Europe/Warsaw"))
    pq.write_table(pa.table({"id": [1], "at": at}), tmp_path / "events.parquet")

    (row,) = rows(tmp_path / "events.parquet")
    assert isinstance(row, Row)
    assert row.cells == {"id": 1, "at": datetime(2026, 3, 1, tzinfo=UTC)}


@pytest.mark.parametrize("name", ["events.csv.gz", "events.jsonl.gz", "events.parquet"])
def test_a_damaged_file_is_an_error_that_names_it(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(b"\x1f\x8b this is neither")

    for read in (rows, columns) if "jsonl" not in name else (rows,):
        with pytest.raises(UnreadableFile, match=f"{name}: the file is damaged"):
            list(read(file) or ())


def test_a_file_nobody_may_read_is_not_called_damaged(tmp_path: Path) -> None:
    (tmp_path / "events.csv").mkdir()

    with pytest.raises(UnreadableFile, match=r"events\.csv: Is a directory"):
        list(rows(tmp_path / "events.csv"))


def test_two_columns_of_one_name_are_refused_in_parquet_too(tmp_path: Path) -> None:
    pq.write_table(pa.table([[1], [2]], names=["id", "id"]), tmp_path / "events.parquet")

    for read in (rows, columns):
        with pytest.raises(UnreadableFile, match="several columns are called `id`"):
            list(read(tmp_path / "events.parquet") or ())


def test_a_file_cut_in_the_middle_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl.gz"
    file.write_bytes(gzip.compress(b'{"id": 1}\n' * 1000)[:-20])

    with pytest.raises(UnreadableFile, match="damaged"):
        list(rows(file))


def test_a_folder_stands_for_the_files_in_it(tmp_path: Path) -> None:
    for name in ("b.csv", "a.jsonl", "notes.txt", "c.parquet"):
        (tmp_path / name).write_text("")

    assert [file.name for file in files(tmp_path)] == ["a.jsonl", "b.csv", "c.parquet"]


def test_what_cannot_be_read_is_said_before_anything_is(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "events.xlsx").write_text("")

    for path, words in [
        ("nowhere.csv", "no such file"),
        ("events.xlsx", "not read"),
        ("empty", "no file in this folder"),
    ]:
        with pytest.raises(UnreadableFile, match=words):
            files(tmp_path / path)


def test_the_name_tells_the_kind() -> None:
    names = ["a.CSV", "a.csv.gz", "a.ndjson", "a.jsonl.gz", "a.tsv", "a.parquet"]

    assert [kind(Path(name)) for name in names] == ["csv", "csv", "jsonl", "jsonl", "tsv", "parquet"]
    with pytest.raises(UnreadableFile):
        kind(Path("a.parquet.gz"))


@given(st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False)))
def test_a_number_written_as_in_json_is_that_number(number: float) -> None:
    found = written(msgspec.json.encode(number).decode())

    assert found == number and not isinstance(found, (str, bool))


@pytest.mark.parametrize(
    "cell", ["007", "+48 22", "1,5", "NaN", "Infinity", "True", "1_000", " 7", "0x10", "NO", "1:30"]
)
def test_what_only_looks_like_a_number_stays_text(cell: str) -> None:
    assert written(cell) == cell
