"""The explanation of a score as the pages read it: shares for the waterfall, gains for the timeline."""

import msgspec
from django.utils.translation import gettext as _

from ripeline.definition.criterion_wording import name_of
from ripeline.definition.model import Criterion, Definition
from ripeline.events.event import Event
from ripeline.scoring.explain import Explanation, Part
from ripeline.server.leads.evidence import rule_words
from ripeline.server.leads.timeline import Gain, Gains


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """One contribution as it is shown: `given` at first, `points` what is left; they are shown as they are here.

    `criterion` is None for a cap, floor or reset, whose words are `sentence`. `event` is None for a fact.
    """

    group: str
    criterion: Criterion | None
    sentence: str
    event: Event | None
    given: float
    points: float
    is_counted: bool = True


def shares(definition: Definition, told: Explanation) -> list[Share]:
    """Every contribution, cap, floor and reset of an explanation."""
    criteria = {criterion.key: criterion for criterion in definition.criteria}
    return [
        Share(
            group=part.group,
            criterion=criteria.get(part.criterion),
            sentence="" if part.criterion else part.sentence,
            event=part.event if part.kind == "event" else None,
            given=part.given,
            points=part.points,
            is_counted=part.counted,
        )
        for part in told.parts
    ]


def gains(definition: Definition, told: Explanation) -> Gains:
    """What each event gave, by its key: the points at first and what is left of them."""
    words = {criterion.key: rule_words(criterion) for criterion in definition.criteria}
    found: Gains = {}
    notes: dict[tuple[bool, str, bool], str] = {}  # few differ, and a lead may have ten thousand gains
    for part in told.parts:
        if part.event is not None and part.criterion:
            alike = part.counted, part.channel, part.weight != 1
            if alike not in notes:
                notes[alike] = _note(part)
            gain = Gain(
                rule=part.criterion,
                sentence=words[part.criterion],
                given=part.given,
                left=part.points,
                note=notes[alike],
            )
            found.setdefault((part.event.source, part.event.message_id), []).append(gain)
    return found


def _note(part: Part) -> str:
    if not part.counted:
        return _("beyond the limit of the rule")
    if part.channel and part.weight != 1:
        return _("came through “%(channel)s”") % {"channel": name_of(part.channel)}
    return ""
