"""Time zones by the names people write."""

from difflib import get_close_matches
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from ripeline.translation import translated


def is_zone(name: str) -> bool:
    """Whether `name` is a time zone, as in `Europe/Warsaw`."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def did_you_mean_zone(name: str) -> str:
    """A hint for a misspelt time zone.

    >>> did_you_mean_zone("Warsaw"), did_you_mean_zone("Europe/Warsow")
    ('did you mean `Europe/Warsaw`?', 'did you mean `Europe/Warsaw`?')
    """
    known = sorted(available_timezones())
    wanted = name.lower().replace(" ", "_")
    same = [zone for zone in known if zone.lower() == wanted or zone.lower().endswith("/" + wanted)]
    found = same or get_close_matches(name, known, n=1)
    return translated("did you mean `{word}`?", word=found[0]) if found else "`Europe/Warsaw`"
