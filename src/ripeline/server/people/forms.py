"""What people type on the sign-in and settings pages. Widgets carry the console's classes and name their errors."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ripeline.server.console.fields import LinkedErrors
from ripeline.server.people.models import Team, Theme, User

if TYPE_CHECKING:
    UserForm = forms.ModelForm[User]
else:
    UserForm = forms.ModelForm  # it takes no type argument when it runs


class SignInForm(LinkedErrors, forms.Form):
    """E-mail and password; whether they are right is the view's question."""

    email = forms.EmailField(
        label=gettext_lazy("Email"), widget=forms.EmailInput({"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=gettext_lazy("Password"), strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )


class PersonForm(LinkedErrors, UserForm):
    """A person as an administrator describes them. The e-mail stays: the log names people by it."""

    class Meta:
        model = User
        fields = ("name", "email", "team", "territory", "is_administrator")
        labels = {
            "name": gettext_lazy("Name"),
            "email": gettext_lazy("Email"),
            "team": gettext_lazy("Team"),
            "territory": gettext_lazy("Territory"),
            "is_administrator": gettext_lazy("Administrator"),
        }
        help_texts = {
            "email": gettext_lazy("They sign in with it. It cannot be changed later: the log names people by it."),
            "team": gettext_lazy("New MQLs are handed to people of sales, in turn."),
            "is_administrator": gettext_lazy("May add people and make keys."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = Team.choices  # type: ignore[attr-defined]  # a ChoiceField: without the empty choice
        if self.instance.pk:
            self.fields["email"].disabled = True

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Somebody with this email is here already."))
        return email


class PreferencesForm(LinkedErrors, UserForm):
    """How the console looks and listens, for one person."""

    theme = forms.ChoiceField(label=gettext_lazy("Colours"), choices=Theme.choices, widget=forms.RadioSelect)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    single_keys = forms.BooleanField(label=gettext_lazy("Single-letter keys"), required=False)

    class Meta:
        model = User
        fields = ("theme", "language", "single_keys")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages = [("", _("As the browser asks")), *settings.LANGUAGES]
        self.fields["language"].choices = languages  # type: ignore[attr-defined]  # a ChoiceField, seen as a Field


class PasswordForm(LinkedErrors, forms.Form):
    """One's own new password, under the old one."""

    old_password = forms.CharField(
        label=gettext_lazy("Present password"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    new_password = forms.CharField(
        label=gettext_lazy("New password"), strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_old_password(self) -> str:
        old: str = self.cleaned_data["old_password"]
        if not self.user.check_password(old):
            raise forms.ValidationError(_("This is not your present password."))
        return old

    def clean_new_password(self) -> str:
        new: str = self.cleaned_data["new_password"]
        password_validation.validate_password(new, self.user)
        return new


class KeyForm(LinkedErrors, forms.Form):
    """A new key: what it opens, and the name by which it is known."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What it opens"),
        choices=[("write", gettext_lazy("Write key")), ("api", gettext_lazy("API token"))],
        widget=forms.RadioSelect,
        initial="write",
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy(
            "Where it is used, such as “website” or “warehouse”. A write key's name is the source of its events."
        ),
    )
