"""The words of our domain as people read them."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

_STAGES = {
    "visitor": _("Visitor"),
    "lead": _("Lead"),
    "mql": _("MQL"),
    "sal": _("SAL"),
    "sql": _("SQL"),
    "opportunity": _("Opportunity"),
    "customer": _("Customer"),
    "lost": pgettext_lazy("stage", "Lost"),
    "recycled": pgettext_lazy("stage", "Recycled"),
    "disqualified": pgettext_lazy("stage", "Disqualified"),
}
_LONG = {
    "mql": _("Marketing qualified lead"),
    "sal": _("Sales accepted lead"),
    "sql": _("Sales qualified lead"),
}


def stage_name(stage: str) -> str:
    """A stage as a word: "MQL", "Recycled"."""
    return str(_STAGES.get(stage, stage))


def stage_title(stage: str) -> str:
    """What an abbreviated stage stands for, for a tooltip; empty where the name says it."""
    return str(_LONG.get(stage, ""))
