"""What the log keeps beside leads: refused messages and published definitions."""

from django.http import HttpRequest

from ripeline.events.reason import Reason
from ripeline.server.api import asked
from ripeline.server.api.answers import DefinitionLine, Items, RefusedLine, Signature
from ripeline.server.api.errors import ApiError
from ripeline.server.log import queries

SHOWN = ("open", "replayed", "discarded")


def refused(request: HttpRequest) -> Items[RefusedLine]:
    """Refused messages, newest first."""
    limit = asked.limit(request)
    reason = asked.one_of(request, "reason", tuple(known.value for known in Reason))
    before = asked.number(request, "before", 0) or None
    settled_as = asked.one_of(request, "show", SHOWN)
    wish = queries.RefusedWish(
        source=asked.text(request, "source"), reason=reason, settled_as="" if settled_as == "open" else settled_as
    )
    found = queries.refused(wish=wish, before=before, limit=limit + 1)
    page = found[:limit]
    return Items(
        list(map(refused_line, page)), asked.next_url(request, before=page[-1].id) if len(found) > limit else None
    )


def refused_line(one: queries.RefusedEvent) -> RefusedLine:
    """One as the API tells it."""
    told = {name: getattr(one, name) for name in RefusedLine.__struct_fields__ if name != "body"}
    return RefusedLine(**told, body=one.body.decode("utf-8", errors="replace"))


def definitions(request: HttpRequest) -> Items[DefinitionLine]:
    """Every published version, newest first; there are few, so on one page."""
    in_force = queries.current_version()
    return Items([_line(version, in_force) for version in queries.versions()], None)


def definition(request: HttpRequest, number: int) -> DefinitionLine:
    """One published version."""
    version = queries.version(number) if number < 2**31 else None
    if version is None:
        raise ApiError(404, "unknown-version", f"There is no version {number}.")
    return _line(version, queries.current_version())


def _line(version: queries.Version, in_force: queries.Version | None) -> DefinitionLine:
    return DefinitionLine(
        version=version.number,
        key=version.key,
        title=version.title,
        fingerprint=version.fingerprint,
        signatures=[Signature(team=one.team, name=one.name) for one in version.signatures],
        mode=version.mode,
        published_at=version.published_at,
        in_force=in_force is not None and in_force.number == version.number,
        text=version.text,
    )
