"""Form fields as the console draws them: our classes, and errors a screen reader finds beside the field."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField

_CLASSES: dict[type[forms.Widget], str] = {
    forms.Select: "select",
    forms.Textarea: "textarea",
    forms.TextInput: "input",
    forms.EmailInput: "input",
    forms.PasswordInput: "input",
}


class LinkedErrors(forms.BaseForm):
    """A form whose fields carry the console's classes; `console/_field.html` draws one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if style := _CLASSES.get(type(field.widget)):
                field.widget.attrs.setdefault("class", style)

    @property
    def problems(self) -> list[tuple[BoundField | None, str]]:
        """Every error with its field (None: of the form as a whole), for the summary on top."""
        found = [(name, text) for name, texts in self.errors.items() for text in texts]
        return [(self[name] if name in self.fields else None, str(text)) for name, text in found]
