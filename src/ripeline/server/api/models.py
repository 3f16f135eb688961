"""When each API token was last used."""

from django.db import models


class TokenUse(models.Model):
    """The last use of a token, to the minute. `key` is its id in the log: the two databases share no constraint."""

    key = models.BigIntegerField(unique=True)
    used_at = models.DateTimeField()
