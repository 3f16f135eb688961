"""What a cell says: of CSV by how it is written, of Arrow and Parquet by its type, and what of it an event keeps."""

import re
from datetime import UTC, date, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc

LARGEST = 10**308  # of a whole number; beyond, no float follows
_LARGEST_DIGITS = 309
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_YEAR_1, _YEAR_10000 = -62_135_596_800, 253_402_300_800  # in seconds since 1970
_UNREADABLE = (ValueError, OverflowError, LookupError, TypeError, pa.ArrowException)

Faults = list[tuple[int, str]]  # the places of cells that are no value, and why


def written(cell: str) -> str | float | int | bool | None:
    """What a CSV cell says: nothing if empty, a number if written as in JSON, truth for `true` and `false`, else text.

    Raises ValueError for a number that is too large to be one.

    >>> [written(cell) for cell in ("", "0.5", "430", "007", "+48 22", "true", "Head of Sales")]
    [None, 0.5, 430, '007', '+48 22', True, 'Head of Sales']
    """
    if not cell:
        return None
    first = cell[0]
    if (first.isdigit() or first == "-") and _NUMBER.fullmatch(cell):
        return _finite(float(cell)) if any(mark in cell for mark in ".eE") else _whole(cell)
    if first in "tf" and cell in ("true", "false"):
        return cell == "true"
    return cell


def _whole(cell: str) -> int:
    return _bounded(int(cell) if len(cell) <= _LARGEST_DIGITS else LARGEST)


def _finite(number: float) -> float:
    return number if isfinite(number) else _bounded(LARGEST)


def _bounded(number: int) -> int:
    if not -LARGEST < number < LARGEST:
        raise ValueError("is a number beyond 1e308")
    return number


def plain(told: Any) -> Any:
    """`told` as an event keeps it: text, a number, truth, a list or an object of those; None where it is none of them.

    Decimals become numbers; dates, instants and times of day ISO text; durations seconds; bytes the text they are.
    Raises ValueError for a number that is too large to be one.

    >>> plain({"amount": Decimal("5.00"), "due": date(2026, 3, 1), "rates": [Decimal("0.5"), float("nan")]})
    {'amount': 5, 'due': '2026-03-01', 'rates': [0.5]}
    """
    if told is None or isinstance(told, (str, bool)):
        return told
    if isinstance(told, int):
        return _bounded(told)
    if isinstance(told, float):
        return told if isfinite(told) else None  # some write a missing number as NaN
    if isinstance(told, dict):
        return _object(told.items())
    if isinstance(told, (list, tuple)):
        return _members(told)
    return _scalar(told)


def _scalar(told: Any) -> Any:
    if isinstance(told, Decimal):
        return _number(told) if told.is_finite() else None
    if isinstance(told, (date, time)):  # a datetime is a date
        return told.isoformat()
    if isinstance(told, timedelta):
        return _number(Decimal(told // timedelta(microseconds=1)) / 1_000_000)
    if isinstance(told, UUID):
        return str(told)
    return _text(told) if isinstance(told, bytes) else None


def _number(told: Decimal) -> int | float:
    number = _finite(float(told))
    return int(told) if abs(number) < LARGEST and told == told.to_integral_value() else number


def _text(told: bytes) -> str | None:
    """Old writers of Parquet do not say of text that it is text."""
    try:
        return told.decode()
    except UnicodeDecodeError:
        return None


def _object(told: Any) -> dict[str, Any]:
    """Left out, not None, is what cannot be kept: stated as nothing, a fact would be unset."""
    kept = ((name, plain(value), value) for name, value in told)
    return {str(name): value for name, value, before in kept if value is not None or before is None}


def _members(told: list[Any] | tuple[Any, ...]) -> Any:
    if told and all(isinstance(member, tuple) and len(member) == 2 for member in told):
        return _object(told)  # a map, as Arrow gives it
    return [value for member in told if (value := plain(member)) is not None]


def of_arrow(column: pa.Array) -> tuple[list[Any], Faults]:
    """The cells of a column as Python values, None for those that cannot be any, and which these are.

    Instants are datetimes of whole microseconds, those of a zoned column in UTC.
    """
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_timestamp(column.type):
        return _instants(column)
    try:
        return list(_in_microseconds(column).to_pylist()), []
    except _UNREADABLE:
        return _one_by_one(column)


def _instants(column: pa.Array) -> tuple[list[Any], Faults]:
    seconds = _PER_SECOND[column.type.unit]
    first, end = max(_YEAR_1 * seconds, -(2**63)), min(_YEAR_10000 * seconds, 2**63 - 1)
    raw = column.view(pa.int64())
    readable = pc.and_(pc.greater_equal(raw, first), pc.less(raw, end))
    unreadable = pc.indices_nonzero(pc.invert(readable)).to_pylist()
    faults = [(place, "is a time beyond the year 9999") for place in unreadable]
    if faults:
        column = pc.if_else(readable, column, pa.scalar(None, column.type))
    naive = column.cast(pa.timestamp("us", column.type.tz), safe=False).to_numpy(zero_copy_only=False).tolist()
    if column.type.tz is None:
        return list(naive), faults
    return [None if at is None else at.replace(tzinfo=UTC) for at in naive], faults


def _one_by_one(column: pa.Array) -> tuple[list[Any], Faults]:
    cells: list[Any] = [None] * len(column)
    faults: Faults = []
    for place in range(len(column)):
        try:
            cells[place] = _in_microseconds(column.slice(place, 1))[0].as_py()
        except _UNREADABLE as problem:
            faults.append((place, f"cannot be read: {problem}"))
    return cells, faults


def _in_microseconds(column: pa.Array) -> pa.Array:
    """`column` without nanoseconds, which Python's times do not have."""
    coarser = _coarser(column.type)
    return column if coarser == column.type else column.cast(coarser, safe=False)


def _coarser(kind: pa.DataType) -> pa.DataType:
    types = pa.types
    if types.is_timestamp(kind) and kind.unit == "ns":
        return pa.timestamp("us", kind.tz)
    if types.is_duration(kind) and kind.unit == "ns":
        return pa.duration("us")
    if types.is_time64(kind) and kind.unit == "ns":
        return pa.time64("us")
    if types.is_struct(kind):
        return pa.struct([field.with_type(_coarser(field.type)) for field in kind])
    if types.is_map(kind):
        return pa.map_(_coarser(kind.key_type), _coarser(kind.item_type))
    if types.is_list(kind) or types.is_large_list(kind):
        made = pa.list_ if types.is_list(kind) else pa.large_list
        return made(kind.value_field.with_type(_coarser(kind.value_type)))
    return kind
