"""The text of a definition taken apart: what could be read, and every problem found on the way."""

from collections.abc import Iterator
from datetime import timedelta

import msgspec

from ripeline.criteria.condition import Condition
from ripeline.criteria.exists import Exists
from ripeline.definition import nodes
from ripeline.definition.channel_text import channels
from ripeline.definition.conditions import ConditionReader
from ripeline.definition.findings import Findings
from ripeline.definition.group_text import GroupText, groups
from ripeline.definition.model import HANDOVER_WITHIN, NOT_ACTS, Channel, Definition, Exclusion, Gate
from ripeline.definition.places import Place, whole
from ripeline.definition.stage_text import GateWords, StagesText, stages
from ripeline.definition.values import entries, key_of, names, settings, span, text, truth
from ripeline.definition.zones import did_you_mean_zone, is_zone
from ripeline.translation import translated

SETTINGS = {
    "definition": "its lasting name, of letters, digits, `_` and `-`; texts of one name are versions of one definition",
    "title": "what people call it",
    "timezone": "where days, weeks and months begin, as in `Europe/Warsaw`; `UTC` unless told",
    "minimum_profile": "what must be known of a lead: a list of facts, or of conditions; a gate asks for it by name",
    "channels": "the channel table: rows in order, the first whose `when` holds names the channel of an event",
    "scores": "the groups of criteria, each a sub-score; the total is their sum",
    "excluded": "conditions on facts; a lead for whom one holds passes no gate, whatever the score",
    "stages": "the gate to sales, the answers of sales, and the way back",
    "not_acts": "events that are nobody's doing and move no lead, instead of `[Email Sent, Email Delivered, "
    "Email Bounced]`",
    "visitors_may_qualify": "`true` if visitors may pass the gate before a way to reach them is known",
    "handover_within": "who qualified longer ago than this is offered to sales without a clock; `7 days` unless told",
}
LATER = ("lists", "accounts", "nurture", "content", "temperature", "models")


class Draft(msgspec.Struct, frozen=True):
    """A definition as far as it could be read. `definition` is to be used only if `findings` are none."""

    definition: Definition
    findings: Findings
    groups: tuple[GroupText, ...] = ()
    stages: StagesText = StagesText()

    @property
    def shaky(self) -> frozenset[str]:
        """Groups in which something could not be read, so that nothing is certain about their points."""
        return frozenset(each.group.key for each in self.groups if not each.whole)


def draft(root: nodes.Node | None) -> Draft:
    """Read the definition at `root`; None is an empty text."""
    findings = Findings()
    place = whole(root if root is not None else nodes.Mapping((), 1, 1, 1, 1))
    found = settings(place, findings, SETTINGS, later=LATER)
    if isinstance(place.node, nodes.Mapping):
        return _Reader(place, found, findings).draft()
    return Draft(Definition(key="", title="", timezone="UTC", groups=()), findings)


class _Reader:
    """Reads the parts under the top-level keys `found`."""

    def __init__(self, place: Place, found: dict[str, Place], findings: Findings) -> None:
        self._place = place
        self._found = found
        self._findings = findings

    def draft(self) -> Draft:
        found, findings = self._found, self._findings
        profile = self._minimum_profile()
        key = self._key()
        scores = groups(found["scores"], findings) if "scores" in found else self._missing_scores()
        read = self._stages(profile, scores)
        definition = Definition(
            key=key,
            title=(text(found["title"], findings) if "title" in found else None) or key,
            timezone=self._timezone(),
            groups=tuple(each.group for each in scores),
            minimum_profile=profile,
            channels=self._channels(),
            excluded=tuple(self._excluded()),
            mql=read.mql or Gate(opens="mql"),
            reject_reasons=read.reject_reasons,
            resets=tuple(name for name, _ in read.resets),
            returns_by=tuple(name for name, _ in read.returns_by),
            not_acts=self._not_acts(),
            visitors_may_qualify=self._visitors_may_qualify(),
            handover_within=self._handover_within(),
        )
        return Draft(definition, findings, tuple(scores), read)

    def _missing(self, key: str, message: str, hint: str, *, code: str = "missing") -> None:
        place = Place(key, self._place.node, self._place.line, 0)
        self._findings.add(place, message, code, found="", hint=hint)

    def _key(self) -> str:
        if "definition" not in self._found:
            message = translated("the definition has no name that stays")
            self._missing("definition", message, "`definition: business-software`")
            return ""
        key = text(self._found["definition"], self._findings) or ""
        if key:
            key_of(self._found["definition"], key, self._findings)
        return key

    def _missing_scores(self) -> list[GroupText]:
        hint = "`scores: {fit: {criteria: …}, engagement: {criteria: …}}`"
        self._missing("scores", translated("no scores"), hint)
        return []

    def _timezone(self) -> str:
        if "timezone" not in self._found:
            return "UTC"
        place = self._found["timezone"]
        name = text(place, self._findings)
        if name is None or is_zone(name):
            return name or "UTC"
        hint = did_you_mean_zone(name)
        self._findings.add(place, translated("no such time zone"), "unknown-timezone", hint=hint)
        return "UTC"

    def _minimum_profile(self) -> Condition | None:
        if "minimum_profile" not in self._found:
            return None

        def known(place: Place, word: str) -> Condition | None:
            if not word.strip():
                self._findings.add(place, translated("text belongs here"), "not-text")
                return None
            field = Exists(word.strip())
            self._findings.stands(field, place)
            return field

        return ConditionReader(self._findings, bare=known).read_all(self._found["minimum_profile"])

    def _channels(self) -> tuple[Channel, ...]:
        return channels(self._found["channels"], self._findings) if "channels" in self._found else ()

    def _excluded(self) -> Iterator[Exclusion]:
        places = entries(self._found["excluded"], self._findings) if "excluded" in self._found else {}
        for key, place in places.items():
            key_of(place, key, self._findings)
            when = ConditionReader(self._findings).read(place)
            if when is not None:
                yield Exclusion(key=key, when=when)

    def _stages(self, profile: Condition | None, scores: list[GroupText]) -> StagesText:
        if "stages" not in self._found:
            message = translated("nothing says when a lead becomes an MQL")
            hint = "`stages: {mql: {when: {total: {at_least: 65}}}}`"
            self._missing("stages", message, hint, code="no-gate")
            return StagesText()
        words = GateWords(
            minimum_profile=profile,
            has_profile="minimum_profile" in self._found,
            scores=("total", *(each.group.key for each in scores)),
        )
        return stages(self._found["stages"], self._findings, words)

    def _not_acts(self) -> tuple[str, ...]:
        if "not_acts" not in self._found:
            return NOT_ACTS
        return names(self._found["not_acts"], self._findings)

    def _visitors_may_qualify(self) -> bool:
        place = self._found.get("visitors_may_qualify")
        return bool(truth(place, self._findings)) if place is not None else False

    def _handover_within(self) -> timedelta:
        place = self._found.get("handover_within")
        return (span(place, self._findings) if place is not None else None) or HANDOVER_WITHIN
