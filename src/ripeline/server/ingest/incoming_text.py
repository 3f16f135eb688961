"""Reads a file `DIR/in/NAME.yaml`: strictly, with all problems at once, each with its line."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar, cast, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ripeline.criteria.condition import Condition
from ripeline.criteria.problem import Problem
from ripeline.definition import nodes, values
from ripeline.definition.conditions import ConditionReader
from ripeline.definition.findings import Findings
from ripeline.definition.places import Place, whole
from ripeline.events.pointers import Pointer, pointer
from ripeline.server.ingest.incoming import Fixed, Given, Incoming, Members, Moment, Named, Unit
from ripeline.translation import translated

_PERSON = ("user_id", "email", "anonymous_id")
_KEYS = ("name", "each", "when", "id", "occurred_at", *_PERSON, "external_ids", "facts", "properties")
_UNITS: tuple[str, ...] = get_args(Unit)
T = TypeVar("T")


class IncomingError(Exception):
    """What is wrong with a file: all `problems`, in the order of the text."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def incoming(text: str) -> Incoming:
    """The mapping that `text` describes. Raises IncomingError with every problem.

    >>> incoming("{name: Demo Requested, email: /payload/email}").email.text
    '/payload/email'
    """
    findings = Findings()
    try:
        root = nodes.composed(text)
    except nodes.BrokenTextError as broken:
        raise IncomingError([broken.problem]) from None
    if root is None:
        message = translated("the mapping is empty")
        raise IncomingError([Problem(line=1, path="", message=message, code="empty")])
    found = _Reader(findings).read(whole(root))
    if findings.count or found is None:
        raise IncomingError(findings.problems())
    return found


class _Reader:
    """Reads the parts of one mapping; what is broken is noted and left out."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._conditions = ConditionReader(findings)

    def read(self, place: Place) -> Incoming | None:
        told = values.settings(place, self._findings, _KEYS)
        if not self._has_all(place, told):
            return None
        name = self._name(told["name"])
        ids = list(told["id"].items()) or [told["id"]] if "id" in told else []
        person = {key: self._optional(told, key, self._pointer) for key in _PERSON}
        parts = {
            "each": self._optional(told, "each", self._pointer),
            "when": self._optional(told, "when", self._condition),
            "occurred_at": self._optional(told, "occurred_at", self._moment),
            "id": tuple(at for each in ids if (at := self._pointer(each))),
            "external_ids": self._external(told["external_ids"]) if "external_ids" in told else (),
            "facts": self._members(told["facts"]) if "facts" in told else (),
            "properties": self._members(told["properties"]) if "properties" in told else (),
        }
        return None if name is None else Incoming(name=name, **person, **parts)  # type: ignore[arg-type]  # each by its key

    def _has_all(self, place: Place, told: dict[str, Place]) -> bool:
        missing = []
        if "name" not in told:
            missing.append(("name", translated("what happened: `Demo Requested`, or a pointer such as `/event`")))
        if not {*_PERSON, "external_ids"} & told.keys():
            missing.append(("email", translated("say who: `email`, `user_id`, `anonymous_id` or `external_ids`")))
        for key, hint in missing:
            message = translated("`{key}` is missing", key=key)
            self._findings.add(place, message, "missing-key", found="", hint=hint)
        return not missing

    def _optional(self, told: dict[str, Place], key: str, read: Callable[[Place], T | None]) -> T | None:
        return read(told[key]) if key in told else None

    def _pointer(self, place: Place) -> Pointer | None:
        text = place.node.text if isinstance(place.node, nodes.Scalar) else ""
        try:
            if text:
                return pointer(text)
        except ValueError:
            pass
        self._findings.add(
            place, translated("a pointer into the request belongs here"), "not-a-pointer", hint="`/payload/email`"
        )
        return None

    def _name(self, place: Place) -> Named | Fixed | None:
        if isinstance(place.node, nodes.Mapping):
            told = values.settings(place, self._findings, ("at", "names", "always"))
            if "always" in told:
                return self._fixed(told["always"])
            at = self._at(place, told)
            names = values.entries(told["names"], self._findings) if "names" in told else {}
            table = tuple((key, name) for key, each in names.items() if (name := values.text(each, self._findings)))
            return None if at is None else Named(at, table)
        text = values.text(place, self._findings)
        if text is None:
            return None
        if not text.startswith("/"):
            return Fixed(text)
        at = self._pointer(place)
        return None if at is None else Named(at)

    def _at(self, place: Place, told: dict[str, Place]) -> Pointer | None:
        if "at" in told:
            return self._pointer(told["at"])
        message = translated("`{key}` is missing", key="at")
        self._findings.add(place, message, "missing-key", found="", hint="`at: /payload/event`")
        return None

    def _fixed(self, place: Place) -> Fixed | None:
        if isinstance(place.node, nodes.Scalar) and place.node.value is not None:
            return Fixed(place.node.value)
        self._findings.add(place, translated("a single value belongs here"), "wrong-shape")
        return None

    def _condition(self, place: Place) -> Condition | None:
        condition = self._conditions.read_all(place)
        for leaf in condition.leaves() if condition is not None else ():
            try:
                pointer(leaf.field)
            except ValueError:
                self._findings.add(
                    self._findings.place_of(leaf), translated("a condition here reads a pointer into the request"),
                    "not-a-pointer", found=leaf.field, hint=f"`/{leaf.field}`",
                )  # fmt: skip
        return condition

    def _moment(self, place: Place) -> Moment | None:
        if not isinstance(place.node, nodes.Mapping):
            at = self._pointer(place)
            return None if at is None else Moment(at)
        told = values.settings(place, self._findings, ("at", "format", "timezone"))
        at = self._at(place, told)
        format_ = self._optional(told, "format", self._format) or "iso"
        zone = self._optional(told, "timezone", self._zone)
        if at is None:
            return None
        if format_ in _UNITS:
            return Moment(at, cast(Unit, format_), zone=zone)
        return Moment(at, format=format_, zone=zone)

    def _format(self, place: Place) -> str | None:
        text = values.text(place, self._findings)
        if text is None or text in _UNITS:
            return text
        example = datetime(2026, 3, 1, 9, 30)  # noqa: DTZ001 - only tried out, never kept
        try:
            datetime.strptime(example.strftime(text), text)  # noqa: DTZ007 - as above
            if "%" in text:
                return text
        except ValueError:
            pass
        hint = translated("iso, seconds, milliseconds, or such as `%d.%m.%Y %H:%M`")
        self._findings.add(place, translated("a format that reads no time"), "bad-format", hint=hint)
        return None

    def _zone(self, place: Place) -> ZoneInfo | None:
        name = values.text(place, self._findings)
        try:
            return ZoneInfo(name) if name else None
        except (ZoneInfoNotFoundError, ValueError, OSError):
            hint = "`Europe/Warsaw`"
            self._findings.add(place, translated("no time zone has this name"), "unknown-timezone", hint=hint)
            return None

    def _external(self, place: Place) -> tuple[tuple[str, Pointer], ...]:
        found = [(kind, self._pointer(each)) for kind, each in values.entries(place, self._findings).items()]
        return tuple((kind, at) for kind, at in found if at is not None)

    def _members(self, place: Place) -> Members:
        """Names with their values, or a pointer to an object of which all counts."""
        if isinstance(place.node, nodes.Scalar):
            return self._pointer(place) or ()
        found = [(name, self._given(each)) for name, each in values.entries(place, self._findings).items()]
        return tuple((name, given) for name, given in found if given is not None)

    def _given(self, place: Place) -> Given | None:
        if isinstance(place.node, nodes.Mapping):
            told = values.settings(place, self._findings, ("always",))
            return self._fixed(told["always"]) if "always" in told else None
        text = place.node.text if isinstance(place.node, nodes.Scalar) else ""
        if text.startswith("/"):
            return self._pointer(place)
        hint = translated("`/payload/plan`, or `{always: …}` for the same value every time")
        self._findings.add(place, translated("a pointer into the request belongs here"), "not-a-pointer", hint=hint)
        return None
