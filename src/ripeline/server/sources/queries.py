"""What the page of sources says, as words; other rooms ask here for the lines that connect one."""

from datetime import datetime, timedelta

import msgspec
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ripeline.events.reason import Reason, explained
from ripeline.server.figures import figure
from ripeline.server.log import queries as log
from ripeline.server.sources.lines import PLACEHOLDER, Line, lines
from ripeline.server.times import DAY, MINUTE, ago, length

QUIET = DAY  # without an event, a source that sent some is worth a look
ENOUGH = 30  # messages, before a share of them says anything


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """How many messages a reason refused, and what it means."""

    reason: str
    count: str
    meaning: str


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A source as the page shows it.

    `tone` is good while events come, warn once they stopped, and empty before the first under this key.
    """

    id: int
    name: str
    hint: str
    tone: str
    state: str
    last_at: datetime | None
    last: str
    event: str
    lead: int | None
    lead_name: str
    events: str
    minute: str
    hour: str
    day: str
    lag: str
    refused: str
    reasons: list[Share]
    demand: str
    heeds: bool


def sources(*, now: datetime) -> list[Source]:
    """Every source, the latest event first."""
    return [_shown(record, now=now) for record in log.sources(now=now)]


def source(id: int, *, now: datetime) -> Source | None:
    """One source; None where no write key in force has this id."""
    record = log.source(id, now=now)
    return None if record is None else _shown(record, now=now)


def connecting(request: HttpRequest, *, key: str = PLACEHOLDER) -> list[Line]:
    """What to paste to send to this server, by the address under which people reach it."""
    return lines(key=key, origin=settings.CONFIGURATION.workspace.address or request.build_absolute_uri("/"))


def _shown(record: log.SourceRecord, *, now: datetime) -> Source:
    tone, state = _state(record, now=now)
    return Source(
        id=record.key.id,
        name=record.key.name,
        hint=record.key.hint,
        tone=tone,
        state=state,
        last_at=record.last_at,
        last=ago(record.last_at, now=now) if record.last_at else "",
        event=record.last_event,
        lead=record.last_lead,
        lead_name=record.last_lead_name,
        events=figure(record.events),
        minute=figure(record.last_minute),
        hour=figure(record.last_hour),
        day=figure(record.last_day),
        lag=_lag(record.lag),
        refused=_refused(record),
        reasons=[Share(reason=code, count=figure(n), meaning=_meaning(code)) for code, n in record.refused.items()],
        demand=_demand(record),
        heeds=record.key.demand.signals,
    )


def _state(record: log.SourceRecord, *, now: datetime) -> tuple[str, str]:
    if record.last_at is None or record.last_at < record.key.created_at:  # the latter under an earlier key of this name
        return "", _("Waiting for the first event")
    if now - record.last_at > QUIET:
        return "warn", _("No event for a day")
    return "good", _("Receiving events")


def _lag(lag: timedelta | None) -> str:
    """How long the latest event was under way."""
    if lag is None:
        return ""
    if lag >= MINUTE:
        return length(lag)
    return _("%(seconds)s s") % {"seconds": figure(max(lag, timedelta()).total_seconds())}


def _refused(record: log.SourceRecord) -> str:
    """How many of the messages since yesterday, and as a share where they are enough to say one."""
    refused = sum(record.refused.values())
    of = refused + record.stored
    if not of:
        return ""
    counts = {"refused": figure(refused), "all": figure(of)}
    if of < ENOUGH:
        return ngettext("%(refused)s of %(all)s message", "%(refused)s of %(all)s messages", of) % counts
    counts["percent"] = figure(100 * refused / of)
    return (
        ngettext(
            "%(percent)s%% (%(refused)s of %(all)s message)", "%(percent)s%% (%(refused)s of %(all)s messages)", of
        )
        % counts
    )


def _meaning(code: str) -> str:
    return explained(Reason(code)) if code in {reason.value for reason in Reason} else ""


def _demand(record: log.SourceRecord) -> str:
    demand = record.key.demand
    purpose = {"purpose": ", ".join(demand.purposes)}
    if demand.given:
        return _("Events are kept with consent for %(purpose)s.") % purpose
    if demand.purposes:
        return _("Events are kept until consent for %(purpose)s is withdrawn.") % purpose
    return _("Events are kept until a person says no to everything.")
