"""Instants and durations as people say them: countdowns, how long ago, which day."""

from datetime import date, datetime, timedelta
from typing import Literal

import msgspec
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_WARNING = 0.25  # of the time allowed: what is left when a countdown turns amber


class Countdown(msgspec.Struct, frozen=True):
    """What is left of a clock in words, and whether it is calm, a warning or overdue."""

    words: str
    tone: Literal["calm", "warn", "late"]
    due_at: datetime


def length(span: timedelta) -> str:
    """A duration in its largest one or two units: "18 min", "2 h 10", "3 d"."""
    minutes = max(0, int(span / MINUTE))
    if minutes < 1:
        return _("under 1 min")
    if minutes < 60:
        return _("%(minutes)s min") % {"minutes": minutes}
    if minutes < 24 * 60:
        return _("%(hours)s h %(minutes)s") % {"hours": minutes // 60, "minutes": f"{minutes % 60:02}"}
    return _("%(days)s d") % {"days": minutes // (24 * 60)}


def countdown(due_at: datetime, *, started_at: datetime, now: datetime) -> Countdown:
    """How long until `due_at`, or how late it is; a warning in the last quarter of the time allowed."""
    left = due_at - now
    if left <= timedelta(0):
        return Countdown(_("%(length)s late") % {"length": length(-left)}, "late", due_at)
    # Rounded up, so that a clock of two hours starts at "2 h 00" and not at "1 h 59".
    shown = length(left + MINUTE - timedelta(microseconds=1)) if left > MINUTE else length(left)
    return Countdown(shown, "warn" if left <= (due_at - started_at) * _WARNING else "calm", due_at)


def ago(at: datetime, *, now: datetime) -> str:
    """How long ago within 24 hours, after that the date: "2 hours ago", "19 Oct"."""
    age = now - at
    if age < MINUTE:
        return _("just now")
    if age < HOUR:
        minutes = int(age / MINUTE)
        return ngettext("%(count)s minute ago", "%(count)s minutes ago", minutes) % {"count": minutes}
    if age < DAY:
        hours = int(age / HOUR)
        return ngettext("%(count)s hour ago", "%(count)s hours ago", hours) % {"count": hours}
    return day(localtime(at).date(), today=localtime(now).date())


def days_ago(at: datetime, *, now: datetime) -> str:
    """As `ago`, and in days up to three months: evidence reads "18 days ago"."""
    days = (localtime(now).date() - localtime(at).date()).days
    if now - at < DAY or days >= 90:
        return ago(at, now=now)
    return _("yesterday") if days == 1 else ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": days}


def day(on: date, *, today: date) -> str:
    """A date without its year if it is this one: "19 Oct", "3 Mar 2025"."""
    # Translators: Django date format of a day within the current year and of one outside it.
    short, long = pgettext("date format", "j M"), pgettext("date format", "j M Y")
    return date_format(on, short if on.year == today.year else long)


def heading(on: date, *, today: date) -> str:
    """The name of a day above its events: "Today", "Yesterday", "Monday 3 November"."""
    if on == today:
        return _("Today")
    if on == today - DAY:
        return _("Yesterday")
    # Translators: Django date format of a day's heading, within the current year and outside it.
    short, long = pgettext("date format", "l j F"), pgettext("date format", "l j F Y")
    return date_format(on, short if on.year == today.year else long)


def clock(at: datetime) -> str:
    """The time of day: "09:52"."""
    return date_format(localtime(at), "H:i")


def moment(at: datetime, *, now: datetime) -> str:
    """Day and time in a narrow column: "Today 09:52", "Yesterday 16:40", "19 Oct"."""
    local, today = localtime(at), localtime(now).date()
    if today - DAY <= local.date() <= today:
        return _("%(day)s %(time)s") % {"day": heading(local.date(), today=today), "time": clock(at)}
    return day(local.date(), today=today)


def dated(at: datetime) -> str:
    """A day always with its year, for what stays: "3 Mar 2025"."""
    return date_format(localtime(at), pgettext("date format", "j M Y"))


def full(at: datetime) -> str:
    """Everything, for a tooltip: "19 October 2026, 09:52 CEST"."""
    local = localtime(at)
    return _("%(date)s, %(time)s %(zone)s") % {
        "date": date_format(local, pgettext("date format", "j F Y")),
        "time": clock(at),
        "zone": local.tzname(),
    }


def local_day(at: datetime) -> date:
    """The reader's day of an instant."""
    return localtime(at).date()
