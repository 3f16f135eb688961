"""Values of any type as typed columns, one per type and never cast, and back.

A field `event.plan` may have the columns `event.plan:text`, `:number`, `:truth` and `:list` (as JSON), of which at most
one has a value in a row; a fact may also have `:unset`, where it was stated to be nothing.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ripeline.criteria.condition import Value

TYPES = {"text": pa.string(), "number": pa.float64(), "truth": pa.bool_(), "list": pa.string(), "unset": pa.bool_()}
_TYPE_OF = {str: "text", int: "number", float: "number", bool: "truth", list: "list", tuple: "list"}


class Unset:
    """A fact that was stated to be nothing, where None means that nothing was said of it."""


UNSET = Unset()


class Coded(NamedTuple):
    """A column as codes into its distinct values; a code below 0 is absent. `Unset` is a value here."""

    values: list[Value | Unset]
    codes: NDArray[np.int32]


def columns(field: str, values: Sequence[Value | Unset]) -> dict[str, pa.Array]:
    """`values` of `field` as typed columns by name; a type that does not occur has no column.

    >>> sorted(columns("event.plan", ["pro", None, 7]))
    ['event.plan:number', 'event.plan:text']
    """
    occurring = {type(value) for value in values} - {type(None)}
    found: dict[str, pa.Array] = {}
    for name in {"unset" if kind is Unset else _TYPE_OF[kind] for kind in occurring}:
        of_type = [kind for kind, its_name in _TYPE_OF.items() if its_name == name] or [Unset]
        told = [_stored(value) if type(value) in of_type else None for value in values]
        found[f"{field}:{name}"] = pa.array(told, TYPES[name])
    return found


def _stored(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return msgspec.json.encode(value).decode()
    return True if isinstance(value, Unset) else value


def coded(field: str, table: pa.Table) -> Coded | None:
    """The values of `field` in `table`, as its typed columns tell; None if it has none of them."""
    values: list[Value | Unset] = []
    codes: NDArray[np.int32] | None = None
    for name in TYPES:
        column = f"{field}:{name}"
        if column in table.column_names:
            distinct, of_type = _dictionary(table[column])
            of_type = np.where(of_type >= 0, of_type + np.int32(len(values)), np.int32(-1)) if values else of_type
            codes = of_type if codes is None else np.maximum(codes, of_type)
            values += [_restored(value, name) for value in distinct]
    return None if codes is None else Coded(values, codes)


def _dictionary(column: pa.ChunkedArray) -> tuple[list[Any], NDArray[np.int32]]:
    """The distinct values of a column and each row's place among them, -1 for null."""
    whole = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    if isinstance(whole, pa.ChunkedArray):  # combine_chunks keeps chunks of dictionaries that it cannot unite
        whole = pc.dictionary_encode(whole.cast(whole.type.value_type)).combine_chunks()
    encoded = whole if isinstance(whole, pa.DictionaryArray) else pc.dictionary_encode(whole)
    places = encoded.indices
    if places.null_count:
        places = places.fill_null(-1)
    return encoded.dictionary.to_pylist(), np.asarray(places, np.int32)


def _restored(value: Any, type_name: str) -> Value | Unset:
    if type_name == "list":
        return tuple(msgspec.json.decode(value))
    return UNSET if type_name == "unset" else value
