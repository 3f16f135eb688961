"""What other rooms may ask about people."""

from ripeline.server.people.models import User


def names() -> dict[str, str]:
    """The name of each person by key, to show who owns a lead or made a decision.

    The key is the lower-case e-mail address: the log names people by it, for ever.
    """
    return {email.lower(): name for email, name in User.objects.values_list("email", "name")}
