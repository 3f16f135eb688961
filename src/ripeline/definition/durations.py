"""Lengths of time as people write them: `30 days`, `4 hours`."""

import re
from datetime import timedelta

from ripeline.criteria.condition import Complaint
from ripeline.translation import counted, translated

LONGEST = timedelta(days=36_500)

_UNITS = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
_WRITTEN = re.compile(r"([-+]?[0-9]+(?:\.[0-9]+)?)\s*([^\W\d]+(?:\s+[^\W\d]+)?)")
_SHORT = {"s": "second", "sec": "second", "min": "minute", "m": "minute", "h": "hour", "d": "day", "w": "week"}
_CALENDAR = {"month": 30, "year": 365}


def duration(text: str) -> timedelta | Complaint:
    """The length of time `text` says, or what is wrong with it. N days are N × 24 hours.

    >>> duration("30 days"), duration("1.5 hours")
    (datetime.timedelta(days=30), datetime.timedelta(seconds=5400))
    >>> duration("4 working hours").message
    'working hours are not offered yet'
    """
    written = _WRITTEN.fullmatch(text.strip())
    if written is None:
        return _not_a_time(text)
    amount, unit = written[1], " ".join(written[2].lower().split())
    if unit.startswith(("working ", "business ")):
        message, hint = translated("working hours are not offered yet"), f"`{amount} {unit.split()[1]}`"
        return Complaint(message=message, code="working-hours", found=text, hint=hint)
    known = unit.removesuffix("s")
    if known in _CALENDAR:
        hint = f"`{float(amount) * _CALENDAR[known]:g} days`"
        return Complaint(
            message=translated("a month or a year has no fixed length"), code="not-a-time", found=text, hint=hint
        )
    if known not in _UNITS:
        return _not_a_time(text, hint=f"`{amount} {_SHORT[unit]}s`" if unit in _SHORT else "`30 days`")
    return _within_reason(float(amount) * (_UNITS[known] / timedelta(seconds=1)), text)


def _within_reason(seconds: float, text: str) -> timedelta | Complaint:
    if seconds < 0:
        return Complaint(message=translated("a time is not negative"), code="not-positive", found=text)
    if seconds > LONGEST.total_seconds():
        return Complaint(message=translated("a time is at most 100 years"), code="absurd-number", found=text)
    return timedelta(seconds=seconds)


def _not_a_time(text: str, *, hint: str = "`30 days`") -> Complaint:
    is_number = text.strip().replace(".", "", 1).isdigit()
    return Complaint(
        message=translated("a time is a number and a unit: seconds, minutes, hours, days or weeks"),
        code="not-a-time",
        found=text,
        hint=f"`{text.strip()} days`" if is_number else hint,
    )


def in_words(span: timedelta) -> str:
    """A length of time in its largest whole unit.

    >>> in_words(timedelta(days=30)), in_words(timedelta(hours=4)), in_words(timedelta(minutes=90))
    ('30 days', '4 hours', '90 minutes')
    """
    seconds = span.total_seconds()
    if seconds % 86_400 == 0 and seconds:
        return counted("{count} day", "{count} days", int(seconds // 86_400))
    if seconds % 3_600 == 0 and seconds:
        return counted("{count} hour", "{count} hours", int(seconds // 3_600))
    if seconds % 60 == 0 and seconds:
        return counted("{count} minute", "{count} minutes", int(seconds // 60))
    return translated("{count} seconds", count=f"{seconds:g}")
