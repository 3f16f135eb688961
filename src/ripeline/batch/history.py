"""The history that files tell, for a log to take in: events one after the other, then outcomes, in bounded memory."""

from collections.abc import Iterable, Iterator

from ripeline.batch.csv_records import BrokenRow
from ripeline.batch.filed import Filed, RefusedRow
from ripeline.batch.files import Paths, chosen, events_of
from ripeline.batch.mapping import Mapping
from ripeline.batch.messages import from_source
from ripeline.batch.tables import Row, kind, rows, typed
from ripeline.events.reason import Reason

OURS = "ripeline"  # the source of what people do in the product


class History:
    """The events of files, read once; `rows` counts what was read of them by now.

    A row without a source of its own comes from `source`. Raises UnreadableFile and MappingError as `files.read`.
    """

    def __init__(self, paths: Paths, mapping: Mapping | None = None, *, source: str = "") -> None:
        self.rows = 0
        self._files = chosen(paths, mapping)
        self._source = source

    def __iter__(self) -> Iterator[Filed | RefusedRow]:
        for path, name, mapped in self._files:
            told = events_of(self._counted(rows(path)), name, mapped, typed=typed(kind(path)), logged=True)
            for each in told:
                yield self._of_its_source(each, name) if isinstance(each, Filed) else each

    def _counted(self, told: Iterable[Row | BrokenRow]) -> Iterator[Row | BrokenRow]:
        for row in told:
            self.rows += 1
            self._line = row.line
            yield row

    def _of_its_source(self, told: Filed, name: str) -> Filed | RefusedRow:
        event = from_source(told.event, self._source)
        if event.source == OURS:
            detail = f"`source` {OURS} is the product's own; name where the event came from"
            return RefusedRow(name, self._line, Reason.WRONG_SHAPE, detail, event.body.decode())
        return Filed(told.lead, event)
