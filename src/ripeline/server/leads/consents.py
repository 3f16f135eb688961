"""What a lead agreed to, purpose by purpose, as lines of a card."""

from datetime import datetime

from django.utils.translation import gettext as _

from ripeline.events.consent import EVERYTHING
from ripeline.server.leads.profile import Line
from ripeline.server.log import queries
from ripeline.server.times import moment

LONGEST_WORDING = 280  # what the person was shown; the whole of it stays in the log


def consents(lead: int, *, as_of: datetime, now: datetime) -> list[Line]:
    """What held at `as_of`: since when, by which source, and what the person was shown."""
    return [_line(told, now=now) for told in queries.consents(lead, as_of=as_of)]


def _line(told: queries.ConsentRecord, *, now: datetime) -> Line:
    stated = {"when": moment(told.at, now=now), "source": told.source}
    if told.stated:
        details = [_("%(when)s, told by %(source)s") % stated]
    else:
        details = [_("%(when)s, told by %(source)s beside what they did") % stated]
    if told.wording:
        cut = told.wording[:LONGEST_WORDING] + ("…" if len(told.wording) > LONGEST_WORDING else "")
        details.append(_("“%(wording)s”") % {"wording": cut})
    if told.given:
        words = _("%(purpose)s: consent given") % {"purpose": told.purpose}
        return Line(icon="shield-check", words=words, tone="good", details=details)
    if told.purpose == EVERYTHING:
        return Line(icon="shield-x", words=_("No to everything they did not agree to later"), details=details)
    return Line(icon="shield-x", words=_("%(purpose)s: no consent") % {"purpose": told.purpose}, details=details)
