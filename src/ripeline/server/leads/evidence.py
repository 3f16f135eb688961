"""A rule as a short sentence, and the evidence for it: "4 visits, latest 2 hours ago · 1 more beyond the limit"."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ripeline.criteria.words import fact_name
from ripeline.definition.model import Criterion
from ripeline.events.event import Event
from ripeline.events.names import folded
from ripeline.server.leads import happenings
from ripeline.server.leads.profile import words
from ripeline.server.times import days_ago


def rule_words(criterion: Criterion) -> str:
    """What the rule looks for, without its points: "Job title contains head", "Viewed a page whose path is /a"."""
    if criterion.on is None:
        known = criterion.when.sentence(fact_name) if criterion.when is not None else ""
        return known[:1].upper() + known[1:]
    condition = criterion.when.sentence() if criterion.when is not None else ""
    if folded(criterion.on) == folded("Page Viewed"):
        if not condition:
            return _("Viewed a page")
        return _("Viewed a page whose %(condition)s") % {"condition": condition}
    event = happenings.humanized(criterion.on)
    if not condition:
        return event
    return _("%(event)s whose %(condition)s") % {"event": event, "condition": condition}


def rule_icon(criterion: Criterion) -> str:
    """The icon of what the rule looks for."""
    if criterion.on is not None:
        return happenings.icon_of_name(criterion.on)
    fields = criterion.when.fields() if criterion.when is not None else ()
    return happenings.icon_of_field(fields[0]) if fields else "user-round"


def of_facts(criterion: Criterion, known: Mapping[str, Any]) -> str:
    """The facts that the rule reads, as far as they are known."""
    fields = criterion.when.fields() if criterion.when is not None else ()
    return ", ".join(filter(None, (words(known.get(folded(field))) for field in fields)))


def of_events(counted: Sequence[Event], beyond: int, *, now: datetime) -> str:
    """How often and when last, what it was about, and how many more the rule's limit left out.

    `counted` are in time order and not empty.
    """
    latest = counted[-1]
    when = days_ago(latest.occurred_at, now=now)
    if len(counted) == 1:
        parts = [happenings.subject(latest), when]
    else:
        parts = [_("%(times)s, latest %(when)s") % {"times": happenings.times(list(counted)), "when": when}]
    if beyond:
        parts.append(
            ngettext("%(count)s more beyond the limit", "%(count)s more beyond the limit", beyond) % {"count": beyond}
        )
    return " · ".join(filter(None, parts))
