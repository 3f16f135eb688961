"""What other rooms may ask about the API."""

from datetime import datetime

from ripeline.server.api.models import TokenUse


def token_uses() -> dict[int, datetime]:
    """When each token was last used, by the id of its key."""
    return dict(TokenUse.objects.values_list("key", "used_at"))
