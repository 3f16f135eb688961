"""Values of any type as typed columns, one per type and never cast, and back.

A field `event.plan` may have the columns `event.plan:text`, `:number`, `:truth` and `:list` (as JSON), of which at most
one has a value in a row.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ripeline.criteria.condition import Value

STORED = {"text": pa.string(), "number": pa.float64(), "truth": pa.bool_(), "list": pa.string()}
_PYTHON = {"text": (str,), "number": (int, float), "truth": (bool,), "list": (list, tuple)}
_NAME: dict[type, str] = {kind: name for name, kinds in _PYTHON.items() for kind in kinds}


class Coded(NamedTuple):
    """A column as codes into its distinct values; a code below 0 is absent."""

    values: list[Value]
    codes: NDArray[np.int32]


def columns(field: str, values: Sequence[Value]) -> dict[str, pa.Array]:
    """`values` of `field` as typed columns by name; a type that does not occur has no column.

    >>> sorted(columns("event.plan", ["pro", None, 7]))
    ['event.plan:number', 'event.plan:text']
    """
    occurring = {_NAME[kind] for kind in {type(value) for value in values} if kind is not type(None)}
    return {f"{field}:{name}": of_type(name, values) for name in STORED if name in occurring}


def of_type(name: str, values: Sequence[Value]) -> pa.Array:
    """Those of `values` that are of one type, null for all other."""
    kinds = _PYTHON[name]
    told: list[Any] = [value if type(value) in kinds else None for value in values]
    if name == "number":
        told = [None if value is None else float(value) for value in told]  # Arrow refuses 2**53 + 1
    if name == "list":
        told = [None if value is None else msgspec.json.encode(value).decode() for value in told]
    return pa.array(told, STORED[name])


def coded(field: str, table: pa.Table, rows: NDArray[np.int64] | None = None) -> Coded | None:
    """The values of `field` in `rows` (None: all) of `table`, as its typed columns tell; None if it has none."""
    values: list[Value] = []
    codes: NDArray[np.int32] | None = None
    for name in STORED:
        column = f"{field}:{name}"
        if column in table.column_names:
            distinct, places = dictionary(table[column], rows)
            places = np.where(places >= 0, places + np.int32(len(values)), np.int32(-1)) if values else places
            codes = places if codes is None else np.maximum(codes, places)
            values += [tuple(msgspec.json.decode(value)) for value in distinct] if name == "list" else distinct
    return None if codes is None else Coded(values, codes)


def dictionary(
    column: pa.ChunkedArray | pa.Array, rows: NDArray[np.int64] | None = None
) -> tuple[list[Any], NDArray[np.int32]]:
    """The distinct values of a column and the place of each of `rows` (None: all) among them, -1 for null."""
    whole = _united(column)
    if isinstance(whole, pa.DictionaryArray):
        indices = whole.indices if rows is None else whole.indices.take(pa.array(rows))
        return whole.dictionary.to_pylist(), _places(indices)
    encoded = pc.dictionary_encode(whole if rows is None else whole.take(rows))
    return encoded.dictionary.to_pylist(), _places(encoded.indices)


def _united(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    if isinstance(column, pa.Array):
        return column
    united = column.unify_dictionaries() if pa.types.is_dictionary(column.type) else column
    return united.combine_chunks()


def _places(indices: pa.Array) -> NDArray[np.int32]:
    """Codes with -1 for null. What stands behind a null is undefined, so it is filled before it is looked at."""
    return np.asarray(indices.fill_null(-1) if indices.null_count else indices, np.int32)
