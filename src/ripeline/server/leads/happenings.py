"""Events in words: what happened, where, in which campaign, and the icon that stands for it."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ripeline.events.event import Event
from ripeline.events.names import folded
from ripeline.events.reading import reader, value

# The first word found in an event's folded name chooses the icon; more particular ones stand before wider ones.
_ICONS = (
    ("unsubscri", "mail-x"), ("newsletter", "newspaper"), ("email", "mail"), ("mail", "mail"), ("webinar", "video"),
    ("video", "play"), ("fair", "handshake"), ("conversation", "message-circle"), ("demo", "monitor-play"),
    ("download", "file-down"), ("calculat", "calculator"), ("trial", "flask-conical"), ("signup", "user-plus"),
    ("cart", "shopping-cart"), ("product", "shopping-cart"), ("order", "shopping-bag"), ("checkout", "shopping-bag"),
    ("chat", "messages-square"), ("call", "phone"), ("meeting", "calendar-check"), ("booked", "calendar-check"),
    ("form", "clipboard-check"), ("price", "tag"), ("search", "search"), ("screen", "smartphone"),
    ("session", "log-in"), ("ad", "megaphone"), ("page", "mouse-pointer-click"),
)  # fmt: skip
_FIELD_ICONS = (
    ("email", "mail"), ("phone", "phone"), ("title", "briefcase"), ("role", "briefcase"), ("seniority", "briefcase"),
    ("employee", "users"), ("industry", "factory"), ("company", "building-2"), ("country", "map-pin"),
    ("city", "map-pin"), ("language", "languages"),
)  # fmt: skip
# What an event is about, by the folded names its senders use, the most telling first.
_SUBJECTS = (
    "webinar", "video", "content", "guide", "fair", "emailsubject", "subject", "formname", "form", "campaignname",
    "productname", "product", "plan", "topic", "title", "name", "label", "query", "linkurl",
)  # fmt: skip


def icon(event: Event) -> str:
    """The name of an icon for the event."""
    if event.kind in ("identify", "group", "alias"):
        return {"identify": "user-check", "group": "building-2", "alias": "link"}[event.kind]
    return icon_of_name(event.name)


def icon_of_name(name: str) -> str:
    """The icon for events of this name."""
    spelled = folded(name)
    return next((drawn for word, drawn in _ICONS if word in spelled), "activity")


def icon_of_field(field: str) -> str:
    """The icon for a fact of this name."""
    spelled = folded(field)
    return next((drawn for word, drawn in _FIELD_ICONS if word in spelled), "user-round")


def humanized(name: str) -> str:
    """A name made for machines as words in sentence case; abbreviations stay.

    >>> humanized("Demo Requested"), humanized("demo_requested"), humanized("ROI calculated"), humanized("priceAsked")
    ('Demo requested', 'Demo requested', 'ROI calculated', 'Price asked')
    """
    words = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", name).replace("_", " ").replace("-", " ").replace(".", " ").split()
    lowered = [word if len(word) > 1 and word.isupper() else word.lower() for word in words]
    text = " ".join(lowered)
    return text[:1].upper() + text[1:]


def title(event: Event) -> str:
    """What happened, as a line of the timeline."""
    if event.kind == "page":
        return _("Viewed %(page)s") % {"page": _page(event)}
    if event.kind == "identify":
        return _("Told who they are")
    if event.kind == "group":
        return _("Joined a company")
    if event.kind == "alias":
        return _("Was recognised under another id")
    return humanized(event.name)


def details(event: Event) -> str:
    """What it was about, where it happened and which campaign brought them, as far as known."""
    parts = [subject(event), _stated(event), _place(event), campaign(event)]
    return " · ".join(dict.fromkeys(filter(None, parts)))


def subject(event: Event) -> str:
    """What the event was about ("Forecasting without spreadsheets"), or nothing."""
    if event.kind != "track":
        return ""
    told = {folded(name): said for name, said in event.properties.items() if isinstance(said, str | int | float)}
    found = next((str(told[name]) for name in _SUBJECTS if told.get(name) not in (None, "", True, False)), "")
    share = told.get("share", told.get("watched"))
    if isinstance(share, float) and 0 < share <= 1:
        watched = _("%(percent)s%% of it") % {"percent": round(100 * share)}
        return f"{found}, {watched}" if found else watched
    return found


def campaign(event: Event) -> str:
    """Where they came from ("from linkedin, Q4 operations"): the campaign, else the site that referred them."""
    source, name = value(event, "utm_source"), value(event, "utm_campaign")
    if source and name:
        return _("from %(source)s, %(campaign)s") % {"source": source, "campaign": name}
    if source or name:
        return _("from %(source)s") % {"source": source or name}
    referrer = _host(value(event, "referrer"))
    if referrer and referrer != value(event, "host"):
        return _("from %(source)s") % {"source": referrer}
    return ""


def times(events: list[Event]) -> str:
    """How often: "4 visits" of pages, "3 times" of anything else."""
    count = len(events)
    if all(event.kind == "page" for event in events):
        return ngettext("%(count)s visit", "%(count)s visits", count) % {"count": count}
    return ngettext("once", "%(count)s times", count) % {"count": count}


def _page(event: Event) -> str:
    told = value(event, "title") or event.properties.get("name") or value(event, "path") or value(event, "url")
    if told == "/":
        return _("the home page")
    return str(told) if told else _("a page")


def _place(event: Event) -> str:
    path = value(event, "path")
    return str(path) if path and path != "/" and not (event.kind == "page" and path == _page(event)) else ""


def _stated(event: Event) -> str:
    names = list(dict.fromkeys(humanized(name) for name in event.facts))
    if not names:
        return ""
    shown = ", ".join(names[:5])
    more = len(names) - 5
    if more <= 0:
        return shown
    return ngettext("%(fields)s and %(count)s more", "%(fields)s and %(count)s more", more) % {
        "fields": shown,
        "count": more,
    }


def _host(url: object) -> str:
    try:
        host = urlsplit(url).hostname if isinstance(url, str) else None
    except ValueError:
        return ""
    return (host or "").removeprefix("www.")


def first_touch(events: Iterable[Event]) -> str:
    """Where the lead's first event with a known origin came from, without "from"."""
    for event in filter(_may_tell_origin, events):
        source, name = _SOURCE(event), _CAMPAIGN(event)
        if source or name:
            return ", ".join(str(part) for part in (source, name) if part)
        referrer = _host(_REFERRER(event))
        if referrer and referrer != value(event, "host"):
            return referrer
    return ""


_SOURCE, _CAMPAIGN, _REFERRER = reader("utm_source"), reader("utm_campaign"), reader("referrer")
_ORIGINS = (b"utm", b"campaign", b"referrer")


def _may_tell_origin(event: Event) -> bool:
    """Whether it is worth reading: a lead who came ten thousand times mostly came straight."""
    told = event.body.lower()
    return not told or any(word in told for word in _ORIGINS)
