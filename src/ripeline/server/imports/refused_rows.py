"""The rows an import could not take, in a file beside it: where each stood, why it was refused, and what it says."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import msgspec

from ripeline.batch.filed import RefusedRow

COLUMNS = ("file", "line", "reason", "detail", "row")


class RefusedRows:
    """Keeps refused rows as CSV at `path`, which is there once there is one; what stood there before is gone.

    A row is JSON: its cells by column, or its text where it has none. So no cell begins with what a spreadsheet would
    take for a formula.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._text: TextIOWrapper | None = None
        self._writer: Any = None

    def __call__(self, row: RefusedRow) -> None:
        if self._text is None:
            self._text = TextIOWrapper(self.path.open("wb"), encoding="utf-8", newline="")
            self._writer = csv.writer(self._text, lineterminator="\n")
            self._writer.writerow(COLUMNS)
        self._writer.writerow((row.path, row.line, row.reason.value, row.detail, _said(row.row)))

    def close(self) -> None:
        if self._text is not None:
            self._text.close()


@contextmanager
def refused_rows(path: Path) -> Iterator[RefusedRows]:
    """Rows refused from here on are kept at `path`; those of an earlier import of this file are not."""
    path.unlink(missing_ok=True)
    kept = RefusedRows(path)
    try:
        yield kept
    finally:
        kept.close()


def _said(row: Any) -> str:
    try:
        return msgspec.json.encode(row).decode()
    except (TypeError, ValueError, RecursionError, UnicodeEncodeError):
        return msgspec.json.encode(ascii(row)).decode()
