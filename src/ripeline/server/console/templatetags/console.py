"""Tags every template knows without loading them: icons, figures, times, initials."""

from functools import lru_cache

from django import template
from django.utils.safestring import SafeString, mark_safe
from lucide import _render_icon as drawn

register = template.Library()


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
    """First letters of the first and last word of a name: "Ingrid Maria Sandström" gives IS; nothing gives "?"."""
    words = [word for word in name.split() if word[:1].isalnum()]
    return "".join(word[0] for word in (words if len(words) < 2 else (words[0], words[-1]))).upper() or "?"


@register.filter
def signed(points: float) -> str:
    """Points with their sign, a real minus and no needless decimals: 15 gives "+15", -8 gives "−8", 2.5 gives "+2.5"."""
    figure = f"{abs(points):.1f}".removesuffix(".0")
    return figure if figure == "0" else f"{'+' if points > 0 else '−'}{figure}"
