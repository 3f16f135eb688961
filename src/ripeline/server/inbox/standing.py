"""Where a lead stands for the person who looks at it: does it wait, what would accepting do, who decided."""

from datetime import datetime, timedelta

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ripeline.definition.model import Definition, RejectReason
from ripeline.server.console.words import stage_name
from ripeline.server.leads.happenings import humanized
from ripeline.server.log.commands import Conflict, NotAllowed
from ripeline.server.log.queries import ActRecord, LeadRecord, Rep
from ripeline.server.log.refusals import sentence
from ripeline.server.times import moment


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """`waits`: somebody has to accept or reject. `sentence`: who decided and when, for one that does not."""

    stage: str
    waits: bool
    is_offered: bool
    consequence: str
    sentence: str

    @property
    def key(self) -> str:
        """Changes when what can be done with the lead changes."""
        return "offered" if self.is_offered else self.stage


def standing(lead: LeadRecord, acts: list[ActRecord], *, now: datetime) -> Standing:
    """How the lead stands, from what people did with it (oldest first)."""
    waits = lead.offered or lead.stage == "mql"
    decided = next((act for act in reversed(acts) if act.act in _DECISIONS and not act.undone), None)
    return Standing(
        stage=lead.stage,
        waits=waits,
        is_offered=lead.offered,
        consequence=_consequence(lead) if waits else "",
        sentence=_decided(decided, now=now) if decided else _stands(lead),
    )


_DECISIONS = ("accept", "reject", "take", "won", "lost")


def _consequence(lead: LeadRecord) -> str:
    if lead.offered:
        return _("Accepting makes this a sales accepted lead of yours. No clock runs.")
    return _("Accepting stops the clock and makes this a sales accepted lead.")


def _stands(lead: LeadRecord) -> str:
    return _("This lead is not waiting: its stage is %(stage)s.") % {"stage": stage_name(lead.stage)}


def _decided(act: ActRecord, *, now: datetime) -> str:
    values = {"who": act.by_name or act.by or _("Somebody"), "when": moment(act.at, now=now)}
    if act.act == "reject":
        return _("Rejected by %(who)s, %(when)s: %(reason)s") % {**values, "reason": humanized(act.reason)}
    if act.act == "won":
        return _("Won, recorded by %(who)s, %(when)s") % values
    if act.act == "lost":
        return _("Lost, recorded by %(who)s, %(when)s") % values
    return _("Accepted by %(who)s, %(when)s") % values


def refused(refusal: Conflict | NotAllowed, reps: list[Rep], *, now: datetime) -> str:
    """Why a decision was not taken, in the reader's words."""
    if isinstance(refusal, Conflict):
        return conflict(refusal, reps, now=now)
    return sentence(refusal.why, refusal.values, stage=stage_name)


def conflict(clash: Conflict, reps: list[Rep], *, now: datetime) -> str:
    """Who was faster, when, and where the lead stands now."""
    name = next((rep.name for rep in reps if rep.key == clash.who), clash.who)
    values = {"who": name, "when": moment(clash.when, now=now), "stage": stage_name(clash.stage)}
    if not name:
        return _("The definition moved this lead to %(stage)s, %(when)s.") % values
    return _("%(who)s decided on this lead first, %(when)s; its stage is now %(stage)s.") % values


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """A reject reason as the dialog offers it: its name, and what follows from it."""

    key: str
    title: str
    follows: str


def reasons(definition: Definition | None) -> list[Reason]:
    """The definition's reject reasons in its order."""
    if definition is None:
        return []
    return [
        Reason(key=reason.key, title=humanized(reason.key), follows=_follows(reason))
        for reason in definition.reject_reasons
    ]


def _follows(reason: RejectReason) -> str:
    if reason.stage != "recycled":
        return _("Closed")
    days = reason.wait // timedelta(days=1)
    if not days:
        return _("Nurture")
    return ngettext("Nurture for %(count)s day", "Nurture for %(count)s days", days) % {"count": days}
