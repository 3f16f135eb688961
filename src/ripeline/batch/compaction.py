"""Segments and what was sorted before, sorted anew into files by ranges of identities."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from ripeline.batch.backfill import column_type, padded, with_fields
from ripeline.batch.lake import (
    EVENTS,
    READ_LATER,
    SORTED,
    Lake,
    newest_sorted,
    segments_through,
    sorted_folder,
    sorted_through,
    through,
)
from ripeline.batch.layers import Layers
from ripeline.batch.sealing import EVENT, ROWS_IN_A_GROUP, UNFINISHED, forced, order, sealed

ROWS_IN_A_PART = 1 << 18  # what is coded and folded at a time: a million rows cost a third more, not fitting a cache
WORTH_IT = 0.2  # of what is sorted; compacting earlier would write the same rows again and again


def compact(lake: Lake, *, rows_in_a_part: int = ROWS_IN_A_PART) -> int:
    """Sort everything mirrored so far by identity; answers the number up to which it went.

    Works through one range of identities after the other, so memory holds about `rows_in_a_part` rows. Columns that
    were read of any file are read of all. A crash on the way changes nothing: the folder of the new files gets its name
    when it is whole, and only then the files it replaces are deleted.
    """
    _delete_replaced(lake)
    before = lake.contents()
    end = through(before)
    if not before.segments:
        return end
    fields = sorted({field for path in before.files for field in Layers(path).fields})
    inputs = [Layers(path).filled(fields) for path in before.files]
    folder = sorted_folder(lake.folder, end)
    unfinished = folder.with_name(folder.name + UNFINISHED)
    unfinished.mkdir(parents=True)
    for number, (low, high) in enumerate(_ranges(inputs, rows_in_a_part)):
        _write_part(unfinished / f"{number:05}.parquet", inputs, low, high, fields)
    unfinished.rename(folder)
    forced(lake.folder)
    _delete_replaced(lake)
    return end


def worth_compacting(lake: Lake) -> bool:
    """Whether so much has come since the last time that sorting it again pays."""
    contents = lake.contents()
    sorted_rows, new_rows = (sum(_rows(path) for path in paths) for paths in contents)
    return new_rows > max(ROWS_IN_A_GROUP, WORTH_IT * sorted_rows)


def _rows(path: Path) -> int:
    return sum(rows for _, _, rows in Layers(path).identities())


def _write_part(path: Path, inputs: list[Layers], low: int, high: int, fields: list[str]) -> None:
    tables = [layers.between(low, high, EVENT.names, fields=fields) for layers in inputs]
    if not any(table.num_rows for table in tables):
        return  # ranges are drawn by estimate, and of a file without rows nobody could say whose it holds
    names = sorted({name for table in tables for name in table.column_names} - set(EVENT.names))
    schema = with_fields(pa.schema([*EVENT, *((name, column_type(name)) for name in names)]), fields)
    whole = pa.concat_tables([padded(table, schema) for table in tables])
    sealed(path, [whole.take(order(whole))], schema)


def _ranges(inputs: list[Layers], rows_in_a_part: int) -> Iterator[tuple[int, int]]:
    """Ranges of identities with about `rows_in_a_part` rows each, by what the row groups say of themselves."""
    groups = np.array([group for layers in inputs for group in layers.identities()], np.int64)
    low, high = int(groups[:, 0].min()), int(groups[:, 1].max()) + 1
    steps_within = 16 * int(groups[:, 2].sum() / rows_in_a_part + 1)
    edges = np.unique(np.linspace(low, high, steps_within + 1).astype(np.int64))
    spread = groups[:, 2] / (groups[:, 1] - groups[:, 0] + 1)
    reach = np.clip(edges[:, None] - groups[:, 0], 0, groups[:, 1] - groups[:, 0] + 1)
    rows_below = (reach * spread).sum(axis=1)
    steps = np.arange(rows_in_a_part, rows_below[-1], rows_in_a_part)
    cuts = np.unique([low, *edges[np.searchsorted(rows_below, steps)].tolist(), high])
    yield from zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True)


def _delete_replaced(lake: Lake) -> None:
    """Delete what the newest sorted folder replaces, and what a crash left unfinished.

    Whoever has a file open reads on; whoever comes to open it asks the lake again.
    """
    newest = newest_sorted(lake.folder)
    for folder in lake.folder.glob(f"{SORTED}*"):
        if folder != newest:
            shutil.rmtree(folder, ignore_errors=True)  # somebody may add a column this moment: the next time then
    for path in segments_through(lake.folder, sorted_through(newest) if newest else 0):
        for layer in reversed(Layers(path).paths):
            layer.unlink()
    for layer in (lake.folder / EVENTS).glob(f"*{READ_LATER}*"):
        if not layer.with_name(f"{layer.name.partition(READ_LATER)[0]}.parquet").exists():
            layer.unlink(missing_ok=True)  # somebody wrote it while the file itself was deleted, or died writing it
