"""What a source demands, as it is typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ripeline.events.demand import MOST_PURPOSES, Demand
from ripeline.events.names import LONGEST_NAME, folded
from ripeline.server.console.fields import LinkedErrors


class DemandForm(LinkedErrors, forms.Form):
    """The rule of a source; the names of its purpose are separated by commas."""

    purposes = forms.CharField(
        label=gettext_lazy("Purpose"),
        required=False,
        help_text=gettext_lazy(
            "What its events are for, as your consent banner and forms call it; several names of it with commas: "
            "“Analytics, C0002”. Events of somebody who withdraws consent for it are refused from then on."
        ),
    )
    given = forms.BooleanField(label=gettext_lazy("Only with consent"), required=False)
    signals = forms.BooleanField(label=gettext_lazy("Heed Do Not Track and Global Privacy Control"), required=False)

    @classmethod
    def of(cls, demand: Demand) -> "DemandForm":
        """The form as it stands for a rule."""
        told = {"purposes": ", ".join(demand.purposes), "given": demand.given, "signals": demand.signals}
        return cls(initial=told)

    def clean_purposes(self) -> tuple[str, ...]:
        names = [name.strip() for name in self.cleaned_data["purposes"].split(",")]
        named = tuple({folded(name): name for name in names if folded(name)}.values())
        if len(named) > MOST_PURPOSES or any(len(name) > LONGEST_NAME for name in named):
            limits = {"count": MOST_PURPOSES, "length": LONGEST_NAME}
            raise forms.ValidationError(_("At most %(count)s names, each of at most %(length)s characters.") % limits)
        return named

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("given") and not told.get("purposes") and "purposes" not in self.errors:
            self.add_error("purposes", _("Name the purpose for which consent is demanded."))
        return told

    def demand(self) -> Demand:
        """The rule of a valid form."""
        told = self.cleaned_data
        return Demand(purposes=told["purposes"], given=told["given"], signals=told["signals"])
