"""Keys and reps."""

from ripeline.events.instants import instant
from ripeline.server.log import models
from ripeline.server.log.commands import KeyKind
from ripeline.server.log.records import Key, Rep
from ripeline.server.log.store.agreement import demand_of


def keys(*, kind: KeyKind | None = None) -> list[Key]:
    """Every key, revoked ones too, newest first."""
    found = models.Key.objects.order_by("-id")
    came = dict(models.Seen.objects.values_list("source", "last_at"))
    used = {name: came[id] for id, name in models.Source.objects.values_list("id", "name") if id in came}
    return [
        Key(
            id=key.id,
            kind="write" if key.kind == "write" else "api",
            name=key.name,
            hint=key.hint,
            created_at=instant(key.created_at),
            revoked_at=None if key.revoked_at is None else instant(key.revoked_at),
            used_at=instant(used[key.name]) if key.kind == "write" and key.name in used else None,
            demand=demand_of(key.purposes, given=key.given, signals=key.signals),
        )
        for key in (found.filter(kind=kind) if kind else found)
    ]


def reps() -> list[Rep]:
    """Everybody leads are or were given to, by name."""
    return [
        Rep(key=rep.key, name=rep.name, email=rep.email, takes_leads=rep.takes_leads)
        for rep in models.Rep.objects.order_by("name", "key")
    ]


def rep_names() -> dict[str, str]:
    """Names by key."""
    return dict(models.Rep.objects.values_list("key", "name"))
