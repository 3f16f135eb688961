"""Events of files in the order in which they happened, however many there are: sorted by runs on disk, then merged."""

from collections.abc import Iterable, Iterator
from heapq import merge
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import msgspec

from ripeline.batch.filed import Filed

AT_ONCE = 20_000  # events of a run, in memory together
_MOST_BYTES = 32 * 2**20  # of their messages
_READ_AT_ONCE = 64  # of each run, while runs are merged

_encoded = msgspec.msgpack.Encoder().encode
_decoded = msgspec.msgpack.Decoder(list[Filed]).decode


def in_order(told: Iterable[Filed], folder: Path | None = None) -> Iterator[Filed]:
    """`told` by (`occurred_at`, source, id), once all of it was read; what does not fit in memory waits in `folder`.

    A lead's history that comes in order is folded once. Out of order, each part would fold again what came before it.
    """
    runs: list[IO[Any]] = []
    try:
        for run in _runs(told):
            if len(run) == 0:
                continue
            runs.append(_written(run, folder))
        yield from merge(*map(_read, runs), key=_moment)
    finally:
        for run_file in runs:
            run_file.close()


def _runs(told: Iterable[Filed]) -> Iterator[list[Filed]]:
    run: list[Filed] = []
    size = 0
    for each in told:
        run.append(each)
        size += len(each.event.body)
        if len(run) >= AT_ONCE or size >= _MOST_BYTES:
            yield sorted(run, key=_moment)
            run, size = [], 0
    yield sorted(run, key=_moment)


def _moment(told: Filed) -> tuple[Any, ...]:
    return told.event.occurred_at, told.event.source, told.event.message_id


def _written(run: list[Filed], folder: Path | None) -> IO[Any]:
    """The run in a file without a name: it goes with the process, however that ends."""
    out = TemporaryFile(dir=folder)  # noqa: SIM115 - whoever merges the runs closes it
    for first in range(0, len(run), _READ_AT_ONCE):
        packed = _encoded(run[first : first + _READ_AT_ONCE])
        out.write(len(packed).to_bytes(4))
        out.write(packed)
    out.seek(0)
    return out


def _read(run: IO[Any]) -> Iterator[Filed]:
    while size := run.read(4):
        yield from _decoded(run.read(int.from_bytes(size)))
