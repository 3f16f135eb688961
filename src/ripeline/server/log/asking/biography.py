"""One lead: who they are, what happened, and what was done."""

from ripeline.events.event import Event
from ripeline.events.instants import instant
from ripeline.server.log import models, profile
from ripeline.server.log.asking.agreement import named_scores
from ripeline.server.log.asking.connection import database, reader, rows
from ripeline.server.log.asking.people import rep_names
from ripeline.server.log.asking.standing import COMPANY, PRESENT, maybe_instant, shown_name
from ripeline.server.log.records import (
    ActRecord,
    Biography,
    Clock,
    IdentityRecord,
    LeadRecord,
    Mail,
    MergeRecord,
    Transition,
)
from ripeline.server.log.store import identities as ids
from ripeline.server.log.store.connection import can_be_a_row
from ripeline.server.log.store.events import listed

_LEAD = f"""
SELECT lead.name, lead.title, {COMPANY}, lead.email, lead.phone, lead.facts, lead.account, lead.created_at,
       state.reachable,
       state.stage, state.cycle, state.owner, state.total, state.sub_scores, state.grade, state.version,
       state.scored_at, state.newest_at,
       EXISTS (SELECT 1 FROM offer WHERE offer.lead = lead.id AND offer.cycle = state.cycle) AS offered
FROM lead JOIN state ON state.lead = lead.id
WHERE lead.id = :lead AND {PRESENT}
ORDER BY state.definition DESC LIMIT 1
"""


def lead(id: int) -> LeadRecord | None:
    """The lead that has this id now, also by the id of one merged into it; None if there never was one."""
    present = ids.resolved(database(), id)
    row = next(iter(rows(_LEAD, {"lead": present})), None) if present is not None else None
    if present is None or row is None:
        return None
    facts = profile.values(profile.read(row["facts"]))
    ran = clocks(present)
    return LeadRecord(
        id=present,
        name=shown_name(row["name"] or row["email"], present),
        title=row["title"],
        company=row["company"],
        email=row["email"],
        phone=row["phone"],
        facts=facts,
        account=row["account"],
        reachable=bool(row["reachable"] or row["email"] or row["phone"]),
        stage=row["stage"],
        cycle=row["cycle"],
        owner=row["owner"],
        owner_name=rep_names().get(row["owner"], row["owner"]),
        total=row["total"],
        sub_scores=named_scores(row["sub_scores"], row["version"]),
        grade=row["grade"],
        version=row["version"],
        scored_at=instant(row["scored_at"]),
        newest_at=instant(row["newest_at"]),
        created_at=instant(row["created_at"]),
        clock=next((clock for clock in reversed(ran) if clock.stopped_at is None), ran[-1] if ran else None),
        offered=bool(row["offered"]),
    )


def history(lead_id: int, *, limit: int | None = None) -> list[Event]:
    """The lead's events in the order of DESIGN §3, oldest first; only the latest `limit` if given. Acts are apart."""
    present = ids.resolved(database(), lead_id)
    if present is None:
        return []
    events, _ = reader()
    found = events.history(present)
    found.sort(key=lambda event: (event.occurred_at, event.source, event.message_id))
    return found if limit is None else found[max(0, len(found) - limit) :]


def biography(lead_id: int) -> Biography:
    """All that a page of the lead tells, read once."""
    ids, names = _all_ids(lead_id), rep_names()
    return Biography(
        events=history(lead_id),
        transitions=_transitions(ids, names),
        acts=_acts(ids, names),
        merges=_merges(ids, names),
    )


def transitions(lead_id: int) -> list[Transition]:
    """The lead's recorded moves, oldest first, those of leads merged into it among them."""
    return _transitions(_all_ids(lead_id), rep_names())


def _transitions(ids: list[int], names: dict[str, str]) -> list[Transition]:
    found = models.Transition.objects.filter(lead__in=ids).order_by("moved_at", "id")
    undone = {row.undoes for row in found}
    return [
        Transition(
            id=row.id,
            cycle=row.cycle,
            from_stage=row.from_stage,
            to_stage=row.to_stage,
            crossed_at=instant(row.crossed_at),
            moved_at=instant(row.moved_at),
            version=row.version,
            cause=row.cause,
            event=row.event,
            by=row.by,
            by_name=names.get(row.by, row.by),
            reason=row.reason,
            undoes=row.undoes,
            undone=row.id in undone,
            seq=row.seq,
        )
        for row in found
    ]


def acts(lead_id: int) -> list[ActRecord]:
    """What people did with the lead, oldest first."""
    return _acts(_all_ids(lead_id), rep_names())


def _acts(ids: list[int], names: dict[str, str]) -> list[ActRecord]:
    return [
        ActRecord(
            seq=row.seq,
            act=row.act,
            at=instant(row.at),
            by=row.by,
            by_name=names.get(row.by, row.by),
            reason=row.reason,
            note=row.note,
            amount=row.amount,
            currency=row.currency,
            undone=row.undone is not None,
        )
        for row in models.Act.objects.filter(lead__in=ids).order_by("at", "seq")
    ]


def clocks(lead_id: int) -> list[Clock]:
    """The lead's clocks, oldest first."""
    return [
        Clock(
            stage=row.stage,
            cycle=row.cycle,
            assignment=row.assignment,
            rep=row.rep,
            started_at=instant(row.started_at),
            due_at=instant(row.due_at),
            stopped_at=maybe_instant(row.stopped_at),
            stopped_as=row.stopped_as,
            breached_at=maybe_instant(row.breached_at),
        )
        for row in models.Clock.objects.filter(lead__in=_all_ids(lead_id)).order_by("started_at", "id")
    ]


_NAMED = """
SELECT kind, value, NULL AS since, NULL AS until FROM identity
WHERE lead = :lead AND kind IN ('user', 'external', 'email')
"""
_ANONYMOUS = """
WITH spans AS (    -- each interval with the next one's beginning
  SELECT identity, from_at, anchor, lead(from_at) OVER mine AS until, row_number() OVER mine AS place
  FROM interval
  WHERE identity IN (
    SELECT interval.identity FROM interval JOIN identity AS own ON own.id = anchor WHERE own.lead = :lead
  )
  WINDOW mine AS (PARTITION BY identity ORDER BY from_at, mark)
)
SELECT identity.kind, identity.value, CASE WHEN place > 1 THEN from_at END AS since, until
FROM spans JOIN identity ON identity.id = spans.identity JOIN identity AS anchor ON anchor.id = spans.anchor
WHERE anchor.lead = :lead
UNION ALL    -- a visitor nobody was identified on
SELECT kind, value, NULL, NULL FROM identity
WHERE lead = :lead AND kind = 'anonymous' AND NOT EXISTS (SELECT 1 FROM interval WHERE interval.identity = identity.id)
"""
_KINDS = ("user", "external", "email", "anonymous")


def identities(lead_id: int) -> list[IdentityRecord]:
    """The ids by which the lead is known: user ids, external ids, e-mail addresses, then anonymous ids."""
    present = ids.resolved(database(), lead_id)
    found = [*rows(_NAMED, {"lead": present}), *rows(_ANONYMOUS, {"lead": present})]
    found.sort(key=lambda row: (_KINDS.index(row["kind"]), row["since"] or 0, row["value"]))
    return [
        IdentityRecord(
            kind=row["kind"], value=row["value"], since=maybe_instant(row["since"]), until=maybe_instant(row["until"])
        )
        for row in found
    ]


def merges(lead_id: int) -> list[MergeRecord]:
    """Leads that turned out to be this one, oldest first; those who were parted again too."""
    return _merges(_all_ids(lead_id), rep_names())


_MERGES = """
SELECT merge.lead, merge.survivor, merge.merged_at, ruling."by", ruling.reason, parting."by" AS parted_by,
       (SELECT received_at FROM event WHERE event.seq = merge.parted) AS parted_at
FROM merge
LEFT JOIN ruling ON ruling.seq = merge.ruling
LEFT JOIN ruling AS parting ON parting.seq = merge.parted OR parting.undone = merge.parted
WHERE merge.survivor IN (SELECT value FROM json_each(:ids))
ORDER BY merge.id
"""


def _merges(ids: list[int], names: dict[str, str]) -> list[MergeRecord]:
    return [
        MergeRecord(
            lead=row["lead"],
            survivor=row["survivor"],
            merged_at=instant(row["merged_at"]),
            by=row["by"] or "",
            by_name=names.get(row["by"], row["by"]) or "",
            reason=row["reason"] or "",
            parted_at=maybe_instant(row["parted_at"]),
            parted_by=names.get(row["parted_by"], row["parted_by"]) or "",
        )
        for row in rows(_MERGES, {"ids": listed(ids)})
    ]


def mails(lead_id: int) -> list[Mail]:
    """Messages written about the lead, oldest first."""
    return [
        Mail(
            recipient=row.recipient,
            subject=row.subject,
            written_at=instant(row.written_at),
            due_at=instant(row.due_at),
            settled_at=maybe_instant(row.settled_at),
            outcome=row.outcome,
            detail=row.detail,
        )
        for row in models.Outbox.objects.filter(lead__in=_all_ids(lead_id)).order_by("id")
    ]


_ALL_IDS = """
WITH RECURSIVE going(id, merged_into) AS (    -- the id the lead has now
  SELECT id, merged_into FROM lead WHERE id = :lead
  UNION ALL SELECT lead.id, lead.merged_into FROM going JOIN lead ON lead.id = going.merged_into
), one(id) AS (
  SELECT id FROM going WHERE merged_into IS NULL
  UNION SELECT merge.lead FROM one JOIN merge ON merge.survivor = one.id AND merge.parted IS NULL
)
SELECT id FROM one
"""


def _all_ids(lead_id: int) -> list[int]:
    """The lead's id and those of all leads merged into it."""
    return [id for (id,) in database().execute(_ALL_IDS, {"lead": lead_id})] if can_be_a_row(lead_id) else []
