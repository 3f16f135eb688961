"""What other rooms may ask about people."""

from ripeline.server.people.models import User


def everybody() -> list[tuple[str, str, str, str, bool, bool]]:
    """Everybody who signs in or did: e-mail, name, team, territory, whether an administrator, whether active."""
    told = ("email", "name", "team", "territory", "is_administrator", "is_active")
    return list(User.objects.order_by("pk").values_list(*told))


def names() -> dict[str, str]:
    """The name of each person by key, to show who owns a lead or made a decision.

    The key is the lower-case e-mail address: the log names people by it, for ever.
    """
    return {email.lower(): name for email, name in User.objects.values_list("email", "name")}
