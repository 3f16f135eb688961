"""Files of rows, read one after another in bounded memory: JSONL and CSV (also .gz), and Parquet."""

import csv
import gzip
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from ripeline.batch.cells import of_arrow
from ripeline.batch.csv_records import BrokenRow, Lines, Record, read_records, separator_of
from ripeline.events.reason import Reason
from ripeline.translation import translated

ROWS_AT_ONCE = 8_192
LONGEST_CELL = 16 * 2**20
SUFFIXES = (".jsonl", ".ndjson", ".csv", ".tsv", ".parquet")

_BREAK = re.compile(r"\s*[\r\n]\s*")  # Excel lets people break the line in a column's name


class UnreadableFile(Exception):
    """A file that cannot be read at all: which one, why, and what now, in the reader's language."""


class Row(msgspec.Struct):
    """One row: where it stands (lines and rows count from 1) and its cells by column."""

    line: int
    cells: dict[str, Any]


def files(paths: Path | str | list[Path | str]) -> list[Path]:
    """The files that `paths` name, a folder standing for all it holds, by name.

    Raises UnreadableFile where there is none, or of a kind that is not read.
    """
    named = [Path(path) for path in (paths if isinstance(paths, list) else [paths])]
    found = [file for path in named for file in (_within(path) if path.is_dir() else [path])]
    for file in found:
        if not file.is_file():
            raise UnreadableFile(translated("{path}: there is no such file", path=file))
        kind(file)
    return found


def _within(folder: Path) -> list[Path]:
    found = sorted(file for file in folder.iterdir() if file.is_file() and _bare(file).endswith(SUFFIXES))
    if not found:
        kinds = ", ".join(SUFFIXES)
        raise UnreadableFile(translated("{path}: no file in this folder ends in {kinds}", path=folder, kinds=kinds))
    return found


def kind(path: Path) -> str:
    """`jsonl`, `csv`, `tsv` or `parquet`, by how the name ends."""
    suffix = "." + _bare(path).rpartition(".")[2]
    if suffix not in SUFFIXES or (suffix == ".parquet" and path.suffix == ".gz"):
        message = translated(
            "{path}: this kind of file is not read; use .jsonl or .csv (also .gz) or .parquet", path=path
        )
        raise UnreadableFile(message)
    return {".ndjson": "jsonl"}.get(suffix, suffix[1:])


def _bare(path: Path) -> str:
    return path.name.lower().removesuffix(".gz")


def typed(kind: str) -> bool:
    """Whether such a file says itself what is text and what a number. Cells of CSV do not: see `written`."""
    return kind not in ("csv", "tsv")


def rows(path: Path) -> Iterator[Row | BrokenRow]:
    """The rows of one file in their order. Raises UnreadableFile where the file itself is damaged."""
    read = {"jsonl": _json_rows, "csv": _csv_rows, "tsv": _csv_rows, "parquet": _parquet_rows}[kind(path)]
    with readable(path):
        yield from read(path)


def columns(path: Path) -> list[str] | None:
    """The column names a file declares in its head; None for JSONL, which declares none. Raises UnreadableFile."""
    with readable(path):
        if kind(path) == "parquet":
            return _distinct(pq.read_schema(path).names, str(path))
        if kind(path) == "jsonl":
            return None
        with _text(_opened(path)) as text:
            return _csv(text, path)[0]


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Whatever is wrong with the file at `path` is an UnreadableFile that says so."""
    try:
        yield
    except OSError as problem:
        if problem.errno is None:  # the system has no objection: it is what is in the file
            raise _damaged(path, problem) from None
        raise UnreadableFile(translated("{path}: {problem}", path=path, problem=problem.strerror)) from None
    except (EOFError, ValueError, csv.Error, pa.ArrowException, zlib.error) as problem:
        raise _damaged(path, problem) from None


def _damaged(path: Path, problem: Exception) -> UnreadableFile:
    return UnreadableFile(translated("{path}: the file is damaged: {problem}", path=path, problem=problem))


def _opened(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb"))


def _json_rows(path: Path) -> Iterator[Row | BrokenRow]:
    decoder = msgspec.json.Decoder(dict[str, Any])
    with _opened(path) as raw:
        for line, text in enumerate(raw, start=1):
            stripped = text.removeprefix(b"\xef\xbb\xbf").strip() if line == 1 else text.strip()
            if not stripped:
                continue
            try:
                yield Row(line, decoder.decode(stripped))
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
                yield BrokenRow(line, Reason.NOT_JSON, str(problem), stripped.decode(errors="replace"))


def _text(raw: IO[bytes]) -> io.TextIOWrapper:
    return io.TextIOWrapper(raw, encoding="utf-8-sig", errors="surrogateescape", newline="")


def _csv_rows(path: Path) -> Iterator[Row | BrokenRow]:
    with _text(_opened(path)) as text:
        names, records = _csv(text, path)
        for record in records:
            if isinstance(record, BrokenRow):
                yield record
                continue
            line, cells = record
            if not cells:
                continue
            if len(cells) > len(names):
                detail = f"{len(cells)} cells under {len(names)} column names"
                yield BrokenRow(line, Reason.WRONG_SHAPE, detail, ",".join(cells))
            elif not _is_text(cells):
                yield BrokenRow(line, Reason.NOT_TEXT, "bytes that are not UTF-8", ",".join(cells))
            else:
                yield Row(line, dict(zip(names, cells, strict=False)))


def _csv(text: Iterable[str], path: Path) -> tuple[list[str], Iterator[Record | BrokenRow]]:
    """The column names, which stand in the first record that is not blank, and the records after it."""
    csv.field_size_limit(LONGEST_CELL)
    lines = Lines(text)
    records = read_records(lines, "\t" if kind(path) == "tsv" else separator_of(lines))
    for record in records:
        if isinstance(record, BrokenRow):
            raise UnreadableFile(f"{path}, line {record.line}: {record.detail}")
        if any(cell.strip() for cell in record[1]):
            return _head(record[1], path), records
    return [], records


def _head(cells: list[str], path: Path) -> list[str]:
    if not _is_text(cells) or any("\0" in cell for cell in cells):
        raise UnreadableFile(
            translated("{path}: the column names are not UTF-8 text; save the file as “CSV UTF-8”", path=path)
        )
    return _distinct([_BREAK.sub(" ", cell.strip()) for cell in cells], str(path))


def _distinct(names: list[str], path: str) -> list[str]:
    """`names`, none of which is there twice: one of two cells would be lost. Columns without a name may be many."""
    twice = [name for name, count in Counter(names).items() if name and count > 1]
    if twice:
        raise UnreadableFile(
            translated(
                "{path}: several columns are called {names}; give each a name of its own",
                path=path,
                names=", ".join(f"`{name}`" for name in twice),
            )
        )
    return names


def _is_text(cells: list[str]) -> bool:
    """Whether the bytes of `cells` were UTF-8; what was not came through as halves of characters."""
    joined = "".join(cells)
    if joined.isascii():
        return True
    try:
        joined.encode()
    except UnicodeEncodeError:
        return False
    return True


def _parquet_rows(path: Path) -> Iterator[Row | BrokenRow]:
    with pq.ParquetFile(path) as file:
        yield from arrow_rows(file.schema_arrow, file.iter_batches(ROWS_AT_ONCE), str(path))


def arrow_rows(schema: pa.Schema, batches: Iterable[pa.RecordBatch], name: str) -> Iterator[Row | BrokenRow]:
    """The rows of Arrow's batches, counted from 1; `name` is where they stand. Raises UnreadableFile."""
    names = _distinct(schema.names, name)
    line = 0
    for batch in batches:
        columns = [of_arrow(column) for column in batch.columns]
        faults = {place: (name, why) for name, (_, told) in zip(names, columns, strict=True) for place, why in told}
        for place, cells in enumerate(zip(*(cells for cells, _ in columns), strict=True)):
            line += 1
            if faults and place in faults:
                yield BrokenRow(line, Reason.WRONG_SHAPE, "`{}` {}".format(*faults[place]))
            else:
                yield Row(line, dict(zip(names, cells, strict=True)))
