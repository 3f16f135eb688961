"""What cells of every type become: values that conditions can compare, or a row that is refused, never a traceback."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ripeline.batch.cells import plain, written
from ripeline.batch.filed import Filed, RefusedRow
from ripeline.batch.files import read
from ripeline.batch.mapping_text import mapping
from ripeline.events.facts import statements
from ripeline.events.reason import Reason

YEAR_12000 = 316_516_204_800  # in seconds
MAP = "{lead: lead, id: id, occurred_at: occurred_at, facts: [told]}"


def events(folder: Path, text: str = "", **columns: Any) -> list[Filed | RefusedRow]:
    """What a Parquet file of these columns tells, under a mapping if `text` is one."""
    rows = len(next(iter(columns.values())))
    told: dict[str, Any] = {
        "id": [str(row) for row in range(rows)],
        "lead": ["ada"] * rows,
        "type": ["identify"] * rows,
        "occurred_at": ["2026-03-01"] * rows,
    }
    pq.write_table(pa.table(told | columns), folder / "events.parquet")
    return list(read(folder / "events.parquet", mapping(text) if text else None))


@pytest.mark.parametrize("text", ["", MAP])
@pytest.mark.parametrize(
    ("cell", "kind", "expected"),
    [
        (Decimal("5.00"), pa.decimal128(10, 2), 5),
        (Decimal("0.5"), pa.decimal256(10, 2), 0.5),
        (date(2026, 3, 1), pa.date32(), "2026-03-01"),
        (date(2026, 3, 1), pa.date64(), "2026-03-01"),
        (datetime(2026, 3, 1, 9, tzinfo=UTC), pa.timestamp("us", tz="Europe/Warsaw"), "2026-03-01T09:00:00+00:00"),
        (1_772_323_200_000_000_001, pa.timestamp("ns"), "2026-03-01T00:00:00"),
        (time(9, 30), pa.time64("us"), "09:30:00"),
        (34_200_000_000_001, pa.time64("ns"), "09:30:00"),
        (1_500_000_001, pa.duration("ns"), 1.5),
        (b"Head of Sales", pa.binary(), "Head of Sales"),
        ([Decimal("1.0"), None, Decimal("2.5")], pa.list_(pa.decimal128(3, 1)), [1, 2.5]),
        ("pro", pa.dictionary(pa.int8(), pa.string()), "pro"),
    ],
)
def test_a_typed_cell_is_a_value_that_can_be_compared(
    tmp_path: Path, text: str, cell: Any, kind: pa.DataType, expected: Any
) -> None:
    (found,) = events(tmp_path, text, told=pa.array([cell], kind))

    assert isinstance(found, Filed)
    assert dict(statements(found.event)) == {"told": expected}
    assert type(dict(statements(found.event))["told"]) is type(expected)


@pytest.mark.parametrize("text", ["", MAP])
@pytest.mark.parametrize("told", [[float("nan")], [float("inf")], [b"\xff"], [None]])
def test_what_is_no_value_unsets_no_fact(tmp_path: Path, text: str, told: list[Any]) -> None:
    (found,) = events(tmp_path, text, told=told)

    assert isinstance(found, Filed) and statements(found.event) == []


def test_members_of_objects_are_read_like_cells(tmp_path: Path) -> None:
    kind = pa.struct([("at", pa.timestamp("ns")), ("seats", pa.decimal128(5, 1)), ("nan", pa.float64())])
    told = {"at": 1_700_000_000_000_000_001, "seats": Decimal("7.0"), "nan": float("nan")}
    pairs = pa.array([[("amount", Decimal(5))]], pa.map_(pa.string(), pa.decimal128(5, 1)))
    (found,) = events(tmp_path, traits=pa.array([told], kind), properties=pairs)

    assert isinstance(found, Filed)
    assert dict(statements(found.event)) == {"at": "2023-11-14T22:13:20", "seats": 7}
    assert found.event.properties == {"amount": 5}


@pytest.mark.parametrize(
    "bad",
    [
        pa.array([YEAR_12000, None, 0], pa.timestamp("s")),
        pa.array([YEAR_12000 * 1_000_000, None, 0], pa.timestamp("us", tz="UTC")),
        pa.array([2**62, None, 0], pa.timestamp("ms", tz="UTC")),
        pa.array([-(2**62), None, 0], pa.timestamp("ms")),
        pa.array([253_402_300_800_000_000, None, 0], pa.date64()),
        pa.array([[YEAR_12000], None, [0]], pa.list_(pa.timestamp("s"))),
        pa.array([{"at": YEAR_12000}, None, {"at": 0}], pa.struct([("at", pa.timestamp("s"))])),
        pa.StringArray.from_buffers(3, pa.array([0, 1, 1, 2], pa.int32()).buffers()[1], pa.py_buffer(b"\xffx")),
    ],
    ids=lambda bad: str(bad.type),
)
def test_a_cell_python_has_no_value_for_refuses_its_row_alone(tmp_path: Path, bad: pa.Array) -> None:
    refused, *others = events(tmp_path, expires=bad)

    assert isinstance(refused, RefusedRow) and (refused.line, refused.reason) == (1, Reason.WRONG_SHAPE)
    assert refused.detail.startswith("`expires` ")
    assert [isinstance(each, Filed) for each in others] == [True, True]


@pytest.mark.parametrize(
    ("when", "text", "expected"),
    [
        (pa.array([date(2026, 3, 1)]), "", datetime(2026, 3, 1, tzinfo=UTC)),
        (pa.array([date(2026, 3, 1)]), MAP, datetime(2026, 3, 1, tzinfo=UTC)),
        (
            pa.array([date(2026, 3, 1)]),
            MAP.replace("occurred_at: occurred_at", "occurred_at: {column: occurred_at, timezone: Europe/Warsaw}"),
            datetime(2026, 2, 28, 23, tzinfo=UTC),
        ),
        (pa.array([Decimal(1772323200)]), "", datetime(2026, 3, 1, tzinfo=UTC)),
        (pa.array([b"2026-03-01"]), "", datetime(2026, 3, 1, tzinfo=UTC)),
    ],
)
def test_a_day_may_say_when(tmp_path: Path, when: pa.Array, text: str, expected: datetime) -> None:
    (found,) = events(tmp_path, text, occurred_at=when, told=["x"])

    assert isinstance(found, Filed) and found.event.occurred_at == expected


def test_ids_and_leads_may_have_any_type_that_names_one(tmp_path: Path) -> None:
    for text in ("", MAP):
        (found,) = events(tmp_path, text, id=[Decimal(12)], lead=[Decimal("7.00")], told=[1])
        assert isinstance(found, Filed) and found.lead == "7" and int(found.event.message_id) == 12
    number = UUID("6f1f2c3e-0000-4000-8000-0123456789ab")
    (found,) = events(tmp_path, id=pa.array([number.bytes], pa.uuid()), lead=[b"ada"])

    assert isinstance(found, Filed) and (found.lead, found.event.message_id) == ("ada", str(number))


@pytest.mark.parametrize("number", ["9" * 5_000, "-" + "9" * 400, "1e999", "1" + "0" * 308])
@pytest.mark.parametrize("text", ["", MAP])
def test_a_number_too_large_to_be_one_refuses_its_row_alone(tmp_path: Path, text: str, number: str) -> None:
    file = tmp_path / "events.csv"
    file.write_text(f"id,lead,type,occurred_at,told\n1,a,identify,2026-03-01,{number}\n2,b,identify,2026-03-01,7\n")
    refused, other = read(file, mapping(text) if text else None)

    assert str(refused) == "events.csv, line 2: `told` is a number beyond 1e308  [wrong-shape]"
    assert isinstance(other, Filed)


@pytest.mark.parametrize("read_one", [plain, lambda told: written(str(told))], ids=["typed", "written"])
def test_the_largest_numbers_are_numbers(read_one: Callable[[Any], Any]) -> None:
    for number in (10**308 - 1, -(10**308) + 1, 1.7e308, -1.7e308):
        assert read_one(number) == number


def test_what_nobody_foresaw_of_a_value_refuses_its_row(tmp_path: Path) -> None:
    deep = "[" * 900 + "]" * 900
    file = tmp_path / "events.jsonl"
    file.write_text(
        f'{{"id": {"9" * 400}, "name": "x", "occurred_at": "2026-03-01", "lead": "a"}}\n'
        f'{{"id": 2, "name": "x", "occurred_at": "2026-03-01", "lead": "a", "told": {deep}}}\n'
        '{"id": 3, "name": "x", "occurred_at": "2026-03-01", "lead": "a"}\n'
    )
    first, *_, third = read(file)

    assert isinstance(first, RefusedRow) and first.reason is Reason.WRONG_SHAPE
    assert isinstance(third, Filed)


def test_durations_are_seconds() -> None:
    assert [plain(timedelta(seconds=seconds)) for seconds in (90, 0.5, -1)] == [90, 0.5, -1]
