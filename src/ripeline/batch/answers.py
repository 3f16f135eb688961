"""Tables written for others to read: Parquet, CSV or JSONL, by how the file's name ends."""

import gzip
import os
from pathlib import Path
from typing import IO, cast

import msgspec
import pyarrow as pa

from ripeline.batch.sealing import whole
from ripeline.batch.tables import kind
from ripeline.translation import translated

_AT_ONCE = 10_000
_ENDINGS = (".parquet", ".csv", ".jsonl", ".csv.gz", ".jsonl.gz")


class UnwritableFile(Exception):
    """A file that cannot be written: which one and why, in the reader's language."""


def write(table: pa.Table, path: Path) -> None:
    """Write `table` to `path` (`.csv` and `.jsonl` also `.gz`), whole or not at all. Raises as `check` does."""
    check(path)
    writers = {"parquet": write_parquet, "csv": write_csv, "jsonl": write_jsonl}
    with whole(path.resolve()) as out:
        if path.suffix.lower() != ".gz":
            writers[kind(path)](table, out)
            return
        with gzip.GzipFile(fileobj=out, mode="wb") as packed:
            writers[kind(path)](table, cast("IO[bytes]", packed))


def check(path: Path) -> None:
    """What can be known before an answer is there to write: raises UnwritableFile where `write` would."""
    if not path.name.lower().endswith(_ENDINGS):
        raise UnwritableFile(translated("{path}: write .parquet, .csv or .jsonl (the last two also .gz)", path=path))
    folder = path.resolve().parent
    if not folder.is_dir():
        raise UnwritableFile(translated("{path}: there is no folder {folder}", path=path, folder=folder))
    if path.is_dir() or not os.access(folder, os.W_OK):
        raise UnwritableFile(translated("{path}: nothing can be written here", path=path))


def write_parquet(table: pa.Table, out: IO[bytes]) -> None:
    """As Parquet, instants in UTC."""
    import pyarrow.parquet as pq

    texts = [field.name for field in table.schema if field.type == pa.string() and field.name != "lead"]
    pq.write_table(table, out, compression="lz4", use_dictionary=texts)


def write_jsonl(table: pa.Table, out: IO[bytes]) -> None:
    """One JSON object a row, instants in ISO 8601."""
    encoder = msgspec.json.Encoder()
    out.writelines(encoder.encode_lines(batch.to_pylist()) for batch in table.to_batches(_AT_ONCE))


def write_csv(table: pa.Table, out: IO[bytes]) -> None:
    """As CSV with a header, instants in ISO 8601, truth as `true` and `false`, an absent value as nothing."""
    import csv
    from io import TextIOWrapper

    text = TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.column_names)
    for batch in table.to_batches(_AT_ONCE):
        writer.writerows([_cell(value) for value in row.values()] for row in batch.to_pylist())
    text.detach()


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat().replace("+00:00", "Z") if hasattr(value, "isoformat") else value
