"""A lead's score at the request, with every contribution, in full values."""

from datetime import datetime

import msgspec

from ripeline.scoring.explain import Part, explain
from ripeline.server.api.answers import Contribution
from ripeline.server.leads.history import moves
from ripeline.server.log import queries


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """The score under `version`; 0 and empty while none is published, or it cannot be read."""

    version: int = 0
    score: float = 0.0
    sub_scores: dict[str, float] = {}
    grade: str = ""
    contributions: list[Contribution] = []


def contributions_of(record: queries.LeadRecord, *, as_of: datetime) -> Reading:
    """What the lead's page shows, as values."""
    version = queries.current_version()
    definition = queries.definition(version.number) if version else None
    if version is None or definition is None:
        return Reading()
    explanation = explain(
        definition,
        queries.history(record.id),
        as_of=as_of,
        transitions=moves(queries.transitions(record.id)),
        reachable=record.reachable,
    )
    score = explanation.score
    return Reading(
        version=version.number,
        score=score.total,
        sub_scores=score.sub_scores,
        grade=score.grade,
        contributions=[_contribution(part) for part in explanation.parts],
    )


def _contribution(part: Part) -> Contribution:
    return Contribution(
        kind=part.kind,
        group=part.group,
        criterion=part.criterion,
        sentence=part.sentence,
        points=part.points,
        given=part.given,
        age_weight=part.weight,
        channel=part.channel,
        counted=part.counted,
        occurred_at=part.at,
        message_id=part.event.message_id if part.event else "",
        note=part.note,
    )
