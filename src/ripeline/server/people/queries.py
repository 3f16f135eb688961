"""What other rooms may ask about people."""

import msgspec

from ripeline.server.people.models import Team, User


class Person(msgspec.Struct, frozen=True):
    """Somebody of the house. `key` is the lower-case e-mail address: the log names people by it, for ever."""

    key: str
    name: str
    team: str
    is_active: bool
    is_administrator: bool


def _person(user: User) -> Person:
    return Person(user.email.lower(), user.name, user.team, user.is_active, user.is_administrator)


def people() -> list[Person]:
    """Everybody, by name."""
    return [_person(user) for user in User.objects.order_by("name", "pk")]


def sellers() -> list[Person]:
    """Those a lead can be handed to: the active people of sales, in the order in which they were added."""
    return [_person(user) for user in User.objects.filter(team=Team.SALES, is_active=True).order_by("pk")]


def names() -> dict[str, str]:
    """The name of each person by key, to show who owns a lead or made a decision."""
    return {email.lower(): name for email, name in User.objects.values_list("email", "name")}
