"""What can be done to people, one function a use case. Changes that reach the log go through its commands."""

import secrets
from datetime import datetime


from ripeline.server.people.models import Team, User

# Without the letters and digits that are mistaken for one another when a password is read out.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_password() -> str:
    """A password to hand over once: four groups of four, 79 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def add(
    *, email: str, name: str, team: str = Team.SALES, administrator: bool = False, territory: str = "", password: str = "", at: datetime
) -> tuple[User, str]:
    """Add a person; the password is returned because it is stored only as a hash. Raises ValidationError."""
    password = password or new_password()
    user = User(
        email=email.strip().lower(), name=name.strip(), team=team, territory=territory, is_administrator=administrator, added_at=at
    )
    user.set_password(password)
    user.full_clean()
    user.save()
    return user, password


def reset_password(user: User) -> str:
    """Give `user` a new password, returned once, and sign them out everywhere."""
    password = new_password()
    user.set_password(password)
    user.save(update_fields=["password"])
    return password


def set_active(user: User, *, active: bool) -> None:
    """Let `user` in, or shut them out at once. Django refuses the session of an inactive person at their next request."""
    user.is_active = active
    user.save(update_fields=["is_active"])
