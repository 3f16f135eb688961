"""One example lead as text: facts, events, acts, a moment, and what is expected then."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from ripeline.definition import nodes
from ripeline.definition.findings import Findings, did_you_mean
from ripeline.definition.model import STAGES, Definition
from ripeline.definition.places import Place
from ripeline.definition.values import entries, has_keys, names, number, settings, text, truth
from ripeline.events.event import Event
from ripeline.events.facts import flattened
from ripeline.events.names import folded
from ripeline.translation import translated

SETTINGS = {
    "case": "what the example shows, in a sentence",
    "lead": "facts known of the lead from the start, as in `{title: Head of Sales, email: ada@firm.example}`",
    "events": "what happened: `{at: 2026-03-02 09:00, name: Page Viewed, path: /pricing, times: 4}`; `times` is how "
    "often at that moment, `source` where it came from, `facts` what became known then; every other key is a property",
    "acts": "what people did: `{at: 2026-03-03, act: reject, reason: not_now}`; an act is `accept`, `reject`, `take`, "
    "`won`, `lost` or `undo`",
    "as_of": "the moment at which the score is read",
    "expect": "what it must be: numbers for `total` and sub-scores, `stage`, `grade`, `qualifies: true`, lists for "
    "`why_not` and `excluded`; what is not named is not compared",
}
ACT_SETTINGS = ("at", "act", "by", "reason")
ACTS = ("accept", "reject", "take", "won", "lost", "undo")
MOST_TIMES = 1000
SOURCE = "case"
LEAD = "example"

# What an example may expect beside sub-scores; see `Case`.
EXPECTABLE = ("total", "stage", "grade", "qualifies", "why_not", "excluded")

Expected = float | str | bool | tuple[str, ...]


class CaseAct(msgspec.Struct, frozen=True, kw_only=True):
    """What a person did with the lead: one of `ACTS`, a rejection with its reason."""

    at: datetime
    act: str
    by: str = ""
    reason: str = ""


class CaseTold(msgspec.Struct, frozen=True, kw_only=True):
    """A case as it was read."""

    name: str
    events: tuple[Event, ...]
    acts: tuple[CaseAct, ...]
    as_of: datetime
    expect: dict[str, Expected]


class CaseReader:
    """Reads one case, noting its problems."""

    def __init__(self, place: Place, findings: Findings, *, zone: ZoneInfo, definition: Definition | None) -> None:
        self._place = place
        self._findings = findings
        self._zone = zone
        self._definition = definition

    def read(self) -> CaseTold | None:
        """The case, or None with problems noted."""
        if not has_keys(self._place, self._findings):
            return None
        before = self._findings.count
        found = settings(self._place, self._findings, SETTINGS)
        for key, sample in (("case", "what it shows"), ("as_of", "2026-03-02 18:00"), ("expect", "{total: 20}")):
            if key not in found:
                message = translated("a case without `{key}`", key=key)
                self._findings.add(self._place, message, "missing", hint=f"`{key}: {sample}`")
        name = text(found["case"], self._findings) if "case" in found else None
        as_of = self._instant(found["as_of"]) if "as_of" in found else None
        events = [event for each in self._listed(found, "events") for event in self._events(each)]
        acts = [act for each in self._listed(found, "acts") for act in self._acts(each)]
        expect = self._expect(found["expect"]) if "expect" in found else {}
        if self._findings.count > before or name is None or as_of is None:
            return None
        first = (
            self._known(found["lead"], min([as_of, *(event.occurred_at for event in events)]))
            if "lead" in found
            else []
        )
        return CaseTold(
            name=name, events=tuple(_numbered([*first, *events])), acts=tuple(acts), as_of=as_of, expect=expect
        )

    def _listed(self, found: dict[str, Place], key: str) -> Iterator[Place]:
        if key not in found:
            return
        if not isinstance(found[key].node, nodes.Sequence):
            self._findings.add(
                found[key], translated("a list belongs here"), "wrong-shape", hint=f"`{key}: [{{at: …}}]`"
            )
        yield from found[key].items()

    def _instant(self, place: Place) -> datetime | None:
        """A moment; without an offset in the definition's time zone."""
        written = place.node.text if isinstance(place.node, nodes.Scalar) else ""
        try:
            moment = datetime.fromisoformat(written.strip())
            local = moment if moment.tzinfo is not None else moment.replace(tzinfo=self._zone)
            return local.astimezone(UTC)
        except (ValueError, OverflowError):
            hint = "`2026-03-02 09:00`, `2026-03-02T09:00:00Z`"
            self._findings.add(place, translated("a day or a moment belongs here"), "not-an-instant", hint=hint)
            return None

    def _known(self, place: Place, at: datetime) -> list[Event]:
        """What is known of the lead from the start, stated at the instant of what comes first."""
        facts = {key: _plain(each.node) for key, each in entries(place, self._findings).items()}
        return [_event("identify", "Identified", at, facts=flattened(facts))] if facts else []

    def _events(self, place: Place) -> Iterator[Event]:
        """`{at, name, times, source, facts}` and properties; `times` says how often it happened at that moment."""
        if not has_keys(place, self._findings):
            return
        found = entries(place, self._findings)
        missing = [key for key in ("at", "name") if key not in found and not (key == "name" and "facts" in found)]
        for key in missing:
            message = translated("an event without `{key}`", key=key)
            self._findings.add(place, message, "missing", hint="`{at: 2026-03-02 09:00, name: Page Viewed}`")
        at = self._instant(found.pop("at")) if "at" in found else None
        facts = self._facts(found.pop("facts")) if "facts" in found else {}
        name = text(found.pop("name"), self._findings) if "name" in found else "Identified"
        times = self._times(found.pop("times")) if "times" in found else 1
        source = text(found.pop("source"), self._findings) if "source" in found else SOURCE
        properties = {key: _plain(each.node) for key, each in found.items()}
        if missing or at is None or name is None or source is None:
            return
        kind = {"pageviewed": "page", "identified": "identify"}.get(folded(name), "track")
        for _ in range(times):
            yield _event(kind, name, at, source=source, facts=facts, properties=properties)

    def _facts(self, place: Place) -> dict[str, Any]:
        return flattened({key: _plain(each.node) for key, each in entries(place, self._findings).items()})

    def _times(self, place: Place) -> int:
        count = number(place, self._findings)
        if count is not None and not (count.is_integer() and 1 <= count <= MOST_TIMES):
            message = translated("a whole number from 1 to {most} belongs here", most=MOST_TIMES)
            self._findings.add(place, message, "absurd-number")
            return 1
        return int(count or 1)

    def _acts(self, place: Place) -> Iterator[CaseAct]:
        if not has_keys(place, self._findings):
            return
        found = settings(place, self._findings, ACT_SETTINGS)
        for key in [key for key in ("at", "act") if key not in found]:
            message = translated("an act without `{key}`", key=key)
            self._findings.add(place, message, "missing", hint="`{at: 2026-03-02 09:00, act: accept}`")
        at = self._instant(found["at"]) if "at" in found else None
        act = self._one_of(found["act"], ACTS, translated("no such act")) if "act" in found else None
        by = text(found["by"], self._findings) if "by" in found else ""
        reason = self._reason(found, act, place)
        if at is not None and act is not None:
            yield CaseAct(at=at, act=act, by=by or "", reason=reason)

    def _reason(self, found: dict[str, Place], act: str | None, place: Place) -> str:
        known = tuple(each.key for each in self._definition.reject_reasons) if self._definition is not None else None
        if "reason" in found and known is not None:
            return self._one_of(found["reason"], known, translated("no such reject reason")) or ""
        if "reason" in found:
            return text(found["reason"], self._findings) or ""
        if act == "reject":
            message = translated("a rejection without its reason")
            self._findings.add(place, message, "missing", hint=did_you_mean("", known or ()))
        return ""

    def _one_of(self, place: Place, known: tuple[str, ...], message: str) -> str | None:
        written = text(place, self._findings)
        if written is not None and written not in known:
            self._findings.add(place, message, "unknown-name", hint=did_you_mean(written, known))
            return None
        return written

    def _expect(self, place: Place) -> dict[str, Expected]:
        found = entries(place, self._findings)
        if not found:
            hint = "`expect: {total: 20}`"
            self._findings.add(place, translated("a case that expects nothing"), "missing", hint=hint)
        if self._definition is not None:
            known = (*(group.key for group in self._definition.groups), *EXPECTABLE)
            for key in [key for key in found if key not in known]:
                guess = did_you_mean(key, known)
                self._findings.add(found.pop(key), translated("unknown setting"), "unknown-key", found=key, hint=guess)
        expected = {key: self._expected(key, each) for key, each in found.items()}
        return {key: value for key, value in expected.items() if value is not None}

    def _expected(self, key: str, place: Place) -> Expected | None:
        if key == "stage":
            return self._one_of(place, STAGES, translated("no such stage"))
        if key == "grade":  # a grade may look like a number
            return place.node.text if isinstance(place.node, nodes.Scalar) else text(place, self._findings)
        if key == "qualifies":
            return truth(place, self._findings)
        if key in ("why_not", "excluded"):
            return names(place, self._findings)
        return number(place, self._findings)


def _plain(node: nodes.Node) -> Any:
    """A value as JSON would send it."""
    if isinstance(node, nodes.Sequence):
        return [_plain(item) for item in node.items]
    if isinstance(node, nodes.Mapping):
        return {key.text: _plain(value) for key, value in node.entries if isinstance(key, nodes.Scalar)}
    return node.value


def _event(
    kind: str,
    name: str,
    at: datetime,
    *,
    source: str = SOURCE,
    facts: dict[str, Any] | None = None,
    properties: dict[str, Any] | None = None,
) -> Event:
    return Event(
        source=source,
        message_id="",
        kind=kind,
        name=name,
        occurred_at=at,
        received_at=at,
        user_id=LEAD,
        facts=facts or {},
        properties=properties or {},
    )


def _numbered(events: list[Event]) -> Iterator[Event]:
    """Events with ids in the order in which they were told, which orders those of one instant and source."""
    for count, event in enumerate(events):
        yield msgspec.structs.replace(event, message_id=f"{count:06}")
