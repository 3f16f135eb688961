"""Who may be one person, what was decided about that, and what parting would do."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations

from ripeline.events.instants import instant
from ripeline.server.log.asking.connection import database, rows
from ripeline.server.log.asking.people import rep_names
from ripeline.server.log.persons import in_force
from ripeline.server.log.records import Doubt, IdentityRecord, Parting, RulingRecord
from ripeline.server.log.store import before, rulings
from ripeline.server.log.store import identities as ids
from ripeline.server.log.store.events import listed

MOST_WITH_ONE_PHONE = 5  # who share a number beyond that share a switchboard

_EMAILS = """
SELECT email.value, doubt.noticed_at, strong.lead
FROM doubt
JOIN identity AS email ON email.id = doubt.email
JOIN holder ON holder.email = doubt.email
JOIN identity AS strong ON strong.id = holder.strong
{where}
ORDER BY doubt.id, holder.stated_at, holder.mark
"""
_PHONES = """
SELECT lead.phone AS value, lead.id AS lead FROM lead
WHERE lead.phone <> '' AND lead.merged_into IS NULL AND lead.phone IN (
  SELECT phone FROM lead WHERE phone <> '' {where} GROUP BY phone HAVING count(*) > 1
)
ORDER BY lead.phone, lead.id
"""

Apart = Mapping[int, set[int]]  # by lead, whom somebody keeps apart from them


def doubts() -> list[Doubt]:
    """Everybody who may be the same person as somebody else, and waits for a decision: addresses first, then phones."""
    apart = _apart()
    return [*_by_email(apart, "", {}), *_by_phone(apart, "", {})]


def doubts_about(lead: int) -> list[Doubt]:
    """Those of `doubts` in which `lead` is."""
    mine = {"lead": lead}
    mails = "SELECT holder.email FROM holder JOIN identity ON identity.id = strong WHERE identity.lead = :lead"
    emails = f"WHERE doubt.email IN ({mails})"
    phones = "AND phone = (SELECT phone FROM lead WHERE id = :lead)"
    apart = _apart()
    found = [*_by_email(apart, emails, mine), *_by_phone(apart, phones, mine)]
    return [doubt for doubt in found if lead in doubt.leads]


def decided_about(lead: int) -> list[RulingRecord]:
    """Whom somebody said a lead is not, the newest decision first, and the newest about each."""
    names, left = rep_names(), set(_apart().get(lead, ()))
    theirs = _leads_of(rulings.standing(database()))
    found = []
    for row in rows(_KEPT_APART, {"lead": lead}):
        others = theirs[row["seq"]] & left
        left -= others
        if others:
            at, by = instant(row["at"]), row["by"]
            name = names.get(by, by)
            told = tuple(sorted(others))
            found.append(RulingRecord(seq=row["seq"], others=told, at=at, by=by, by_name=name, reason=row["reason"]))
    return found


def parting(lead: int) -> Parting | None:
    """What parting a lead that is another one now would do; None if it is its own."""
    db = database()
    merge, present = ids.merge_of(db, lead), ids.resolved(db, lead)
    if merge is None or present is None:
        return None
    told = [] if merge.before is None else before.read(merge.before).ids
    found_ids = [row for id in told if (row := ids.with_id(db, id)) is not None and row.kind != "lead"]
    acts = "SELECT count(*) FROM act WHERE lead = ? AND seq >= ? AND undone IS NULL AND act NOT IN ('undo', 'note')"
    return Parting(
        lead=lead,
        survivor=present,
        merged_at=instant(merge.merged_at),
        ids=[IdentityRecord(kind=row.kind, value=row.value, since=None, until=None) for row in found_ids],
        acts=int(db.execute(acts, (present, merge.seq)).fetchone()[0]),
        first=None if merge.survivor == present else merge.survivor,
    )


def newest_ruling(leads: Iterable[int]) -> int:
    """The newest decision about two of `leads`, 0 if there was none."""
    row = rulings.newest_about(database(), sorted(set(leads)))
    return 0 if row is None else row.seq


_KEPT_APART = """
SELECT seq, at, "by", reason FROM ruling WHERE undone IS NULL AND NOT same AND seq IN (
  SELECT ruling FROM ruled_id JOIN identity ON identity.id = ruled_id.identity WHERE identity.lead = :lead
)
ORDER BY seq DESC
"""


def _leads_of(standing: Iterable[rulings.Ruling]) -> dict[int, set[int]]:
    """The leads each decision is about by now."""
    named = [(ruling.seq, id) for ruling in standing for side in ruling.sides for id in side]
    leads = _lead_of(id for _, id in named)
    found: dict[int, set[int]] = defaultdict(set)
    for ruling, id in named:
        found[ruling].add(leads[id])
    return found


def _apart() -> Apart:
    """Whom people keep apart from whom."""
    kept = in_force(rulings.standing(database())).apart
    leads = _lead_of(kept)
    found: dict[int, set[int]] = defaultdict(set)
    for id, others in kept.items():
        found[leads[id]] |= {leads[other] for other in others}
    return found


def _lead_of(ids: Iterable[int]) -> dict[int, int]:
    told = "SELECT id, lead FROM identity WHERE id IN (SELECT value FROM json_each(:ids))"
    return {row["id"]: row["lead"] for row in rows(told, {"ids": listed(sorted(set(ids)))})}


def _by_email(apart: Apart, where: str, values: dict[str, int]) -> list[Doubt]:
    stated: dict[str, tuple[int, dict[int, None]]] = {}
    for row in rows(_EMAILS.format(where=where), values):
        stated.setdefault(row["value"], (row["noticed_at"], {}))[1][row["lead"]] = None
    return [
        Doubt(kind="email", value=email, leads=leads, noticed_at=instant(at))
        for email, (at, holders) in stated.items()
        if (leads := _in_question(holders, apart))
    ]


def _by_phone(apart: Apart, where: str, values: dict[str, int]) -> list[Doubt]:
    having: dict[str, list[int]] = defaultdict(list)
    for row in rows(_PHONES.format(where=where), values):
        having[row["value"]].append(row["lead"])
    return [
        Doubt(kind="phone", value=phone, leads=found, noticed_at=None)
        for phone, leads in having.items()
        if len(leads) <= MOST_WITH_ONE_PHONE and (found := _in_question(leads, apart))
    ]


def _in_question(leads: Iterable[int], apart: Apart) -> tuple[int, ...]:
    """Those of `leads` who are not yet kept apart from all the others."""
    leads = list(leads)
    open_pairs = {lead for pair in combinations(leads, 2) if pair[1] not in apart.get(pair[0], set()) for lead in pair}
    return tuple(lead for lead in leads if lead in open_pairs)
