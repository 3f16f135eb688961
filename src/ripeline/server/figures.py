"""Numbers as they are shown: the reader's decimal sign, a real minus."""

import math

from django.utils.formats import number_format


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


def plural(value: float) -> int | None:
    """The number that chooses a noun's form beside `figure(value)`; None beside a fraction, which has its own.

    >>> plural(1.0), plural(-5), plural(2.5)
    (1, 5, None)
    """
    tenths = round(abs(float(value)), 1)
    return int(tenths) if tenths.is_integer() else None
