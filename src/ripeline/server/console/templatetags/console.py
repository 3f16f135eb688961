"""Tags every template knows without loading them: icons, figures, times, initials."""

from datetime import datetime
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from lucide import _render_icon as drawn

from ripeline.server import figures, times
from ripeline.server.console import words

register = template.Library()

# Handed over, won, given up; everything before is plain.
_TONES = {
    "mql": "acc",
    "sal": "acc",
    "sql": "acc",
    "opportunity": "acc",
    "customer": "good",
    "disqualified": "plain",
    "lost": "plain",
}


@lru_cache(maxsize=512)
def _icon(name: str, size: int) -> SafeString:
    # Drawing one parses XML out of a zip (0.3 ms); a page has thirty.
    svg = drawn(name, size, aria_hidden="true", focusable="false", **{"class": "icon"})
    return mark_safe(svg)  # noqa: S308 - from the icon library, no user text in it


@register.simple_tag
def icon(name: str, size: int = 18) -> SafeString:
    """A Lucide icon as inline SVG, hidden from screen readers: `{% icon "inbox" %}`. Unknown names raise."""
    return _icon(str(name), int(size))


@register.filter
def initials(name: str) -> str:
    """First letters of the first and last word of a name.

    >>> initials("Ingrid Maria Sandström"), initials("madonna"), initials("")
    ('IS', 'M', '?')
    """
    parts = [part for part in name.split() if part[:1].isalnum()]
    return "".join(part[0] for part in (parts if len(parts) < 2 else (parts[0], parts[-1]))).upper() or "?"


@register.filter
def breakable(text: str) -> SafeString:
    """Text in which an e-mail address may break after its @ before it breaks anywhere else."""
    return mark_safe(str(escape(text)).replace("@", "@<wbr>"))  # noqa: S308 - escaped here


register.filter("points", figures.figure)
register.filter("signed", figures.signed)
register.filter("dated", times.dated)
register.filter("full", times.full)


@register.filter
def moment(at: datetime) -> str:
    """An instant in a narrow column, seen from now: "Today 09:52", "Yesterday 16:40", "19 Oct"."""
    return times.moment(at, now=timezone.now())


@register.simple_tag
def stage(key: str) -> SafeString:
    """A stage as a chip, its abbreviation spelt out in the tooltip: `{% stage lead.stage %}`."""
    return _chip(key, get_language())


@lru_cache(maxsize=128)
def _chip(key: str, _language: str | None) -> SafeString:
    tone = _TONES.get(key, "")
    return format_html(
        '<span class="chip {}" title="{}">{}</span>', tone, words.stage_title(key), words.stage_name(key)
    )
