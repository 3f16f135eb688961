"""The stages as text: the gate to MQL, the answers of sales, the way back."""

from datetime import timedelta

import msgspec

from ripeline.criteria.condition import Condition
from ripeline.definition.conditions import ConditionReader
from ripeline.definition.findings import Findings, did_you_mean, one_of
from ripeline.definition.model import STAGES, Gate, RejectReason
from ripeline.definition.nodes import Mapping, Scalar, Sequence
from ripeline.definition.places import Place
from ripeline.definition.values import entries, is_empty, key_of, settings, span, text
from ripeline.events.names import folded
from ripeline.translation import translated

SETTINGS = {
    "mql": {
        "when": "the gate: a condition on `total`, on sub-scores by their names, and on facts; the word "
        "`minimum_profile` stands for the condition of that name",
        "at_once": "events that open the gate by themselves, as in `[Demo Requested]`",
        "answer_within": "how long sales may take to accept or reject, as in `4 hours`",
    },
    "sal": {
        "reject_reasons": "the reasons with which sales gives a lead back, each with where it goes: `disqualified`, "
        "`recycled`, or `{recycled: 90 days}` to leave it alone for that time",
    },
    "recycled": {"reset": "the groups in which a recycled lead begins anew"},
    "disqualified": {"returns_by": "the only events that bring a disqualified lead back"},
}
LATER = {
    "mql": ("questions", "stop_above"),
    "sal": ("answer_within", "questions", "at_once", "when"),
    "recycled": ("on_return", "restore", "limits"),
    "disqualified": (),
}
Named = tuple[tuple[str, Place], ...]  # names with the places where they stand
GIVEN_BACK_TO = ("recycled", "disqualified")


class StagesText(msgspec.Struct, frozen=True):
    """The stages as far as they could be read, with the places that later checks point at."""

    mql: Gate | None = None
    reject_reasons: tuple[RejectReason, ...] = ()
    at_once: Named = ()
    resets: Named = ()
    returns_by: Named = ()


class GateWords(msgspec.Struct, frozen=True, kw_only=True):
    """What words mean within a gate; `has_profile` if a minimum profile is written at all, even a broken one."""

    minimum_profile: Condition | None
    has_profile: bool
    scores: tuple[str, ...]

    def field(self, written: str) -> str:
        """The key of the score that `written` names in whichever spelling, else the fact of that name."""
        return next((key for key in self.scores if folded(key) == folded(written)), written)


def stages(place: Place, findings: Findings, words: GateWords) -> StagesText:
    """What stands under `stages`."""
    found = _known_stages(place, findings)
    own = {key: settings(each, findings, SETTINGS[key], later=LATER[key]) for key, each in found.items()}
    sal, recycled, disqualified = (own.get(key, {}) for key in ("sal", "recycled", "disqualified"))
    gate: Gate | None = None
    at_once: Named = ()
    if "mql" in found:
        at_once = _named_places(own["mql"]["at_once"], findings) if "at_once" in own["mql"] else ()
        gate = _gate(found["mql"], own["mql"], findings, _gate_conditions(findings, words), at_once)
    else:
        message = translated("nothing says when a lead becomes an MQL")
        findings.add(place, message, "no-gate", found="", hint="`mql: {when: {total: {at_least: 65}}}`")
    return StagesText(
        mql=gate,
        at_once=at_once,
        reject_reasons=_reject_reasons(sal["reject_reasons"], findings) if "reject_reasons" in sal else (),
        resets=_named_places(recycled["reset"], findings) if "reset" in recycled else (),
        returns_by=_named_places(disqualified["returns_by"], findings) if "returns_by" in disqualified else (),
    )


def _known_stages(place: Place, findings: Findings) -> dict[str, Place]:
    found = entries(place, findings)
    for key in [key for key in found if key not in SETTINGS]:
        place_of_key = found.pop(key)
        if key in STAGES:
            message = translated("unknown setting: this stage has none yet")
            findings.add(place_of_key, message, "unknown-stage", found=key, hint=one_of(SETTINGS))
        else:
            hint = did_you_mean(key, SETTINGS)
            findings.add(place_of_key, translated("unknown stage"), "unknown-stage", found=key, hint=hint)
    return found


def _gate_conditions(findings: Findings, words: GateWords) -> ConditionReader:
    """Reads the conditions of gates, where `minimum_profile` is a word for the condition of that name."""

    def bare(place: Place, word: str) -> Condition | None:
        if word != "minimum_profile":
            guess = did_you_mean(word, ("minimum_profile",))
            findings.add(place, translated("unknown condition"), "unknown-condition", hint=guess)
        elif not words.has_profile:
            hint = "`minimum_profile: [first_name, company]`"
            findings.add(place, translated("no minimum profile is written down"), "no-minimum-profile", hint=hint)
        return words.minimum_profile if word == "minimum_profile" else None

    return ConditionReader(findings, bare=bare, field=words.field)


def _gate(
    place: Place, found: dict[str, Place], findings: Findings, conditions: ConditionReader, at_once: Named
) -> Gate:
    if "when" not in found and not at_once:
        hint = "`when: {total: {at_least: 65}}`"
        findings.add(place, translated("a gate that nothing opens"), "no-gate", hint=hint)
    return Gate(
        opens="mql",
        when=conditions.read(found["when"]) if "when" in found else None,
        at_once=tuple(name for name, _ in at_once),
        answer_within=span(found["answer_within"], findings) if "answer_within" in found else None,
        line=place.line,
    )


def _reject_reasons(place: Place, findings: Findings) -> tuple[RejectReason, ...]:
    reasons = [_reject_reason(key, each, findings) for key, each in entries(place, findings).items()]
    return tuple(reason for reason in reasons if reason is not None)


def _reject_reason(key: str, place: Place, findings: Findings) -> RejectReason | None:
    """`not_a_fit: disqualified`, `no_answer: recycled` or `not_now: {recycled: 90 days}`."""
    key_of(place, key, findings)
    wait: timedelta | None = timedelta(0)
    stage_place = place
    if isinstance(place.node, Mapping):
        found = entries(place, findings)
        if len(found) != 1:
            _leads_nowhere(place, findings)
            return None
        stage, stage_place = next(iter(found.items()))
        if stage == "recycled":
            wait = span(stage_place, findings, above_zero=False)
        elif stage == "disqualified":
            message = translated("who is disqualified waits for nothing")
            findings.add(stage_place, message, "wrong-shape", hint=f"`{key}: disqualified`")
    else:
        stage = place.node.text if isinstance(place.node, Scalar) and not is_empty(place) else ""
    if stage not in GIVEN_BACK_TO:
        _leads_nowhere(stage_place, findings, stage)
        return None
    return None if wait is None else RejectReason(key=key, stage=stage, wait=wait)


def _leads_nowhere(place: Place, findings: Findings, stage: str = "") -> None:
    hint = did_you_mean(stage, GIVEN_BACK_TO) if stage else "`disqualified`, `{recycled: 90 days}`"
    message = translated("a reject reason that leads nowhere")
    findings.add(place, message, "leads-nowhere", found=stage or place.written, hint=hint)


def _named_places(place: Place, findings: Findings) -> Named:
    places = list(place.items()) if isinstance(place.node, Sequence) else [place]
    named = [(text(each, findings), each) for each in places]
    return tuple((name, each) for name, each in named if name is not None)
