"""Numbers as they are shown: the reader's decimal sign, a real minus, never rounded across a gate."""

import math

from django.utils.formats import number_format


def shown_total(total: float, *, gate: float | None) -> float:
    """`total` to one decimal; what is below the gate stays below it, what has reached it does not fall under it.

    >>> shown_total(64.97, gate=65), shown_total(65.0000001, gate=65), shown_total(12.34, gate=65)
    (64.9, 65.0, 12.3)
    """
    nearest = round(total, 1)
    if gate is None or (nearest >= gate) == (round(total, 6) >= gate):
        return nearest
    return (math.floor(total * 10) if nearest >= gate else math.ceil(total * 10)) / 10


def whole(total: float, *, gate: float | None) -> str:
    """A total without decimals, for a ring: below the gate it does not read as the gate."""
    nearest = round(total)
    if gate is not None and nearest >= gate > round(total, 6):
        nearest = math.ceil(gate) - 1
    return figure(nearest)


def figure(value: float) -> str:
    """A number to one decimal in the reader's way: 15.0 is "15", -8 is "−8", 2.55 is "2.5" or "2,5"."""
    tenths = round(float(value), 1) + 0.0  # never a minus zero
    text = number_format(abs(tenths), decimal_pos=0 if tenths.is_integer() else 1, use_l10n=True, force_grouping=True)
    return f"−{text}" if tenths < 0 else text


def signed(value: float) -> str:
    """A gain or a loss: "+15", "−8", "0"."""
    text = figure(value)
    return f"+{text}" if round(float(value), 1) > 0 else text
