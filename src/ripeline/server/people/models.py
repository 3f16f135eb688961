"""A person who signs in, and the failed attempts to sign in as one."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Team(models.TextChoices):
    """The side of the agreement a person stands on. Leads are handed to people of `sales`."""

    MARKETING = "marketing", _("Marketing")
    SALES = "sales", _("Sales")
    OPERATIONS = "operations", _("Operations")


class Theme(models.TextChoices):
    """The colours a person reads: those of their system, or always the light or the dark ones."""

    SYSTEM = "system", pgettext_lazy("colour theme", "System")
    LIGHT = "light", pgettext_lazy("colour theme", "Light")
    DARK = "dark", pgettext_lazy("colour theme", "Dark")


class Users(BaseUserManager["User"]):
    """Finds a person by their e-mail address, however its letters are written."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=(username or "").strip())


class User(AbstractBaseUser):
    """A person of marketing, sales or operations. Deactivated, never deleted: their names stand in the log."""

    email = models.EmailField(
        _("email"), unique=True, error_messages={"unique": _("Somebody with this email is here already.")}
    )
    name = models.CharField(_("name"), max_length=120)
    team = models.CharField(_("team"), max_length=20, choices=Team, default=Team.SALES)
    territory = models.CharField(_("territory"), max_length=60, blank=True)
    is_administrator = models.BooleanField(_("administrator"), default=False)
    is_active = models.BooleanField(default=True)
    added_at = models.DateTimeField()

    theme = models.CharField(max_length=10, choices=Theme, default=Theme.SYSTEM)
    single_keys = models.BooleanField(default=True)
    language = models.CharField(max_length=10, blank=True)  # empty: what the browser asks for

    objects = Users()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_an_email")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def work(self) -> str:
        """The team, and the territory where there is one: "Sales · Nordics"."""
        return " · ".join(part for part in (self.get_team_display(), self.territory) if part)


class FailedSignIn(models.Model):
    """One refused attempt, kept for the length of the limit's window only."""

    email = models.CharField(max_length=254)
    address = models.GenericIPAddressField()
    at = models.DateTimeField(db_index=True)
