"""How often one may try to sign in: a guess of passwords must not pay, and nobody can lock somebody else out.

Failures are counted for an address with an e-mail, and for an address alone; both over the last quarter of an hour.
A try counts as one from before its password is hashed: tries at once would else all be made before one is counted.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from ripeline.server.people.models import FailedSignIn

WINDOW = timedelta(minutes=15)
PER_PERSON = 5
PER_ADDRESS = 30


def begin(email: str, address: str, *, now: datetime) -> datetime | None:
    """Count a try as failed before it is made; or, where `address` is barred from it, until when."""
    with transaction.atomic():  # takes the database before it reads, so that no two tries take the same place
        until = barred_until(email, address, now=now)
        if until is None:
            record_failure(email, address, now=now)
    return until


def barred_until(email: str, address: str, *, now: datetime) -> datetime | None:
    """When `address` may try to sign in as `email` again; None if it may now."""
    recent = FailedSignIn.objects.filter(address=address, at__gt=now - WINDOW).order_by("-at")
    ends = [_full_until(recent.filter(email=_key(email)), PER_PERSON), _full_until(recent, PER_ADDRESS)]
    return max((end for end in ends if end), default=None)


def _full_until(failures: QuerySet[FailedSignIn], allowed: int) -> datetime | None:
    """When the oldest of the latest `allowed` failures leaves the window; None while there are fewer."""
    latest = list(failures.values_list("at", flat=True)[:allowed])
    return latest[-1] + WINDOW if len(latest) == allowed else None


def record_failure(email: str, address: str, *, now: datetime) -> None:
    """Count a failure, and forget those that no longer do."""
    FailedSignIn.objects.filter(at__lte=now - WINDOW).delete()
    FailedSignIn.objects.create(email=_key(email), address=address, at=now)


def forget(email: str, address: str) -> None:
    """A success: the person's own failures from this address are forgotten."""
    FailedSignIn.objects.filter(email=_key(email), address=address).delete()


def _key(email: str) -> str:
    return email.strip().lower()[:254]
