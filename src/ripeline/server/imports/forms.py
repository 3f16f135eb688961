"""The form that says what the columns of an uploaded file are."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ripeline.batch.guessing import ONCE, Choice, Role, written
from ripeline.batch.mapping_text import MappingError, mapping
from ripeline.server.console.fields import LinkedErrors
from ripeline.server.imports.previews import Sample

ROLES = [
    ("", gettext_lazy("Left out")),
    ("email", gettext_lazy("Email address of the person")),
    ("lead", gettext_lazy("The person’s id in another system")),
    ("user_id", gettext_lazy("The person’s user id")),
    ("anonymous_id", gettext_lazy("The visitor’s anonymous id")),
    ("name", gettext_lazy("What happened")),
    ("occurred_at", gettext_lazy("When it happened")),
    ("received_at", gettext_lazy("When it was received")),
    ("id", gettext_lazy("The event’s own id")),
    ("fact", gettext_lazy("A fact about the person")),
    ("property", gettext_lazy("A detail of the event")),
]


class ColumnsForm(LinkedErrors, forms.Form):
    """One choice a column, and what no column says. A file in our own words needs none of it."""

    own = forms.BooleanField(
        label=gettext_lazy("The columns already have Ripeline’s names"),
        required=False,
        help_text=gettext_lazy("id, name, occurred_at and lead or user_id; every other column is a detail."),
    )
    always = forms.CharField(
        label=gettext_lazy("What happened, if no column says it"), required=False, max_length=255,
        help_text=gettext_lazy("The same in every row, such as “Fair visited”. Left empty, rows tell only facts."),
    )  # fmt: skip
    format = forms.CharField(
        label=gettext_lazy("How times are written"), required=False, max_length=40,
        help_text=gettext_lazy("Empty for 2026-03-01 09:30; %d.%m.%Y %H:%M for 01.03.2026 09:30."),
    )  # fmt: skip
    timezone = forms.CharField(
        label=gettext_lazy("Time zone of times that name none"), required=False, max_length=60,
        help_text=gettext_lazy("Such as Europe/Warsaw. Empty for UTC."),
    )  # fmt: skip
    source = forms.CharField(
        label=gettext_lazy("Where it comes from"), required=False, max_length=80,
        help_text=gettext_lazy("A short name, such as “crm”. An event counts once under its source and id."),
    )  # fmt: skip

    def __init__(self, sample: Sample, *args: Any, **kwargs: Any) -> None:
        self.sample = sample
        super().__init__(*args, **kwargs)
        for place, column in enumerate(sample.columns):
            self.fields[f"column-{place}"] = forms.ChoiceField(label=column, choices=ROLES, required=False)
            self.fields[f"column-{place}"].widget.attrs["class"] = "select"

    @property
    def columns(self) -> list[tuple[Any, str]]:
        """Each column's field, and an example of what stands in it."""
        return [(self[f"column-{place}"], self.sample.example(name)) for place, name in enumerate(self.sample.columns)]

    @property
    def others(self) -> list[Any]:
        return [self[name] for name in ("always", "format", "timezone", "source")]

    @property
    def choice(self) -> Choice:
        told = self.cleaned_data
        roles = {
            column: cast(Role, told[f"column-{place}"])
            for place, column in enumerate(self.sample.columns)
            if told[f"column-{place}"]
        }
        others = {name: told[name] for name in ("always", "format", "timezone", "source")}
        return Choice(own=told["own"], roles=roles, **others)

    @property
    def text(self) -> str:
        """The mapping as YAML; empty for a file in our own words."""
        return "" if self.choice.own else written(self.choice)

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if self.errors or told["own"]:
            return told
        for role in ONCE:
            named = [name for name, chosen in told.items() if name.startswith("column-") and chosen == role]
            for name in named[1:]:
                self.add_error(name, _("Another column says this already; only one can."))
        if not self.errors:
            self._check()
        return told

    def _check(self) -> None:
        try:
            mapping(self.text)
        except MappingError as error:
            for problem in error.problems:
                self.add_error(_field_of(problem.path), str(problem.hint or problem.message))


def _field_of(path: str) -> str | None:
    return next((name for name in ("format", "timezone") if path.endswith(name)), None)


def initial(sample: Sample, choice: Choice) -> dict[str, Any]:
    """A choice as the form shows it."""
    roles = {f"column-{place}": choice.roles.get(name, "") for place, name in enumerate(sample.columns)}
    told = {"own": choice.own, "always": choice.always, "format": choice.format, "timezone": choice.timezone}
    return {**roles, **told, "source": choice.source}
