"""Files of events, in our words or with a mapping: what they tell, and what in them cannot be read."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ripeline.batch.csv_records import BrokenRow
from ripeline.batch.exported import is_events
from ripeline.batch.exported_rows import EXPORTED, exported_events
from ripeline.batch.filed import Filed, NoEvent, RefusedRow
from ripeline.batch.mapped_rows import MappedRows, check_columns
from ripeline.batch.mapping import Mapping, RowsOf
from ripeline.batch.plain_rows import PlainRows
from ripeline.batch.tables import Row, UnreadableFile, columns, files, kind, readable, rows, typed
from ripeline.events.reason import Reason
from ripeline.translation import translated

Paths = Path | str | list[Path | str]
_AT_ONCE = 16_384
Reader = Callable[[Row], Iterator[Filed]]


def read(paths: Paths, mapping: Mapping | None = None) -> Iterator[Filed | RefusedRow]:
    """Every event of the files (a folder stands for the files in it), in the order in which they stand there.

    A row that is no event comes as a RefusedRow and costs its neighbours nothing. Copies are not left out: see
    `distinct`. Raises UnreadableFile, and MappingError where the mapping names a column that a file does not have.
    """
    for path, name, mapped in chosen(paths, mapping):
        yield from events_of(rows(path), name, mapped, typed=typed(kind(path)))


def chosen(paths: Paths, mapping: Mapping | None = None) -> list[tuple[Path, str, RowsOf | None]]:
    """The files that are read, each with what it is called and how its rows are read, in order. Raises as `read`."""
    found = files(paths)
    if mapping is not None:
        found = _mapped(found, mapping)
    names = _names(found)
    return [(path, names[path], mapping.of(path.name) if mapping else _own_form(path)) for path in found]


def _own_form(path: Path) -> RowsOf | None:
    """How a file is read that needs no mapping: in our own words, or as the export of a workspace."""
    if kind(path) != "parquet":
        return None
    with readable(path):
        return EXPORTED if is_events(path) else None


def _names(chosen: list[Path]) -> dict[Path, str]:
    """What each file is called: its name, or its whole path where another file has that name too."""
    count = Counter(path.name for path in set(chosen))
    return {path: path.name if count[path.name] == 1 else path.as_posix() for path in chosen}


def _mapped(found: list[Path], mapping: Mapping) -> list[Path]:
    """The files that the mapping knows, in its order; all their columns are looked for before a row is read."""
    patterns = [mapped.pattern for mapped in mapping.files]
    chosen = [(file, rows) for file in found if (rows := mapping.of(file.name)) is not None]
    if not chosen:
        words = ", ".join(patterns)
        message = translated(
            "{path}: the mapping {map} reads only files named {words}", path=found[0], map=mapping.path, words=words
        )
        raise UnreadableFile(message)
    for file, _ in chosen:
        names = columns(file)
        if names is not None:
            check_columns(mapping, file.name, names)
    order = [mapped.rows for mapped in mapping.files]
    return [file for file, _ in sorted(chosen, key=lambda entry: order.index(entry[1]))]


def events_of(
    told: Iterable[Row | BrokenRow], name: str, mapped: RowsOf | None, *, typed: bool, logged: bool = False
) -> Iterator[Filed | RefusedRow]:
    """What rows tell, read as `mapped` says or in our own words; `name` is where they stand.

    `logged` makes them events that a log can keep: see `messages.logged`.
    """
    read_row = _reader(mapped, name, typed=typed, logged=logged)
    for row in told:
        if isinstance(row, BrokenRow):
            yield RefusedRow(name, row.line, row.reason, row.detail, row.text)
            continue
        try:
            yield from read_row(row)
        except NoEvent as why:
            yield RefusedRow(name, row.line, why.reason, why.detail, row.cells)
        except (ValueError, OverflowError, RecursionError) as problem:  # what no reading of a cell has foreseen
            yield RefusedRow(name, row.line, Reason.WRONG_SHAPE, str(problem), row.cells)


def _reader(mapped: RowsOf | None, name: str, *, typed: bool, logged: bool) -> Reader:
    if mapped is EXPORTED:
        return exported_events
    if mapped is not None:
        by_mapping = MappedRows(mapped, name=name, typed=typed, logged=logged)
        return lambda row: by_mapping.events(row.cells, row.line)
    plain = PlainRows(typed=typed, logged=logged)
    return lambda row: iter((plain.event(row.cells),))


def distinct(
    told: Iterator[Filed | RefusedRow], copied: Callable[[int], None] | None = None
) -> Iterator[Filed | RefusedRow]:
    """`told` without copies: of events with the same source and id, the first counts.

    `copied` hears how many were left out, now and then.
    """
    seen = _Seen()
    while batch := list(islice(told, _AT_ONCE)):
        keys = [hash((each.event.source, each.event.message_id)) for each in batch if isinstance(each, Filed)]
        first = seen.new(np.array(keys, np.int64)).tolist()
        if copied is not None:
            copied(first.count(False))
        new = iter(first)
        yield from (each for each in batch if isinstance(each, RefusedRow) or next(new))


class _Seen:
    """Hashes seen so far, 8 bytes each, in sorted blocks of which each is at least twice as long as the next.

    Two of 64 bits that are equal by chance among ten million come once in 300,000 files.
    """

    def __init__(self) -> None:
        self._blocks: list[NDArray[np.int64]] = []

    def new(self, keys: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of `keys` come for the first time; they are seen from now on."""
        first = np.zeros(len(keys), bool)
        block, places = np.unique(keys, return_index=True)
        first[places] = True
        for seen in self._blocks:
            found = seen[np.minimum(np.searchsorted(seen, keys), len(seen) - 1)] == keys
            first &= ~found
        if len(block):
            self._blocks.append(block)
        while len(self._blocks) > 1 and len(self._blocks[-2]) < 2 * len(self._blocks[-1]):
            last, before = self._blocks.pop(), self._blocks.pop()
            self._blocks.append(np.union1d(last, before))
        return first
