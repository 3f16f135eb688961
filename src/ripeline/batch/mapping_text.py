"""Reads a mapping file: strictly, with all problems at once, each with its line."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar, cast, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ripeline.batch.mapping import As, Cell, EventOf, Fixed, MappedFile, Mapping, Moment, RowsOf, When
from ripeline.criteria.condition import Condition
from ripeline.criteria.problem import Problem
from ripeline.definition import nodes, values
from ripeline.definition.conditions import ConditionReader
from ripeline.definition.findings import Findings
from ripeline.definition.places import Place, whole
from ripeline.events.skew import told_instant
from ripeline.translation import translated

_SHARED = ("source", "missing")
_ROWS = (
    *_SHARED, "lead", "user_id", "anonymous_id", "id", "occurred_at", "received_at", "facts", "events",
)  # fmt: skip
_EVENT = ("name", "properties", "occurred_at", "when")
_CELL = ("column", "as", "separator", "always")
_MOMENT = ("column", "format", "timezone", "always")
T = TypeVar("T")
_TYPES = tuple(name for name in get_args(As) if name)


class MappingError(Exception):
    """What is wrong with a mapping file: all `problems`, in the order of the text."""

    def __init__(self, path: str, problems: list[Problem]) -> None:
        super().__init__("\n".join(f"{path}: {problem}" for problem in problems))
        self.path = path
        self.problems = problems


def read_mapping(path: Path | str) -> Mapping:
    """The mapping in a file. Raises MappingError, and OSError where it cannot be opened."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        message = translated("the file is not UTF-8 text")
        raise MappingError(str(path), [Problem(line=1, path="", message=message, code="not-text")]) from None
    return mapping(text, path=str(path))


def mapping(text: str, *, path: str = "map.yaml") -> Mapping:
    """The mapping that `text` describes. Raises MappingError with every problem.

    >>> found = mapping("{lead: person, id: nr, occurred_at: day, events: [{name: {always: Visited}}]}")
    >>> found.of("visits.csv").lead.column
    'person'
    """
    findings = Findings()
    try:
        root = nodes.composed(text)
    except nodes.BrokenTextError as broken:
        raise MappingError(path, [broken.problem]) from None
    if root is None:
        message = translated("the mapping is empty")
        raise MappingError(path, [Problem(line=1, path="", message=message, code="empty")])
    files = _Reader(findings).files(whole(root))
    if findings.count:
        raise MappingError(path, findings.problems())
    return Mapping(path=path, files=files)


class _Reader:
    """Reads the parts of one mapping; what is broken is noted and left out."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._conditions = ConditionReader(findings)

    def files(self, place: Place) -> tuple[MappedFile, ...]:
        told = values.entries(place, self._findings)
        if "files" not in told:
            rows = self._rows(place, values.settings(place, self._findings, _ROWS), {})
            return (MappedFile(pattern="*", line=place.line, rows=rows),) if rows else ()
        shared = values.settings(place, self._findings, ("files", *_SHARED))
        found = []
        for pattern, each in values.entries(shared.pop("files"), self._findings).items():
            rows = self._rows(each, values.settings(each, self._findings, _ROWS), shared)
            if rows is not None:
                found.append(MappedFile(pattern=pattern, line=each.line, rows=rows))
        return tuple(found)

    def _rows(self, place: Place, told: dict[str, Place], shared: dict[str, Place]) -> RowsOf | None:
        told = {**shared, **told}
        if not self._has_all(place, told):
            return None
        occurred_at = self._when(told["occurred_at"])
        facts = self._values(told["facts"]) if "facts" in told else ()
        events = self._events(told["events"]) if "events" in told else ()
        if occurred_at is None:
            return None
        return RowsOf(
            occurred_at=occurred_at,
            source=self._optional(told, "source", self._text) or "file",
            lead=self._optional(told, "lead", self._cell),
            user_id=self._optional(told, "user_id", self._cell),
            anonymous_id=self._optional(told, "anonymous_id", self._cell),
            id=tuple(cell for each in self._several(told, "id") if (cell := self._cell(each))),
            received_at=self._when(told["received_at"]) if "received_at" in told else None,
            missing=frozenset(self._word(each) for each in self._several(told, "missing")),
            facts=facts,
            events=events,
        )

    def _has_all(self, place: Place, told: dict[str, Place]) -> bool:
        missing = []
        if "occurred_at" not in told:
            missing.append(("occurred_at", translated("say when: the column of the time, or `{always: …}`")))
        if not {"lead", "user_id", "anonymous_id"} & told.keys():
            missing.append(("lead", translated("say who: the column of `lead`, `user_id` or `anonymous_id`")))
        if not {"facts", "events"} & told.keys():
            missing.append(("events", translated("say what: `events`, `facts` or both")))
        for key, hint in missing:
            message = translated("`{key}` is missing", key=key)
            self._findings.add(place, message, "missing-key", found="", hint=hint)
        return not missing

    def _optional(self, told: dict[str, Place], key: str, read: Callable[[Place], T | None]) -> T | None:
        return read(told[key]) if key in told else None

    def _several(self, told: dict[str, Place], key: str) -> list[Place]:
        if key not in told:
            return []
        return list(told[key].items()) or [told[key]]

    def _text(self, place: Place) -> str | None:
        return values.text(place, self._findings)

    def _word(self, place: Place) -> str:
        """The text of a cell as written; an empty one is `""`."""
        if isinstance(place.node, nodes.Scalar):
            return place.node.text
        self._findings.add(place, translated("text belongs here"), "not-text")
        return ""

    def _events(self, place: Place) -> tuple[EventOf, ...]:
        return tuple(event for each in list(place.items()) or [place] if (event := self._event(each)))

    def _event(self, place: Place) -> EventOf | None:
        told = values.settings(place, self._findings, _EVENT)
        if "name" not in told:
            hint = translated("a column, or `{always: Form Submitted}`")
            self._findings.add(place, translated("`{key}` is missing", key="name"), "missing-key", found="", hint=hint)
            return None
        name = self._value(told["name"])
        when = self._optional(told, "when", self._condition)
        properties = self._values(told["properties"]) if "properties" in told else ()
        occurred_at = self._when(told["occurred_at"]) if "occurred_at" in told else None
        return None if name is None else EventOf(name=name, properties=properties, occurred_at=occurred_at, when=when)

    def _condition(self, place: Place) -> Condition | None:
        return self._conditions.read(place)

    def _values(self, place: Place) -> tuple[tuple[str, Cell | Fixed], ...]:
        """Names with their columns; a list of columns keeps their names."""
        if isinstance(place.node, nodes.Sequence):
            cells = [cell for each in place.items() if (cell := self._cell(each))]
            return tuple((cell.column, cell) for cell in cells)
        found = [(name, self._value(each)) for name, each in values.entries(place, self._findings).items()]
        return tuple((name, value) for name, value in found if value is not None)

    def _cell(self, place: Place) -> Cell | None:
        found = self._value(place)
        if isinstance(found, Fixed):
            message = translated("a column belongs here, not the same value for every row")
            self._findings.add(place, message, "wrong-shape")
            return None
        return found

    def _value(self, place: Place) -> Cell | Fixed | None:
        if not isinstance(place.node, nodes.Mapping):
            return self._plain_cell(place)
        told = values.settings(place, self._findings, _CELL)
        if "always" in told:
            return self._always(told["always"])
        cell = self._column(place, told)
        if cell is None or "as" not in told:
            return cell
        as_ = values.text(told["as"], self._findings)
        if as_ is not None and as_ not in _TYPES:
            hint = translated("one of: {words}", words=", ".join(_TYPES))
            self._findings.add(told["as"], translated("unknown type"), "unknown-type", hint=hint)
        separator = self._word(told["separator"]) if "separator" in told else ","
        return Cell(
            column=cell.column, line=cell.line, path=cell.path, as_=cast(As, as_ or ""), separator=separator or ","
        )

    def _always(self, place: Place) -> Fixed | None:
        if isinstance(place.node, nodes.Scalar) and place.node.value is not None:
            return Fixed(place.node.value)
        self._findings.add(place, translated("a single value belongs here"), "wrong-shape")
        return None

    def _column(self, place: Place, told: dict[str, Place]) -> Cell | None:
        if "column" in told:
            return self._plain_cell(told["column"])
        hint = translated("`{column: …}` or `{always: …}`")
        self._findings.add(place, translated("`{key}` is missing", key="column"), "missing-key", found="", hint=hint)
        return None

    def _plain_cell(self, place: Place) -> Cell | None:
        if isinstance(place.node, nodes.Scalar) and place.node.text.strip():
            return Cell(column=place.node.text, line=place.node.line, path=place.path)
        hint = translated("`{column: …}` or `{always: …}`")
        self._findings.add(place, translated("the name of a column belongs here"), "wrong-shape", hint=hint)
        return None

    def _when(self, place: Place) -> When | None:
        if not isinstance(place.node, nodes.Mapping):
            cell = self._plain_cell(place)
            return None if cell is None else Moment(cell=cell)
        told = values.settings(place, self._findings, _MOMENT)
        if "always" in told:
            return self._instant(told["always"])
        cell = self._column(place, told)
        zone = self._optional(told, "timezone", self._zone)
        format_ = self._optional(told, "format", self._format)
        return None if cell is None else Moment(cell=cell, format=format_, zone=zone)

    def _instant(self, place: Place) -> Fixed | None:
        try:
            at: Any = told_instant(self._word(place))
        except (ValueError, OverflowError):
            at = None
        if at is None:
            hint = "`2026-03-01T09:30:00Z`"
            self._findings.add(place, translated("a time in ISO 8601 belongs here"), "not-a-time", hint=hint)
            return None
        return Fixed(at)

    def _zone(self, place: Place) -> ZoneInfo | None:
        name = values.text(place, self._findings)
        try:
            return ZoneInfo(name) if name else None
        except (ZoneInfoNotFoundError, ValueError, OSError):
            hint = "`Europe/Warsaw`"
            self._findings.add(place, translated("no time zone has this name"), "unknown-timezone", hint=hint)
            return None

    def _format(self, place: Place) -> str | None:
        text = values.text(place, self._findings)
        example = datetime(2026, 3, 1, 9, 30)  # noqa: DTZ001 - only tried out, never kept
        try:
            if text is not None:
                datetime.strptime(example.strftime(text), text)  # noqa: DTZ007 - as above
        except ValueError as problem:
            message = translated("a format that reads no time: {problem}", problem=problem)
            self._findings.add(place, message, "bad-format", hint="`%d.%m.%Y %H:%M`")
        return text
