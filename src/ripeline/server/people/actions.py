"""What can be done to people, one function a use case. Changes that reach the log go through its commands."""

import secrets
from contextlib import AbstractContextManager
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ripeline.server import workspace
from ripeline.server.log.commands import KeepRep
from ripeline.server.people.models import Team, User

# Without the letters and digits that are mistaken for one another when a password is read out.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_password() -> str:
    """A password to hand over once: four groups of four, 79 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def add(
    *,
    email: str,
    name: str,
    team: str = Team.SALES,
    administrator: bool = False,
    territory: str = "",
    password: str = "",
    at: datetime,
) -> tuple[User, str]:
    """Add a person; the password is returned because it is stored only as a hash. Raises ValidationError."""
    password = password or new_password()
    user = User(
        email=email.strip().lower(),
        name=name.strip(),
        team=team,
        territory=territory,
        is_administrator=administrator,
        added_at=at,
    )
    user.set_password(password)
    user.full_clean()
    user.save()
    tell_log(user)
    return user, password


class MustStay(Exception):
    """Refused: somebody has to be administrator."""


DESCRIBED = ("name", "team", "territory", "is_administrator")


def change(user: User) -> None:
    """Store `user` as an administrator described them, and tell the log whether leads may be given to them.

    Nothing else of them is written: they may be deactivated, or choose their colours, at the same time.
    """
    with _one_by_one():
        _let_go(user.pk, administrator=user.is_administrator)
        user.save(update_fields=DESCRIBED)
        tell_log(User.objects.get(pk=user.pk))


def reset_password(user: User) -> str:
    """Give `user` a new password, returned once, and sign them out everywhere."""
    password = new_password()
    set_password(user, password)
    return password


def set_password(user: User, password: str) -> None:
    """Every session of the old password ends with it."""
    user.set_password(password)
    user.save(update_fields=["password"])


def set_active(user: User, *, active: bool) -> None:
    """Let `user` in, or shut them out at once: the session of an inactive person is refused at its next request."""
    with _one_by_one():
        _let_go(user.pk, active=active)
        user.is_active = active
        user.save(update_fields=["is_active"])
        tell_log(User.objects.get(pk=user.pk))


def _one_by_one() -> AbstractContextManager[None]:
    """Two administrators may change each other at once: the second is checked after the first is stored."""
    return transaction.atomic()  # of the console's database, which it takes for writing before it reads


def _let_go(pk: int, **change: bool) -> None:
    """Raises MustStay if this would leave nobody to administer."""
    if reason := reason_to_stay(User.objects.get(pk=pk), **change):
        raise MustStay(reason)


def reason_to_stay(user: User, *, administrator: bool = True, active: bool = True) -> str:
    """Why `user` must remain an active administrator: somebody has to be one. Empty if they need not."""
    if (administrator and active) or not user.is_administrator:
        return ""
    others = User.objects.filter(is_administrator=True, is_active=True).exclude(pk=user.pk)
    return "" if others.exists() else _("Somebody must be administrator, and nobody else is. Make another one first.")


def tell_log(user: User) -> None:
    """The log gives new leads in turn to those it was told of."""
    takes_leads = user.is_active and user.team == Team.SALES
    rep = KeepRep(key=user.email, name=user.name, email=user.email, takes_leads=takes_leads)
    workspace.current().submit(rep).result()
