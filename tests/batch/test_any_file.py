"""Whatever is in a file gives events, refused rows, or one sentence on the file: never anything else."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.batch.lakes import days, pricing

from ripeline.batch.filed import Filed, RefusedRow
from ripeline.batch.files import read
from ripeline.batch.mapping_text import MappingError, mapping
from ripeline.batch.score import score_files
from ripeline.batch.tables import UnreadableFile

MAPPING = mapping("""
lead: lead
id: [id, name]
occurred_at: {column: occurred_at, timezone: Europe/Warsaw}
facts: {title: told, size: {column: number, as: number}, said: {column: told, as: text}}
events: [{name: name, when: {number: {at_least: 1}}, properties: {path: {column: told, as: list}}}]
""")
CELLS = {"id": "1", "name": "Demo Requested", "lead": "ada", "type": "identify", "occurred_at": "2026-03-01"}
COLUMNS = [*CELLS, "number", "told", "traits", "traits.title", "properties", "context"]
PIECES = [
    '"',
    ",",
    ";",
    "\n",
    "\r",
    "\t",
    "\0",
    "é",
    "²" * 10,
    "9" * 320,
    "1e400",
    "-",
    "NaN",
    "{",
    "[]",
    '{"a":[null]}',
]
told_text = st.lists(st.one_of(st.sampled_from([*PIECES, *COLUMNS]), st.text(max_size=3)), max_size=4).map("".join)
told_json = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.sampled_from([10**320, -(10**18), 1e308]), st.text(max_size=3),
        st.sampled_from(["9999-12-31T23:59:59-14:00", "http://["]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
    max_leaves=6,
)  # fmt: skip


@pytest.fixture(scope="module")
def parquet(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A file of every sort of column, and none of it packed, so that a changed byte changes something."""
    columns = {name: [cell] * 3 for name, cell in CELLS.items()} | {
        "occurred_at": pa.array([datetime(2026, 3, 1, tzinfo=UTC)] * 3, pa.timestamp("ns", tz="UTC")),
        "number": [Decimal("5.00"), None, Decimal("0.5")],
        "told": [date(2026, 3, 1)] * 3,
        "traits": [{"title": "Head", "at": datetime(2026, 3, 1)}, None, {"title": None, "at": None}],  # noqa: DTZ001 - as files have them
        "properties": pa.array([[("path", 1)], None, []], pa.map_(pa.string(), pa.int64())),
    }
    file = tmp_path_factory.mktemp("whole") / "events.parquet"
    pq.write_table(pa.table(columns), file, compression="none", use_dictionary=False)
    return file.read_bytes()


@pytest.fixture(scope="module")
def is_told(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, bytes], None]:
    """Reads a file in our words and with a mapping, and scores it."""
    folder = tmp_path_factory.mktemp("any")

    def check(name: str, content: bytes) -> None:
        (folder / name).write_bytes(content)
        for told in (None, MAPPING):
            with suppress(UnreadableFile, MappingError):
                assert all(isinstance(each, (Filed, RefusedRow)) for each in read(folder / name, told))
                score_files(pricing(), folder / name, told, as_of=days(30))

    return check


Check = Callable[[str, bytes], None]


@given(name=st.sampled_from(["e.csv", "e.jsonl", "e.csv.gz", "e.jsonl.gz", "e.parquet"]), content=st.binary())
def test_any_bytes_are_told(is_told: Check, name: str, content: bytes) -> None:
    is_told(name, content)


@given(st.lists(st.lists(told_text, max_size=12), max_size=4), st.booleans())
def test_any_cells_of_csv_are_told(is_told: Check, rows: list[list[str]], whole: bool) -> None:
    good = [*CELLS.values(), "5", "x"]
    table = [COLUMNS, *((row + good[len(row) :] if whole else row) for row in rows), good]

    is_told("e.csv", "\n".join(",".join(row) for row in table).encode(errors="surrogatepass"))


@given(st.lists(st.dictionaries(st.sampled_from(COLUMNS), told_json, max_size=4), max_size=3))
def test_any_json_is_told(is_told: Check, rows: list[dict[str, object]]) -> None:
    is_told("e.jsonl", b"\n".join(msgspec.json.encode({**CELLS, **row}) for row in rows))


@given(st.lists(st.tuples(st.integers(0, 2**16), st.integers(0, 255)), min_size=1, max_size=6), st.integers(-8, 8))
def test_a_parquet_file_with_changed_bytes_is_told(
    is_told: Check, parquet: bytes, changes: list[tuple[int, int]], cut: int
) -> None:
    content = bytearray(parquet)
    for place, value in changes:
        content[-1 - place % len(content)] = value

    is_told("e.parquet", bytes(content[cut:] if cut > 0 else content[: len(content) + cut]))
