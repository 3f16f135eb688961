"""Limits as people write them: `once`, `5 ever`, `3 per day`."""

import re
from typing import Literal, cast

from ripeline.criteria.condition import Complaint
from ripeline.criteria.limit import Limit
from ripeline.translation import translated

MOST = 1_000_000

Bucket = Literal["day", "week", "month", "ever"]
_WRITTEN = re.compile(r"(once|[0-9]+)\s+(?:(?:per|a)\s+(day|week|month)|(ever))")
FORMS = "`once`, `5 ever`, `3 per day`, `3 per week`, `3 per month`"


def limit(text: str) -> Limit | Complaint:
    """The limit that `text` says, or what is wrong with it.

    >>> limit("3 per day"), limit("once")
    (Limit(count=3, per='day'), Limit(count=1, per='ever'))
    >>> print(limit("3 per hour").hint)
    one of: `once`, `5 ever`, `3 per day`, `3 per week`, `3 per month`
    """
    plain = " ".join(text.lower().split())
    if plain == "once":
        return Limit(1, "ever")
    written = _WRITTEN.fullmatch(plain)
    if written is None:
        message, hint = translated("unknown limit"), translated("one of: {words}", words=FORMS)
        return Complaint(message=message, code="unknown-limit", found=text, hint=hint)
    count = 1 if written[1] == "once" else int(written[1][:12])
    if count == 0:
        message = translated("a limit of none counts nothing")
        return Complaint(message=message, code="not-positive", found=text, hint=translated("leave the criterion out"))
    if count > MOST:
        message = translated("a limit is at most {most}", most=f"{MOST:,}")
        return Complaint(message=message, code="absurd-number", found=text)
    return Limit(count, cast(Bucket, written[2] or written[3]))
