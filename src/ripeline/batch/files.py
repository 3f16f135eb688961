"""Files of events, in our words or with a mapping: what they tell, and what in them cannot be read."""

from collections.abc import Callable, Iterator
from pathlib import Path

from ripeline.batch.filed import Filed, NoEvent, RefusedRow
from ripeline.batch.mapped_rows import MappedRows, check_columns
from ripeline.batch.mapping import Mapping
from ripeline.batch.plain_rows import PlainRows
from ripeline.batch.tables import BrokenRow, Row, UnreadableFile, columns, files, kind, rows, typed
from ripeline.translation import translated

Paths = Path | str | list[Path | str]
Reader = Callable[[Row], Iterator[Filed]]


def read(paths: Paths, mapping: Mapping | None = None) -> Iterator[Filed | RefusedRow]:
    """Every event of the files (a folder stands for the files in it), in the order in which they stand there.

    A row that is no event comes as a RefusedRow and costs its neighbours nothing. Copies are not left out: see
    `distinct`. Raises UnreadableFile, and MappingError where the mapping names a column that a file does not have.
    """
    chosen = files(paths)
    if mapping is not None:
        chosen = _mapped(chosen, mapping)
    for path in chosen:
        yield from _events(path, mapping)


def _mapped(found: list[Path], mapping: Mapping) -> list[Path]:
    """The files that the mapping knows, in its order; all their columns are looked for before a row is read."""
    patterns = [mapped.pattern for mapped in mapping.files]
    chosen = [(file, rows) for file in found if (rows := mapping.of(file.name)) is not None]
    if not chosen:
        words = ", ".join(patterns)
        message = translated("{path}: the mapping {map} reads only files named {words}", path=found[0], map=mapping.path, words=words)
        raise UnreadableFile(message)
    for file, _ in chosen:
        names = columns(file)
        if names is not None:
            check_columns(mapping, file.name, names)
    order = [mapped.rows for mapped in mapping.files]
    return [file for file, _ in sorted(chosen, key=lambda entry: order.index(entry[1]))]


def _events(path: Path, mapping: Mapping | None) -> Iterator[Filed | RefusedRow]:
    read_row = _reader(path, mapping)
    for row in rows(path):
        if isinstance(row, BrokenRow):
            yield RefusedRow(path.name, row.line, row.reason, row.detail)
            continue
        try:
            yield from read_row(row)
        except NoEvent as why:
            yield RefusedRow(path.name, row.line, why.reason, why.detail)


def _reader(path: Path, mapping: Mapping | None) -> Reader:
    told = mapping.of(path.name) if mapping is not None else None
    if told is not None:
        mapped = MappedRows(told, typed=typed(kind(path)))
        return lambda row: mapped.events(row.cells, row.line)
    plain = PlainRows(typed=typed(kind(path)))
    return lambda row: iter((plain.event(row.cells),))
