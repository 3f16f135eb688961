"""The cases of `conformance/`, read strictly: a setting that nobody knows is a problem, not a case that passes."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from ripeline.definition import nodes
from ripeline.definition.load import load_node
from ripeline.definition.model import Definition
from ripeline.events.assembly import NAMES
from ripeline.events.decode import decode
from ripeline.events.event import Event
from ripeline.scoring.acts import Act

FOLDER = Path(__file__).resolve().parents[2] / "conformance"

CASE = {"case", "definition", "events", "acts", "as_of", "known_at", "expect"}
EVENT = {
    "id", "name", "occurred_at", "received_at", "lead", "anonymous_id", "group_id", "type", "source", "traits",
    "properties", "context",
}  # fmt: skip
ACT = {"lead", "at", "act", "reason", "by"}
EXPECT = {"score", "grade", "stage", "qualifies", "qualified_at", "cycles", "crossings", "excluded", "skipped"}
SOURCE = "site"


class History(NamedTuple):
    """One lead's events as stored, copies among them, and what people did; named by `lead` one can be reached."""

    events: tuple[Event, ...]
    acts: tuple[Act, ...]
    reachable: bool


class Case(NamedTuple):
    """What happened to some leads, and what every scorer must say of each; None: that there is nobody of that name."""

    name: str
    definition: Definition
    leads: dict[str, History]
    as_of: datetime
    known_at: datetime | None
    expect: dict[str, dict[str, Any] | None]


class CaseError(ValueError):
    """A file of cases that says something nobody understands."""


def all_cases(folder: Path = FOLDER) -> list[Case]:
    return [case for path in sorted(folder.glob("*.yaml")) for case in cases_in(path.read_text("utf-8"), path.name)]


def cases_in(text: str, path: str = "cases.yaml") -> list[Case]:
    """The cases that `text` tells. Raises CaseError, and DefinitionError where a definition is none."""
    root = nodes.composed(text)
    if not isinstance(root, nodes.Sequence):
        raise CaseError(f"{path}: a list of cases belongs here")
    return [_case(item, f"{path}:{item.line}") for item in root.items]


def _case(node: nodes.Node, where: str) -> Case:
    found = _entries(node, CASE, where, required=("case", "definition", "events", "as_of", "expect"))
    name = str(_plain(found["case"]))
    definition = load_node(found["definition"], path=f"{where} {name}")
    events = [_event(item, where) for item in _items(found.get("events"), where)]
    acts = [_act(item, where) for item in _items(found.get("acts"), where)]
    histories = {
        lead: History(
            events=tuple(event for whose, _, event in events if whose == lead),
            acts=tuple(act for whose, act in acts if whose == lead),
            reachable=any(named for whose, named, _ in events if whose == lead),
        )
        for lead in dict.fromkeys([*(whose for whose, _, _ in events), *(whose for whose, _ in acts)])
    }
    expect = dict(_expected(found["expect"], definition, where))
    known_at = _instant(found["known_at"], where) if "known_at" in found else None
    return Case(name, definition, histories, _instant(found["as_of"], where), known_at, expect)


def _event(node: nodes.Node, where: str) -> tuple[str, bool, Event]:
    """Whose event it is, whether it names them as a lead, and the event, put together as the door does."""
    where = f"{where} (line {node.line})"
    found = {key: _plain(value) for key, value in _entries(node, EVENT, where, required=("id", "occurred_at")).items()}
    kind = found.get("type", "track")
    if kind == "track" and "name" not in found:
        raise CaseError(f"{where}: an event without `name`")
    if kind != "track" and found.get("name", NAMES.get(kind)) != NAMES.get(kind):
        raise CaseError(f"{where}: a call of type {kind} is called {NAMES.get(kind)}")
    lead = found.get("lead") or found.get("anonymous_id")
    if not isinstance(lead, str):
        raise CaseError(f"{where}: an event of nobody; say `lead` or `anonymous_id`")
    wire: dict[str, Any] = {
        "messageId": found["id"],
        "type": kind,
        "event": found.get("name"),
        "timestamp": found["occurred_at"],
        "groupId": found.get("group_id"),
        "userId" if "lead" in found else "anonymousId": lead,
        **{part: found[part] for part in ("traits", "properties", "context") if part in found},
    }
    received_at = datetime.fromisoformat(found.get("received_at", found["occurred_at"]))
    event = decode(msgspec.json.encode(wire), source=found.get("source", SOURCE), received_at=received_at)
    if not isinstance(event, Event):
        raise CaseError(f"{where}: {event.detail}")
    return lead, "lead" in found, event


def _act(node: nodes.Node, where: str) -> tuple[str, Act]:
    found = _entries(node, ACT, where, required=("lead", "at", "act"))
    at = _instant(found["at"], where)
    words = {key: str(_plain(found[key])) for key in ("act", "reason", "by") if key in found}
    return str(_plain(found["lead"])), Act(at=at, **words)


def _expected(node: nodes.Node, definition: Definition, where: str) -> Iterator[tuple[str, dict[str, Any] | None]]:
    known = EXPECT | {group.key for group in definition.groups}
    for lead, value in _entries(node, None, where).items():
        if isinstance(value, nodes.Scalar) and value.value is None:
            yield lead, None
            continue
        told = {key: _plain(each) for key, each in _entries(value, known, where).items()}
        if told.get("qualified_at") is not None:
            told["qualified_at"] = datetime.fromisoformat(told["qualified_at"])
        if "crossings" in told:
            told["crossings"] = [at and datetime.fromisoformat(at) for at in told["crossings"]]
        yield lead, told


def _entries(
    node: nodes.Node, known: set[str] | None, where: str, *, required: tuple[str, ...] = ()
) -> dict[str, nodes.Node]:
    if not isinstance(node, nodes.Mapping):
        raise CaseError(f"{where} (line {node.line}): keys with values belong here")
    found: dict[str, nodes.Node] = {}
    for key, value in node.entries:
        text = key.text if isinstance(key, nodes.Scalar) else ""
        if text in found or (known is not None and text not in known):
            raise CaseError(f"{where} (line {key.line}): `{text}` is unknown, or stands here twice")
        found[text] = value
    for setting in required:
        if setting not in found:
            raise CaseError(f"{where} (line {node.line}): `{setting}` is missing")
    return found


def _items(node: nodes.Node | None, where: str) -> tuple[nodes.Node, ...]:
    if node is None:
        return ()
    if not isinstance(node, nodes.Sequence):
        raise CaseError(f"{where} (line {node.line}): a list belongs here")
    return node.items


def _instant(node: nodes.Node, where: str) -> datetime:
    at = datetime.fromisoformat(str(_plain(node)))
    if at.tzinfo is None:
        raise CaseError(f"{where} (line {node.line}): a moment without its offset from UTC")
    return at


def _plain(node: nodes.Node) -> Any:
    if isinstance(node, nodes.Sequence):
        return [_plain(item) for item in node.items]
    if isinstance(node, nodes.Mapping):
        return {key.text: _plain(value) for key, value in node.entries if isinstance(key, nodes.Scalar)}
    return node.value
